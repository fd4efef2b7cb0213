import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { randomBytes } from './random.ts'

const NONCE_LENGTH = 24
const TAG_LENGTH = 16

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce in front: 24 bytes are enough
 * for any number of random nonces under one key. `context` is authenticated and not stored: bytes
 * sealed for one purpose do not open for another.
 */
export function sealBox(key: Uint8Array, plain: Uint8Array, context: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_LENGTH)
  return Buffer.concat([nonce, xchacha20poly1305(key, nonce, context).encrypt(plain)])
}

/** Null when the key, the context or the bytes are not those that it was sealed with. */
export function openBox(key: Uint8Array, box: Uint8Array, context: Uint8Array): Uint8Array | null {
  if (box.length < NONCE_LENGTH + TAG_LENGTH) return null
  try {
    return xchacha20poly1305(key, box.subarray(0, NONCE_LENGTH), context).decrypt(box.subarray(NONCE_LENGTH))
  } catch {
    return null
  }
}
