import { AppError } from '../../../shared/errors.ts'
import { type PublicKey, publicKey } from '../crypto/public-key.ts'
import type { Envelope } from './envelope.ts'
import type { Fields } from './fields.ts'

/** Keys by key id. Null where the key is of a kind that we do not use: it verifies nothing. */
export type KeyRing = ReadonlyMap<string, PublicKey | null>

/** Who may sign, and how many of them must. */
export interface RoleKeys {
  readonly keyids: readonly string[]
  readonly threshold: number
}

/** TUF 4.2: an object of keys. Key ids are names here; nothing is derived from how they were made. */
export function readKeyRing(keys: Fields): KeyRing {
  return keys.map((key) => publicKey(key.text('keytype'), key.text('scheme'), key.object('keyval').text('public')))
}

export function readRoleKeys(role: Fields): RoleKeys {
  return { keyids: role.distinctTexts('keyids'), threshold: role.int('threshold', 1) }
}

/**
 * Requires that a threshold of different keys signed (TUF 5.3.4 and its like). Keys count once, however
 * many ids or spellings they have. Signatures by strangers, and wrong ones beside enough right ones, are
 * ignored. Throws `trust.threshold`.
 */
export function requireThreshold(
  envelope: Pick<Envelope, 'payload' | 'signatures'>,
  role: string,
  roleKeys: RoleKeys,
  ring: KeyRing,
): void {
  const signers = new Set<string>()
  for (const keyid of roleKeys.keyids) {
    const signature = envelope.signatures.get(keyid)
    const key = ring.get(keyid)
    if (!key || signature === undefined || signers.has(key.identity)) continue
    if (key.verify(envelope.payload, signature)) signers.add(key.identity)
    if (signers.size >= roleKeys.threshold) return
  }
  throw new AppError('trust.threshold', {
    detail: { role: role.slice(0, 100), found: signers.size, needed: roleKeys.threshold },
  })
}

/** How many different usable keys a role has. */
export function usableKeys(roleKeys: RoleKeys, ring: KeyRing): number {
  return new Set(roleKeys.keyids.map((keyid) => ring.get(keyid)?.identity).filter((id) => id !== undefined)).size
}
