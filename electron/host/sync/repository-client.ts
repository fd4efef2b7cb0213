import { AppError } from '../../../shared/errors.ts'
import { atOnce } from '../../../shared/steps.ts'
import { type FileFacts, requireFacts } from '../trust/file-facts.ts'
import type { TrustLimits } from '../trust/limits.ts'
import { type FoundTarget, fetchTargetFacts } from '../trust/lookup.ts'
import { listedRoles, type RoleStep } from '../trust/search.ts'
import type { TargetsMetadata } from '../trust/targets-metadata.ts'
import { TrustedSet } from '../trust/trusted-set.ts'
import type { Fetcher } from './fetcher.ts'
import { type HeldFault, heldFaultSteps } from './held-files.ts'
import { pathOf } from './http-answers.ts'
import { metadataUrl, type RepositoryUrls, targetUrl } from './repository-urls.ts'
import { withPauses } from './with-pauses.ts'

/** Metadata at hand, byte for byte. The client reads it as hostile input and writes what it has accepted. */
export interface MetadataCache {
  /** From the pinned root to the newest, never empty. */
  readonly roots: Uint8Array[]
  timestamp: Uint8Array | null
  snapshot: Uint8Array | null
  /** `targets` and delegated roles, by name. */
  readonly roles: Map<string, Uint8Array>
}

export interface RepositoryClientOptions {
  readonly urls: RepositoryUrls
  readonly fetcher: Fetcher
  readonly cache: MetadataCache
  /** The time at which everything in this refresh is judged, ms (TUF 5.1). */
  readonly now: number
  readonly limits: TrustLimits
  readonly signal: AbortSignal
  /** Hears of files in the cache that were no good. Such a file is fetched anew and judged like any other. */
  readonly onFault?: ((fault: HeldFault) => void) | undefined
}

/**
 * The client workflow of TUF 5.3 to 5.7 over a server and a cache. One object is one refresh. Each file enters
 * the cache when it is trusted and not before, so that even a refresh that fails half-way leaves the newest
 * versions it has seen behind, as a guard against rollback.
 */
export class RepositoryClient {
  readonly #options: RepositoryClientOptions
  readonly #set: TrustedSet

  /** Begins from the roots in the cache. Throws when the first one is unusable. */
  constructor(options: RepositoryClientOptions) {
    this.#options = options
    this.#set = rootsOf(options)
  }

  get set(): TrustedSet {
    return this.#set
  }

  /** Root chain, timestamp, snapshot and top-level targets. Throws `trust.*`, `sync.*`, `cancelled`. */
  async refresh(): Promise<TrustedSet> {
    await this.#refreshRoot()
    await this.#refreshTimestamp()
    await this.#refreshSnapshot()
    await this.loadRole({ role: 'targets', delegator: 'root' })
    return this.#set
  }

  /** TUF 5.6.7: fetches the roles that the search asks for, in its order, and no other. */
  async find(path: string): Promise<FoundTarget | null> {
    const { limits } = this.#options
    return fetchTargetFacts(this.#set, path, limits.delegations, (step) => this.loadRole(step))
  }

  /** Every role that is listed by name. Throws `trust.too-many-delegations`. */
  async loadListedRoles(): Promise<void> {
    const walk = listedRoles(this.#options.limits)
    let next = walk.next()
    while (!next.done) next = walk.next(this.#set.targets(next.value) ?? (await this.loadRole(next.value)))
  }

  /** A small target, whole and checked (TUF 5.7). Artifacts go through the artifact store instead. */
  async fetchTarget(target: FoundTarget, maxBytes: number): Promise<Uint8Array> {
    const { urls, fetcher, signal } = this.#options
    if (target.facts.length > maxBytes) {
      throw new AppError('trust.too-large', {
        detail: { role: target.path.slice(0, 100), limit: maxBytes, length: target.facts.length },
      })
    }
    const url = targetUrl(urls, target.path, target.facts, this.#set.root.consistentSnapshot)
    const bytes = await fetcher.bytes(url, { maxBytes: target.facts.length, signal })
    if (!bytes) throw notFound(url)
    requireFacts(bytes, target.path, target.facts)
    return bytes
  }

  /** A targets role: the held file where it is the one that the snapshot names, otherwise the server's. */
  async loadRole(step: RoleStep): Promise<TargetsMetadata> {
    const { cache, limits, signal } = this.#options
    const facts = this.#set.targetsFacts(step.role)
    const read = (bytes: Uint8Array) => withPauses(this.#set.updateTargetsSteps(bytes, step), signal)
    const held = cache.roles.get(step.role)
    const trusted = held && (await read(held).catch((error: unknown) => this.#refused(step.role, held, error)))
    if (trusted) return trusted
    const bytes = await this.#fetch(step.role, facts, limits.targetsBytes)
    const metadata = await read(bytes)
    cache.roles.set(step.role, bytes)
    return metadata
  }

  async #refreshRoot(): Promise<void> {
    const { cache, limits } = this.#options
    // TUF 5.3.3: one after the other, until there is none.
    for (let fetched = 0; ; fetched += 1) {
      const version = this.#set.root.version + 1
      const bytes = await this.#optional('root', version, limits.rootBytes)
      if (!bytes) break
      if (fetched >= limits.rootRotations) {
        throw new AppError('trust.too-many-roots', { detail: { limit: limits.rootRotations } })
      }
      this.#set.updateRoot(bytes)
      cache.roots.push(bytes)
    }
    this.#set.requireFreshRoot()
  }

  async #refreshTimestamp(): Promise<void> {
    const { cache, limits } = this.#options
    // TUF 5.3.11: after a key rotation the old files verify no more, and fall out here.
    const { timestamp: held } = cache
    if (held && !this.#attempt('timestamp', held, () => this.#set.updateTimestamp(held))) cache.timestamp = null
    const bytes = await this.#optional('timestamp', null, limits.timestampBytes)
    if (!bytes) throw notFound(metadataUrl(this.#options.urls, 'timestamp', null))
    const outcome = this.#set.updateTimestamp(bytes)
    this.#set.requireFreshTimestamp()
    if (outcome === 'accepted') cache.timestamp = bytes
  }

  async #refreshSnapshot(): Promise<void> {
    const { cache, limits } = this.#options
    const { snapshot: held } = cache
    if (held && !this.#attempt('snapshot', held, () => this.#set.updateSnapshot(held, 'held') ?? true)) {
      cache.snapshot = null
    } else if (held && this.#attempt('snapshot', held, () => this.#set.requireFinalSnapshot())) return
    const bytes = await this.#fetch('snapshot', this.#set.requireFreshTimestamp().snapshot, limits.snapshotBytes)
    this.#set.updateSnapshot(bytes, 'named')
    this.#set.requireFinalSnapshot()
    cache.snapshot = bytes
  }

  async #fetch(role: string, facts: FileFacts, limit: number): Promise<Uint8Array> {
    const version = this.#set.root.consistentSnapshot ? facts.version : null
    const bytes = await this.#optional(role, version, Math.min(facts.length ?? limit, limit))
    if (!bytes) throw notFound(metadataUrl(this.#options.urls, role, version))
    return bytes
  }

  /** What is wrong with a held file is known when that of the server has been judged; until then it is only noted. */
  #attempt<T>(role: string, held: Uint8Array, work: () => T): T | null {
    return attempt(this.#options, role, held, work)
  }

  async #refused(role: string, held: Uint8Array, error: unknown): Promise<null> {
    const { signal, limits, onFault } = this.#options
    // That somebody stops the refresh says nothing of the file.
    signal.throwIfAborted()
    if (!(error instanceof AppError)) throw error
    const fault = await withPauses(heldFaultSteps(error, held, role, limits), signal)
    if (fault) onFault?.(fault)
    return null
  }

  #optional(role: string, version: number | null, maxBytes: number): Promise<Uint8Array | null> {
    const { urls, fetcher, signal } = this.#options
    return fetcher.bytes(metadataUrl(urls, role, version), { maxBytes, signal })
  }
}

/** The chain that is held, as far as it is good: what is wrong in it is fetched again. */
function rootsOf(options: RepositoryClientOptions): TrustedSet {
  const { cache, now, limits } = options
  const [first] = cache.roots
  if (!first) throw new AppError('trust.none')
  const set = new TrustedSet(first, { now, limits })
  const later = cache.roots.slice(1)
  const good = later.findIndex((root) => !attempt(options, 'root', root, () => set.updateRoot(root) ?? true))
  if (good >= 0) cache.roots.length = good + 1
  return set
}

function attempt<T>(options: RepositoryClientOptions, role: string, held: Uint8Array, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const fault = atOnce(heldFaultSteps(error, held, role, options.limits))
    if (fault) options.onFault?.(fault)
    return null
  }
}

function notFound(url: string): AppError {
  return new AppError('sync.not-found', { detail: { path: pathOf(url) } })
}
