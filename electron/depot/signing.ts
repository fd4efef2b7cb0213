import { AppError } from '../../shared/errors.ts'
import { type CanonicalValue, canonicalBytes } from '../host/crypto/canonical-json.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { keyidOf, keyObject, type RoleConfig } from './config.ts'
import type { KeyStore, SigningKey } from './key-store.ts'

/** The signed part of a metadata file, before it is signed. */
export type Signed = Readonly<Record<string, CanonicalValue>>

/** `keys` and `roles` as metadata names them. */
export function roleKeys(config: RoleConfig) {
  return { keyids: config.keys.map(keyidOf), threshold: config.threshold }
}

export function keyRing(configs: readonly RoleConfig[]) {
  return Object.fromEntries(configs.flatMap(({ keys }) => keys).map((key) => [keyidOf(key), keyObject(key)]))
}

/**
 * A metadata file, signed by every key of the roles that is here (TUF 4.2.1). Throws `depot.missing-keys` when
 * these are fewer than a role's threshold.
 */
export async function signMetadata(
  name: string,
  signed: Signed,
  roles: readonly RoleConfig[],
  store: KeyStore,
): Promise<Uint8Array> {
  const signers = new Map<string, SigningKey>()
  for (const { keys, threshold } of roles) {
    const here: SigningKey[] = []
    for (const key of keys) {
      const signer = await store.open(key)
      if (signer) here.push(signer)
    }
    if (here.length < threshold) {
      throw new AppError('depot.missing-keys', { detail: { role: name, found: here.length, needed: threshold } })
    }
    for (const signer of here) signers.set(signer.keyid, signer)
  }
  const payload = canonicalBytes(signed)
  const signatures = [...signers.values()].map((signer) => ({ keyid: signer.keyid, sig: signer.sign(payload) }))
  return Buffer.from(JSON.stringify({ signatures, signed }))
}

/** What snapshot and timestamp say of a file: length and hash as well, against an endless or exchanged one. */
export function fileFacts(version: number, bytes: Uint8Array) {
  return { version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } }
}
