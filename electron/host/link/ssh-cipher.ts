import type { Client } from 'ssh2'
import { type CountedGcm, countedGcm, keyObject } from '../crypto/counted-gcm.ts'
import { fillRandom } from '../crypto/random.ts'

/** Of SSH's binary packet (RFC 4253, 6): its length, the length of its padding; least padding, bytes. */
const LENGTH = 4
const HEAD = LENGTH + 1
const LEAST_PADDING = 4
const BLOCK = 16
/** The largest packet that anybody has to take is 35,000 bytes (RFC 4253, 6.1). */
const USUAL = 36 * 1024

/** What `ssh2` asks of whatever encrypts. */
interface Outbound {
  outSeqno: number
  allocPacket(payload: number): Buffer
  encrypt(packet: Buffer): void
  free(): void
}

/** What is looked at inside of `ssh2` 1.17. */
interface Inside {
  readonly _protocol?: { readonly _cipher?: unknown; readonly _decipher?: { readonly _decipherKey?: unknown } }
}

interface InsideGcm extends Outbound {
  readonly _encSSLName: string
  readonly _encKey: Uint8Array
  readonly _encIV: Uint8Array
  readonly _onWrite: (bytes: Buffer) => void
}

/**
 * Puts our AES-GCM in the place of that of `ssh2`, at each change of keys. Its own asks for memory three times for each
 * packet and makes a key of the same bytes for each, which is a quarter of what an upload costs. Nothing of the protocol is
 * different: same key, same counter, same bytes on the wire, and the far side checks each of them.
 *
 * It looks inside of a package whose version is fixed; where that looks different, its own cipher stays.
 */
export function quickenCipher(client: Client): void {
  client.on('handshake', () => {
    const { _protocol: protocol } = client as unknown as Inside
    const { _cipher: cipher, _decipher: decipher } = protocol ?? {}
    const { _decipherKey: key } = decipher ?? {}
    if (decipher && Buffer.isBuffer(key)) Object.assign(decipher, { _decipherKey: keyObject(key) })
    const quick = takeOver(cipher)
    if (protocol && quick) Object.assign(protocol, { _cipher: quick })
  })
}

/** Null: it is none, and goes on as it is. One counter under one key: whoever had them before us uses them no more. */
function takeOver(cipher: unknown): Outbound | null {
  const inside = (cipher ?? {}) as Partial<InsideGcm>
  const { _encSSLName: algorithm, _encKey: key, _encIV: iv, _onWrite: write, outSeqno: number } = inside
  if (algorithm !== 'aes-128-gcm' && algorithm !== 'aes-256-gcm') return null
  if (!Buffer.isBuffer(key) || !Buffer.isBuffer(iv) || typeof write !== 'function' || typeof number !== 'number')
    return null
  const gcm = countedGcm(algorithm, key, iv)
  if (gcm) inside.free?.()
  return gcm && outbound(gcm, number, write)
}

function outbound(gcm: CountedGcm, number: number, write: InsideGcm['_onWrite']): Outbound {
  let isFreed = false
  /** Every packet is written here, and copied as it is encrypted: there is never more than one. */
  let desk = Buffer.allocUnsafeSlow(USUAL)
  return {
    outSeqno: number,
    allocPacket(payload) {
      const least = BLOCK - ((HEAD - LENGTH + payload) % BLOCK)
      const padding = least < LEAST_PADDING ? least + BLOCK : least
      const size = HEAD + payload + padding
      if (size > desk.length) desk = Buffer.allocUnsafeSlow(size)
      const packet = desk.subarray(0, size)
      packet.writeUInt32BE(size - LENGTH, 0)
      packet[LENGTH] = padding
      fillRandom(packet.subarray(HEAD + payload))
      return packet
    },
    encrypt(packet) {
      if (isFreed) return
      // The length is not encrypted, but it counts (RFC 5647, 7.3).
      const length = Buffer.copyBytesFrom(packet, 0, LENGTH)
      const { sealed, tag } = gcm.seal(packet.subarray(LENGTH), length)
      write(length)
      write(sealed)
      write(tag)
      this.outSeqno = (this.outSeqno + 1) >>> 0
    },
    free() {
      isFreed = true
    },
  }
}
