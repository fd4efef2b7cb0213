import type { SignerKey } from '../../../shared/model/profile.ts'
import { parseCertificate } from '../crypto/certificates.ts'
import { p256Point } from '../crypto/p256.ts'
import { rsaSpki } from '../crypto/rsa.ts'

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410): 12 bytes and the key. */
const ED25519_HEAD = Buffer.from('302a300506032b6570032100', 'hex')
/** Bytes of a 3072-bit key's SubjectPublicKeyInfo are more than these, of a 2048-bit key's fewer. */
const RSA_3072_FROM = 400

/**
 * A key or certificate in PEM as every signer it can stand for: one RSA key may sign in several ways. Empty when it is
 * none that we use.
 */
export function signersOf(pem: string, id: string): SignerKey[] {
  const named = (...algorithms: SignerKey['algorithm'][]) => algorithms.map((algorithm) => ({ id, algorithm, pem }))
  if (/-----BEGIN (?:TRUSTED )?CERTIFICATE-----/.test(pem)) return parseCertificate(pem) ? named('cms') : []
  const rsa = rsaSpki(pem)
  if (rsa) return named(rsa.length < RSA_3072_FROM ? 'rsa-pss-2048' : 'rsa-pss-3072', 'rsa-pkcs1')
  const body = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(pem)?.[1] ?? ''
  const der = Buffer.from(body, 'base64')
  if (p256Point(der)) return named('ecdsa-p256')
  return der.length === 44 && der.subarray(0, 12).equals(ED25519_HEAD) ? named('ed25519') : []
}
