import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import { ErrorDataSchema } from '../../../../shared/model/error-data.ts'
import { sha256Hex } from '../../crypto/hash.ts'
import { writePrivateFile } from '../../store/private-files.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { listedRoles } from '../../trust/search.ts'
import { TrustedSet } from '../../trust/trusted-set.ts'
import type { MetadataCache } from '../repository-client.ts'

const Bytes = z.base64()
const Cache = z.object({
  roots: z.array(Bytes).min(1),
  timestamp: Bytes.nullable(),
  snapshot: Bytes.nullable(),
  roles: z.array(z.tuple([z.string(), Bytes])),
})
const File = z.object({
  good: Cache.extend({ checkedAt: z.number() }).nullable(),
  seen: Cache,
  trouble: ErrorDataSchema.nullable(),
})

/** What is kept of somebody else's repository, each time in one piece. */
export interface SourceState {
  /** The last state that was whole, and when. */
  readonly good: { readonly cache: MetadataCache; readonly checkedAt: number } | null
  /** The newest that was ever accepted: a guard against rollback. */
  readonly seen: MetadataCache
  /** How the last refresh failed. */
  readonly trouble: z.infer<typeof ErrorDataSchema> | null
}

/** Throws `trust.cache-corrupt`, also where it is gone: a source is never added without it. */
export function readState(path: string): SourceState {
  try {
    const { good, seen, trouble } = File.parse(JSON.parse(readFileSync(path, 'utf8')))
    return { good: good && { cache: decoded(good), checkedAt: good.checkedAt }, seen: decoded(seen), trouble }
  } catch (cause) {
    throw new AppError('trust.cache-corrupt', { detail: { reason: 'unreadable', about: 'source' }, cause })
  }
}

export function writeState(path: string, { good, seen, trouble }: SourceState): void {
  const file: z.infer<typeof File> = {
    good: good && { ...encoded(good.cache), checkedAt: good.checkedAt },
    seen: encoded(seen),
    trouble,
  }
  writePrivateFile(path, JSON.stringify(file))
}

export function copyOf(cache: MetadataCache): MetadataCache {
  return { ...cache, roots: [...cache.roots], roles: new Map(cache.roles) }
}

/**
 * The whole workflow once more on what is stored, from the root that a person has compared: the disk is hostile input.
 * Throws `trust.cache-corrupt`.
 */
export function replay(
  { cache, checkedAt }: NonNullable<SourceState['good']>,
  fingerprint: string,
  limits: TrustLimits,
) {
  try {
    const [pinned, ...later] = cache.roots
    const { timestamp, snapshot } = cache
    if (!pinned || sha256Hex(pinned) !== fingerprint) throw new AppError('trust.fingerprint-mismatch')
    if (!timestamp || !snapshot) throw new AppError('trust.none')
    const set = new TrustedSet(pinned, { now: checkedAt, limits })
    for (const root of later) set.updateRoot(root)
    set.updateTimestamp(timestamp)
    set.updateSnapshot(snapshot, 'named')
    set.requireFinalSnapshot()
    const walk = listedRoles(limits)
    for (let next = walk.next(); !next.done; ) {
      next = walk.next(set.updateTargets(heldRole(cache, next.value.role), next.value))
    }
    return set
  } catch (cause) {
    if (!isAppError(cause)) throw cause
    throw new AppError('trust.cache-corrupt', { detail: { reason: cause.code, about: 'source' }, cause })
  }
}

/** Throws `trust.cache-corrupt`. */
export function heldRole({ roles }: MetadataCache, role: string): Uint8Array {
  const bytes = roles.get(role)
  if (bytes) return bytes
  throw new AppError('trust.cache-corrupt', { detail: { reason: 'missing', about: role.slice(0, 100) } })
}

function encoded({ roots, timestamp, snapshot, roles }: MetadataCache): z.infer<typeof Cache> {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  return {
    roots: roots.map(text),
    timestamp: timestamp && text(timestamp),
    snapshot: snapshot && text(snapshot),
    roles: [...roles].map(([role, bytes]) => [role, text(bytes)]),
  }
}

function decoded({ roots, timestamp, snapshot, roles }: z.infer<typeof Cache>): MetadataCache {
  const bytes = (text: string) => Buffer.from(text, 'base64')
  return {
    roots: roots.map(bytes),
    timestamp: timestamp === null ? null : bytes(timestamp),
    snapshot: snapshot === null ? null : bytes(snapshot),
    roles: new Map(roles.map(([role, text]) => [role, bytes(text)])),
  }
}
