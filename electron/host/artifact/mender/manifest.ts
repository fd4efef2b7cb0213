import type { SignerKey } from '../../../../shared/model/profile.ts'
import { verifyP256 } from '../../crypto/p256.ts'
import { verifyRsaPkcs1 } from '../../crypto/rsa.ts'
import { unreadable } from '../source.ts'

/** SHA-256 in hex by the name of what it is of. */
export type Manifest = ReadonlyMap<string, string>

const MAX_LINES = 4096

/** `HASH  NAME` lines, as `sha256sum` writes them. Throws `artifact.unreadable`. */
export function parseManifest(text: string): Manifest {
  const manifest = new Map<string, string>()
  const lines = text.split('\n').filter((line) => line !== '')
  if (lines.length > MAX_LINES) throw unreadable('manifest')
  for (const [index, line] of lines.entries()) {
    const [, hash, name] = /^([0-9a-f]{64}) {2}(\S[^\0]*)$/.exec(line) ?? []
    if (!hash || !name || manifest.has(name)) throw unreadable('manifest', { line: index + 1 })
    manifest.set(name, hash)
  }
  return manifest
}

/** One line of base64. Null when it is none. */
export function parseSignature(text: string): Uint8Array | null {
  const line = text.trim()
  return /^[A-Za-z0-9+/]+={0,2}$/.test(line) ? new Uint8Array(Buffer.from(line, 'base64')) : null
}

export interface ManifestVerdict {
  readonly signature: 'good' | 'bad' | 'unknown-signer'
  readonly signer: string | null
}

const P256_RAW = 64

/**
 * Mender signs the manifest's bytes: ECDSA P-256 as r and s of 32 bytes each (in DER where the key is in a hardware
 * module), or RSA PKCS#1 v1.5. A signature does not say whose it is: one that no key fits is by an unknown signer,
 * and bad when the only key of its kind says no.
 */
export function verifyManifest(
  manifest: Uint8Array,
  signature: Uint8Array,
  signers: readonly SignerKey[],
): ManifestVerdict {
  const raw = signature.length === P256_RAW
  const curve = raw || (signature.length < 80 && signature[0] === 0x30)
  const candidates = signers.filter(({ algorithm }) => algorithm === (curve ? 'ecdsa-p256' : 'rsa-pkcs1'))
  const good = candidates.find(({ pem }) =>
    curve
      ? verifyP256(pemBody(pem), manifest, signature, raw ? 'p1363' : 'der')
      : verifyRsaPkcs1(pem, manifest, signature),
  )
  if (good) return { signature: 'good', signer: good.id }
  return { signature: candidates.length === 0 ? 'unknown-signer' : 'bad', signer: null }
}

function pemBody(pem: string): Uint8Array {
  const body = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(pem)?.[1] ?? ''
  return new Uint8Array(Buffer.from(body, 'base64'))
}
