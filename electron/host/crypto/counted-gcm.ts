import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto'

export type GcmAlgorithm = 'aes-128-gcm' | 'aes-256-gcm'

/** Of an IV, and of the counter at its end (RFC 5647, 7.1), bytes. */
const IV = 12
const COUNTER = 8

/** AES-GCM for one message after the other: each has the next IV, and none is ever used twice. */
export interface CountedGcm {
  /** `open` is encrypted, `aad` only proved. */
  seal(open: Uint8Array, aad: Uint8Array): { readonly sealed: Buffer; readonly tag: Buffer }
}

/** `iv`: of the first message. It is copied. Null when its length or the key's is wrong. */
export function countedGcm(algorithm: GcmAlgorithm, bytes: Uint8Array, iv: Uint8Array): CountedGcm | null {
  if (iv.length !== IV || bytes.length !== (algorithm === 'aes-128-gcm' ? 16 : 32)) return null
  const key = keyObject(bytes)
  const next = Buffer.from(iv)
  return {
    seal(open, aad) {
      const cipher = createCipheriv(algorithm, key, next)
      countOn(next)
      cipher.setAAD(aad)
      const sealed = cipher.update(open)
      // A stream: nothing is left at the end.
      cipher.final()
      return { sealed, tag: cipher.getAuthTag() }
    },
  }
}

/** Made once for a key that is used often: with bytes, Node makes one anew each time, which takes longer than a short message. */
export function keyObject(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes)
}

/** High byte first. */
function countOn(iv: Buffer): void {
  for (let at = IV - 1; at >= IV - COUNTER; at -= 1) {
    const next = ((iv[at] ?? 0) + 1) & 0xff
    iv[at] = next
    if (next !== 0) return
  }
}
