import { AppError } from '../../shared/errors.ts'
import { type CanonicalValue, canonicalBytes } from '../host/crypto/canonical-json.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { keyidOf, keyObject, type RoleConfig } from './config.ts'
import type { KeyStore } from './key-store.ts'

/** The signed part of a metadata file, before it is signed. */
export type Signed = Readonly<Record<string, CanonicalValue>>

/** `keys` and `roles` as metadata names them. */
export function roleKeys(config: RoleConfig) {
  return { keyids: config.keys.map(keyidOf), threshold: config.threshold }
}

export function keyRing(configs: readonly RoleConfig[]) {
  return Object.fromEntries(configs.flatMap(({ keys }) => keys).map((key) => [keyidOf(key), keyObject(key)]))
}

/** A file that is about to be signed. */
export interface SigningJob {
  readonly name: string
  readonly signed: Signed
  /** Groups of keys, each with its own threshold. */
  readonly roles: readonly RoleConfig[]
  /** The published file that it takes the place of. */
  readonly before: Uint8Array | null
  /** Signatures that were made elsewhere, by public key; valid ones. */
  readonly brought: ReadonlyMap<string, string>
}

/** Takes a file whose signatures do not suffice, and what there is. Where nobody does, that is an error. */
export type OnShort = (job: SigningJob, signatures: ReadonlyMap<string, string>) => void

/**
 * A metadata file, signed by every key of the roles that is here, and by those that signed elsewhere (TUF 4.2.1).
 * Throws `depot.missing-keys` when these are fewer than a role's threshold and nobody takes the file as it is.
 */
export async function signMetadata(job: SigningJob, store: KeyStore, onShort: OnShort | null): Promise<Uint8Array> {
  const { name, signed, roles, brought } = job
  const payload = canonicalBytes(signed)
  const signatures = new Map<string, string>()
  for (const key of new Set(roles.flatMap(({ keys }) => keys))) {
    const signature = brought.get(key) ?? (await store.open(key))?.sign(payload)
    if (signature !== undefined) signatures.set(key, signature)
  }
  for (const { keys, threshold } of roles) {
    const found = keys.filter((key) => signatures.has(key)).length
    if (found >= threshold) continue
    if (!onShort) throw new AppError('depot.missing-keys', { detail: { role: name, found, needed: threshold } })
    onShort(job, signatures)
    break
  }
  const list = [...signatures].map(([key, sig]) => ({ keyid: keyidOf(key), sig }))
  return Buffer.from(JSON.stringify({ signatures: list, signed }))
}

/** What snapshot and timestamp say of a file: length and hash as well, against an endless or exchanged one. */
export function fileFacts(version: number, bytes: Uint8Array) {
  return { version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } }
}
