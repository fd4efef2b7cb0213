import { AppError } from '../../../shared/errors.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { DocumentMemo } from '../trust/document-memo.ts'
import type { Library, TargetInfo } from '../trust/library.ts'
import { documentPaths, type LibraryParts, librarySteps, planArtifacts } from '../trust/library-builder.ts'
import { type FoundTarget, targetInfo } from '../trust/lookup.ts'
import { type OpenOptions, openStored, type StoredState } from '../trust/stored-state.ts'
import type { Fetcher } from './fetcher.ts'
import type { HeldFault } from './held-files.ts'
import { type MetadataCache, RepositoryClient } from './repository-client.ts'
import { repositoryUrls } from './repository-urls.ts'
import { several } from './several.ts'
import type { Pin } from './trust-store.ts'
import { withPauses } from './with-pauses.ts'

/**
 * A clock may be this far behind the server's signed time of issue, ms. A wrong time zone is; and as the
 * timestamp's own life is about as long, more exactness would prove no more (TRUST-AND-SYNC A3).
 */
export const MAX_CLOCK_BEHIND_MS = 24 * 3_600_000

/** By satellite each one takes most of a second, whatever its size; a publisher may have thousands. */
const DOCUMENTS_AT_ONCE = 16

export interface RefreshOptions extends OpenOptions {
  readonly pin: Pin
  readonly fetcher: Fetcher
  /** Read as hostile input; filled with what is accepted, also when the refresh fails. */
  readonly cache: MetadataCache
  /** Documents at hand, by SHA-256; hostile input, too. */
  readonly documents: ReadonlyMap<string, Uint8Array>
  /** Effective time without the unsigned high-water mark, ms. */
  readonly now: number
  readonly signal: AbortSignal
  /** Of the refreshes before. */
  readonly memo?: DocumentMemo
  readonly onFault?: (fault: HeldFault) => void
}

export interface Refreshed {
  readonly state: StoredState
  readonly library: Library
}

/**
 * Everything small: the metadata, every document, and the roles that vouch for the artifacts of plans. All of
 * it or nothing.
 */
export async function refresh(options: RefreshOptions): Promise<Refreshed> {
  const { pin, fetcher, cache, now, limits, signal, onFault } = options
  const client = new RepositoryClient({ urls: repositoryUrls(pin.url), fetcher, cache, now, limits, signal, onFault })
  const set = await client.refresh()
  // Names that carry hashes are what makes a download resumable and a mirror honest (TUF 6.2).
  if (!set.root.consistentSnapshot) throw missing('root', 'consistent_snapshot')
  const syncedAt = requireClock(set.timestamp?.issuedAt ?? null, now)
  await client.loadListedRoles()
  const documents = await fetchDocuments(client, options)
  const parts: LibraryParts = {
    url: pin.url,
    fingerprint: pin.fingerprint,
    syncedAt,
    limits,
    set,
    role: (name) => required(cache.roles.get(name)),
    document: (target) => required(documents.get(target.sha256)),
    lint: options.lint,
    memo: options.memo,
  }
  // Hash bins that vouch for the artifacts of plans: known only now that the plans are.
  for (const path of await withPauses(planArtifacts(parts), signal)) await client.find(path)
  const library = await withPauses(librarySteps(parts), signal)
  options.memo?.settle()
  const { url, fingerprint } = pin
  const { roots } = cache
  const files = { timestamp: required(cache.timestamp), snapshot: required(cache.snapshot), documents }
  const state: StoredState = {
    url,
    fingerprint,
    syncedAt,
    roots: [...roots],
    ...files,
    roles: loadedRoles(client, cache),
  }
  // Judged at the clock's time; where the signed time of issue is later, it must hold at that, too.
  return { state, library: syncedAt === now ? library : openLater(state, options) }
}

/** What was just fetched is no cache: its faults keep their own names. */
function openLater(state: StoredState, options: OpenOptions): Library {
  try {
    return openStored(state, options)
  } catch (error) {
    throw error instanceof AppError && error.cause instanceof AppError ? error.cause : error
  }
}

/**
 * Until the clock is set, nothing proves that this state is not an old one served again. What is in force
 * already stays so. Returns the time of the sync, never before the signed time of issue.
 */
function requireClock(issuedAt: number | null, now: number): number {
  if (issuedAt === null) {
    throw missing('timestamp', 'x-issued-at')
  }
  if (issuedAt - now > MAX_CLOCK_BEHIND_MS)
    throw new AppError('trust.clock-behind', { detail: { byMs: issuedAt - now, issuedAt } })
  return Math.max(now, issuedAt)
}

async function fetchDocuments(client: RepositoryClient, options: RefreshOptions): Promise<Map<string, Uint8Array>> {
  const documents = new Map<string, Uint8Array>()
  const missing = new Map<string, FoundTarget>()
  for (const path of documentPaths(client.set)) {
    const target = await client.find(path)
    const info = target && usable(target)
    if (!target || !info || documents.has(info.sha256)) continue
    const held = options.documents.get(info.sha256)
    const good = held !== undefined && sha256Hex(held) === info.sha256
    if (good) documents.set(info.sha256, held)
    else missing.set(info.sha256, target)
  }
  await several([...missing], DOCUMENTS_AT_ONCE, async ([sha256, target]) => {
    documents.set(sha256, await client.fetchTarget(target, options.limits.documentBytes))
  })
  return documents
}

/** A document without a SHA-256 will be listed as refused; there is nothing to fetch it by. */
function usable(target: FoundTarget): TargetInfo | null {
  return target.facts.hashes.has('sha256') ? targetInfo(target) : null
}

/** Roles that this refresh has trusted; what else the cache still holds is left behind. */
function loadedRoles(client: RepositoryClient, cache: MetadataCache): Map<string, Uint8Array> {
  const names = new Set(client.set.loadedTargets().map(({ step }) => step.role))
  return new Map([...cache.roles].filter(([name]) => names.has(name)))
}

function missing(role: string, why: string): AppError {
  return new AppError('trust.bad-metadata', { detail: { role, why } })
}

/** What the refresh itself has put there. */
function required(bytes: Uint8Array | null | undefined): Uint8Array {
  if (!bytes) throw new AppError('internal')
  return bytes
}
