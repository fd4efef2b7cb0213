import * as node from 'node:crypto'
import { ed25519Verifier } from './ed25519.ts'
import { sha256Hex } from './hash.ts'
import { p256Point, verifyP256 } from './p256.ts'
import { rsaSpki, verifyRsaPkcs1, verifyRsaPss } from './rsa.ts'

/** A public key as signed metadata writes it, made ready to verify. */
export interface PublicKey {
  /**
   * Names the key itself and not its spelling: one key under two ids or two encodings has one identity,
   * so that it cannot count twice toward a threshold (TAP 12).
   */
  readonly identity: string
  /** `signature`: hex. False, never a throw, on anything malformed. */
  verify(message: Uint8Array, signature: string): boolean
}

const HEX = /^(?:[0-9a-f]{2})+$/i

/**
 * Reads a TUF key (TUF 4.2): `ed25519` in hex or PEM, `ecdsa` over nistp256 and `rsa` in PEM, with SHA-256.
 * Null for a type, scheme or value that we do not use: such a key verifies nothing, and its owner's
 * metadata may still be good by its other keys.
 */
export function publicKey(keytype: string, scheme: string, value: string): PublicKey | null {
  if (keytype === 'ed25519' && scheme === 'ed25519') return ed25519(value)
  const ecdsa = keytype === 'ecdsa' || keytype === 'ecdsa-sha2-nistp256'
  if (ecdsa && scheme === 'ecdsa-sha2-nistp256') return p256(value)
  if (keytype === 'rsa' && scheme === 'rsassa-pss-sha256') return rsa(value, verifyRsaPss)
  if (keytype === 'rsa' && scheme === 'rsa-pkcs1v15-sha256') return rsa(value, verifyRsaPkcs1)
  return null
}

function ed25519(value: string): PublicKey | null {
  const raw = HEX.test(value) ? Buffer.from(value, 'hex') : spki(value, 'ed25519')?.subarray(-32)
  const verify = raw && ed25519Verifier(raw)
  if (!raw || !verify) return null
  return { identity: identity('ed25519', raw), verify: (message, signature) => verify(message, bytes(signature)) }
}

function p256(value: string): PublicKey | null {
  const der = HEX.test(value) ? Buffer.from(value, 'hex') : spki(value, 'ec')
  const point = der && p256Point(der)
  if (!point) return null
  return {
    identity: identity('p256', point),
    verify: (message, signature) => verifyP256(point, message, bytes(signature), 'der'),
  }
}

function rsa(value: string, verify: typeof verifyRsaPss): PublicKey | null {
  const der = rsaSpki(value)
  if (!der) return null
  return {
    identity: identity('rsa', der),
    verify: (message, signature) => verify(value, message, bytes(signature)),
  }
}

/** SubjectPublicKeyInfo in DER, where the PEM holds a key of that type. */
function spki(pem: string, type: 'ed25519' | 'ec'): Uint8Array | null {
  try {
    const key = node.createPublicKey(pem)
    return key.asymmetricKeyType === type ? key.export({ type: 'spki', format: 'der' }) : null
  } catch {
    return null
  }
}

function identity(type: string, key: Uint8Array): string {
  return `${type}:${sha256Hex(key)}`
}

/** Empty when the text is no hex: `Buffer.from` would stop at the first wrong digit and keep the rest. */
function bytes(hex: string): Uint8Array {
  return HEX.test(hex) ? Buffer.from(hex, 'hex') : new Uint8Array()
}
