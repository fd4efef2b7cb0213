import * as node from 'node:crypto'
import { p256 as noble } from '@noble/curves/nist.js'
import { chooseOnce } from './backend.ts'
import { sha256 } from './hash.ts'

/** `der`: SEQUENCE of two INTEGERs, as certificates and TUF have it. `p1363`: r and s, 32 bytes each. */
export type EcdsaFormat = 'der' | 'p1363'

/** One implementation of ECDSA over NIST P-256 with SHA-256. Points are uncompressed, 65 bytes. */
export interface P256Backend {
  verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array, format: EcdsaFormat): boolean
}

/** SubjectPublicKeyInfo before the uncompressed point (RFC 5480). */
const SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')

export const nodeP256: P256Backend = {
  verify(point, message, signature, format) {
    const key = node.createPublicKey({ key: Buffer.concat([SPKI, point]), format: 'der', type: 'spki' })
    return node.verify('sha256', message, { key, dsaEncoding: format === 'der' ? 'der' : 'ieee-p1363' }, signature)
  },
}

export const nobleP256: P256Backend = {
  verify: (point, message, signature, format) =>
    noble.verify(signature, message, point, { lowS: false, format: format === 'der' ? 'der' : 'compact' }),
}

export const p256Backend = chooseOnce({ node: nodeP256, noble: nobleP256, knows: knowsP256 })

/**
 * Whether `signature` is the key's over SHA-256 of `message`. `key`: an uncompressed point, 65 bytes, or
 * SubjectPublicKeyInfo of one in DER. False, never a throw, on malformed keys and signatures.
 */
export function verifyP256(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  format: EcdsaFormat,
  backend: P256Backend = p256Backend().use,
): boolean {
  const point = p256Point(key)
  if (!point || (format === 'p1363' && signature.length !== 64)) return false
  try {
    return backend.verify(point, message, signature, format)
  } catch {
    return false
  }
}

/** As {@link verifyP256}, for a message that was hashed while it streamed by. `digest`: its SHA-256. */
export function verifyP256Digest(
  key: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
  format: EcdsaFormat,
): boolean {
  const point = p256Point(key)
  if (!point || digest.length !== 32) return false
  try {
    const options = { prehash: false, lowS: false, format: format === 'der' ? 'der' : 'compact' } as const
    return noble.verify(signature, digest, point, options)
  } catch {
    return false
  }
}

/** The uncompressed point in a public key, or null. */
export function p256Point(key: Uint8Array): Uint8Array | null {
  if (key.length === 65) return key[0] === 4 ? key : null
  if (key.length !== SPKI.length + 65 || Buffer.compare(key.subarray(0, SPKI.length), SPKI) !== 0) return null
  return p256Point(key.subarray(SPKI.length))
}

/** RFC 6979 A.2.5, message "sample" with SHA-256. */
export function knowsP256(backend: P256Backend): boolean {
  const point = Buffer.from(
    '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    'hex',
  )
  const signature = Buffer.from(
    'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    'hex',
  )
  const sample = Buffer.from('sample')
  return (
    backend.verify(point, sample, signature, 'p1363') &&
    !backend.verify(point, sha256(sample), signature, 'p1363') &&
    !backend.verify(point, sample, Buffer.from(signature).fill(1, 40, 44), 'p1363')
  )
}
