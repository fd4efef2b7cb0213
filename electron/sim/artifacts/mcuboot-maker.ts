import { INFO_MAGIC, TLV } from '../../host/artifact/mcuboot/tlv.ts'
import { ed25519PublicKey, signEd25519 } from '../../host/crypto/ed25519.ts'
import { sha256 } from '../../host/crypto/hash.ts'

/** A signature and the key that made it, as the TLV area holds them. */
export interface MadeSignature {
  readonly type: number
  /** Whose SHA-256 goes before the signature. */
  readonly keyDer: Uint8Array
  readonly value: Uint8Array
}

export interface McubootOptions {
  /** `2.5.0` or `2.5.0+7`. */
  readonly version: string
  readonly body: Uint8Array
  readonly headerSize?: number
  readonly flags?: number
  /** TLVs that the hash covers, such as a security counter. */
  readonly protectedTlvs?: readonly { readonly type: number; readonly value: Uint8Array }[]
  /** Gets what is hashed and its SHA-256. */
  readonly sign?: (hashed: Uint8Array, digest: Uint8Array) => MadeSignature
}

/** Makes an image as `imgtool sign` does: header, body, protected TLVs, hash, signature. */
export function makeMcuboot(options: McubootOptions): Uint8Array {
  const protectedArea = area(INFO_MAGIC.protected, options.protectedTlvs ?? [])
  const guarded = options.protectedTlvs ? protectedArea : new Uint8Array()
  const hashed = Buffer.concat([header(options, guarded.length), options.body, guarded])
  const digest = sha256(hashed)
  const made = options.sign?.(hashed, digest)
  const signature = made
    ? [
        { type: TLV.keyHash, value: sha256(made.keyDer) },
        { type: made.type, value: made.value },
      ]
    : []
  return Buffer.concat([hashed, area(INFO_MAGIC.plain, [{ type: TLV.sha256, value: digest }, ...signature])])
}

/** Signs images with an Ed25519 key, over the digest as MCUboot checks it by default. */
export function ed25519ImageSigner(secretKey: Uint8Array): NonNullable<McubootOptions['sign']> {
  return (_, digest) => ({
    type: TLV.ed25519,
    keyDer: ed25519Spki(ed25519PublicKey(secretKey)),
    value: signEd25519(secretKey, digest),
  })
}

/** The public half for a profile's `signers`. */
export function ed25519Pem(publicKey: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(ed25519Spki(publicKey)).toString('base64')}\n-----END PUBLIC KEY-----\n`
}

/** SubjectPublicKeyInfo (RFC 8410): a fixed head of 12 bytes before the raw key. */
function ed25519Spki(publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
}

function header({ version, body, headerSize = 32, flags = 0 }: McubootOptions, protectedSize: number): Uint8Array {
  const [numbers = '', build = '0'] = version.split('+')
  const [major = 0, minor = 0, revision = 0] = numbers.split('.').map(Number)
  const bytes = Buffer.alloc(headerSize)
  bytes.writeUInt32LE(0x96f3b83d, 0)
  bytes.writeUInt16LE(headerSize, 8)
  bytes.writeUInt16LE(protectedSize, 10)
  bytes.writeUInt32LE(body.length, 12)
  bytes.writeUInt32LE(flags, 16)
  bytes.writeUInt8(major, 20)
  bytes.writeUInt8(minor, 21)
  bytes.writeUInt16LE(revision, 22)
  bytes.writeUInt32LE(Number(build), 24)
  return bytes
}

function area(magic: number, tlvs: readonly { readonly type: number; readonly value: Uint8Array }[]): Uint8Array {
  const entries = tlvs.map(({ type, value }) => {
    const head = Buffer.alloc(4)
    head.writeUInt16LE(type, 0)
    head.writeUInt16LE(value.length, 2)
    return Buffer.concat([head, value])
  })
  const info = Buffer.alloc(4)
  info.writeUInt16LE(magic, 0)
  info.writeUInt16LE(4 + entries.reduce((sum, entry) => sum + entry.length, 0), 2)
  return Buffer.concat([info, ...entries])
}
