import * as node from 'node:crypto'

/** RSA keys shorter than this prove nothing any more (NIST SP 800-131A). */
const MINIMUM_BITS = 2048

export interface StreamingVerifier {
  update(bytes: Uint8Array): void
  /** Ends it. False, never a throw, on a malformed signature. */
  verify(signature: Uint8Array): boolean
}

/**
 * RSASSA-PSS with SHA-256 and MGF1-SHA-256; any salt length, since signers differ in it and PSS is sound for
 * each. `pem`: SubjectPublicKeyInfo or PKCS#1. Null when it is no RSA key of at least 2048 bits.
 */
export function rsaPssVerifier(pem: string): StreamingVerifier | null {
  const key = rsaKey(pem)
  if (!key) return null
  const verifier = node.createVerify('sha256')
  return {
    update: (bytes) => void verifier.update(bytes),
    verify(signature) {
      try {
        const padding = node.constants.RSA_PKCS1_PSS_PADDING
        return verifier.verify({ key, padding, saltLength: node.constants.RSA_PSS_SALTLEN_AUTO }, signature)
      } catch {
        return false
      }
    },
  }
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256, for repositories whose publisher has such a key. False, never a throw, on
 * malformed keys and signatures.
 */
export function verifyRsaPkcs1(pem: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = rsaKey(pem)
  try {
    return key !== null && node.verify('sha256', message, { key, padding: node.constants.RSA_PKCS1_PADDING }, signature)
  } catch {
    return false
  }
}

/** One-shot {@link rsaPssVerifier}. */
export function verifyRsaPss(pem: string, message: Uint8Array, signature: Uint8Array): boolean {
  const verifier = rsaPssVerifier(pem)
  verifier?.update(message)
  return verifier?.verify(signature) ?? false
}

/** The key's SubjectPublicKeyInfo: one spelling for one key. Null when it is no RSA key that counts. */
export function rsaSpki(pem: string): Uint8Array | null {
  const spki = rsaKey(pem)?.export({ type: 'spki', format: 'der' })
  return spki ? new Uint8Array(spki) : null
}

function rsaKey(pem: string): node.KeyObject | null {
  try {
    const key = node.createPublicKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= MINIMUM_BITS ? key : null
  } catch {
    return null
  }
}
