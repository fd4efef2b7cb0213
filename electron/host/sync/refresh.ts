import { AppError } from '../../../shared/errors.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { DocumentMemo } from '../trust/document-memo.ts'
import type { Library, TargetInfo } from '../trust/library.ts'
import { documentPaths, type LibraryParts, librarySteps, planArtifacts } from '../trust/library-builder.ts'
import { type FoundTarget, targetInfo } from '../trust/lookup.ts'
import { type HeldFiles, type OpenOptions, storedSteps } from '../trust/stored-state.ts'
import type { Fetcher } from './fetcher.ts'
import type { HeldFault } from './held-files.ts'
import { type MetadataCache, RepositoryClient } from './repository-client.ts'
import { repositoryUrls } from './repository-urls.ts'
import { several } from './several.ts'
import type { FoundState, Pin } from './trust-store.ts'
import { pauses, withPauses } from './with-pauses.ts'

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
  readonly documents: HeldFiles
  /** Effective time without the unsigned high-water mark, ms. */
  readonly now: number
  readonly signal: AbortSignal
  /** Of the refreshes before. */
  readonly memo?: DocumentMemo
  readonly onFault?: (fault: HeldFault) => void
}

export interface Refreshed {
  readonly state: FoundState
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
  const { fresh, needed } = await fetchDocuments(client, options)
  const document = (sha256: string) => fresh.get(sha256) ?? options.documents.get(sha256)
  const parts: LibraryParts = {
    url: pin.url,
    fingerprint: pin.fingerprint,
    syncedAt,
    limits,
    set,
    role: (name) => required(cache.roles.get(name)),
    document: (target) => required(document(target.sha256)),
    lint: options.lint,
    memo: options.memo,
  }
  // Hash bins that vouch for the artifacts of plans: known only now that the plans are.
  const pause = pauses(signal)
  for (const path of await withPauses(planArtifacts(parts), signal)) {
    await client.find(path)
    await pause()
  }
  const library = await withPauses(librarySteps(parts), signal)
  options.memo?.settle()
  const { url, fingerprint } = pin
  const { roots } = cache
  const state: FoundState = {
    url,
    fingerprint,
    syncedAt,
    roots: [...roots],
    timestamp: required(cache.timestamp),
    snapshot: required(cache.snapshot),
    roles: loadedRoles(client, cache),
    documents: { get: document, keys: () => needed.values() },
    fresh,
  }
  // Judged at the clock's time; where the signed time of issue is later, it must hold at that, too.
  return { state, library: syncedAt === now ? library : await openLater(state, options) }
}

/** What was just fetched is no cache: its faults keep their own names. */
async function openLater(state: FoundState, options: RefreshOptions): Promise<Library> {
  try {
    return await withPauses(storedSteps(state, options), options.signal)
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

interface Documents {
  /** Of all of them, SHA-256. */
  readonly needed: ReadonlySet<string>
  /** Those that were not at hand, by SHA-256. */
  readonly fresh: ReadonlyMap<string, Uint8Array>
}

async function fetchDocuments(client: RepositoryClient, options: RefreshOptions): Promise<Documents> {
  const { signal, limits } = options
  const needed = new Set<string>()
  const missing = new Map<string, FoundTarget>()
  const pause = pauses(signal)
  for (const path of await withPauses(documentPaths(client.set), signal)) {
    const target = await client.find(path)
    await pause()
    const info = target && usable(target)
    if (!target || !info || needed.has(info.sha256)) continue
    needed.add(info.sha256)
    const held = options.documents.get(info.sha256)
    if (held === undefined || sha256Hex(held) !== info.sha256) missing.set(info.sha256, target)
  }
  const fresh = new Map<string, Uint8Array>()
  await several([...missing], DOCUMENTS_AT_ONCE, async ([sha256, target]) => {
    fresh.set(sha256, await client.fetchTarget(target, limits.documentBytes))
  })
  return { needed, fresh }
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
