import type { Clock } from '../../../shared/clock.ts'
import { AppError, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import { sha256Hex } from '../crypto/hash.ts'
import { DocumentMemo } from '../trust/document-memo.ts'
import type { Library } from '../trust/library.ts'
import type { OpenOptions } from '../trust/stored-state.ts'
import { libraryDeadline, overdue } from '../trust/validity.ts'
import type { Fetcher } from './fetcher.ts'
import { rootByFingerprint } from './first-trust.ts'
import type { HeldFault } from './held-files.ts'
import type { TrustLibrary } from './library-source.ts'
import { type Refreshed, refresh } from './refresh.ts'
import type { MetadataCache } from './repository-client.ts'
import type { Pin, TrustStore } from './trust-store.ts'
import type { TrustedTime } from './trusted-time.ts'
import { withPauses } from './with-pauses.ts'

export interface TrustRefresherOptions extends OpenOptions {
  readonly clock: Clock
  readonly time: TrustedTime
  readonly trust: TrustStore
  readonly library: TrustLibrary
  readonly fetcher: Fetcher
  readonly recorder: AuditRecorder
}

/** Where a refresh gets its files, and at which time it is judged. */
export interface RefreshSource {
  readonly fetcher: Fetcher
  /** ms since 1970 */
  readonly now: number
  /** The server itself says so now. A pack says only what was so when it was made. */
  readonly live: boolean
}

/** One refresh from beginning to end: fetched, judged, stored and recorded in one transaction, put in force. */
export class TrustRefresher {
  readonly #options: TrustRefresherOptions
  readonly #memo = new DocumentMemo()

  constructor(options: TrustRefresherOptions) {
    this.#options = options
  }

  /** The new library. Throws `sync.no-server` before the first trust, `sync.*`, `trust.*`, `document.*`, `cancelled`. */
  async refresh(actor: string, signal: AbortSignal, source: RefreshSource = this.#server()): Promise<Library> {
    const { trust, limits, lint } = this.#options
    const { fetcher, now } = source
    const pin = trust.pin()
    if (!pin) throw new AppError('sync.no-server')
    const cache = await this.#cache(pin, fetcher, signal)
    const before = copyOf(cache)
    const documents = trust.documents()
    const damaged: string[] = []
    const onFault = ({ role, code }: HeldFault) => void damaged.push(`${role.slice(0, 100)}: ${code}`)
    try {
      const refreshed = await refresh({
        pin,
        fetcher,
        cache,
        documents,
        now,
        limits,
        lint,
        signal,
        onFault,
        memo: this.#memo,
      })
      if (!source.live) this.#requireUsable(refreshed.library)
      return await this.#accept(actor, pin, refreshed, source.live, damaged, signal)
    } catch (error) {
      await this.#refused(pin, error, cache, !isSame(cache, before))
      throw error
    }
  }

  #server(): RefreshSource {
    return { fetcher: this.#options.fetcher, now: this.#options.time.refreshTime(), live: true }
  }

  /** What is too old to be used would only push out of force what is not. */
  #requireUsable(library: Library): void {
    const now = Math.max(this.#options.time.now().now, library.issuedAt)
    const over = overdue(libraryDeadline(library), now)
    if (over) throw AppError.fromData(over)
  }

  async #accept(
    actor: string,
    pin: Pin,
    { state, library }: Refreshed,
    live: boolean,
    damaged: readonly string[],
    signal: AbortSignal,
  ): Promise<Library> {
    const { recorder, trust, time, clock } = this.#options
    const versions = Object.fromEntries(library.roles.map(({ name, version }) => [name, version]))
    const { issuedAt, refused } = library
    // Held files that were no good any more: of damage to the disk, of somebody's hand, or of new keys.
    const replaced = damaged.length > 0 ? { replaced: damaged } : {}
    const detail = { versions, issuedAt, syncedAt: state.syncedAt, refused: refused.length, live, ...replaced }
    const facts = await withPauses(trust.prepare(state, library, clock.now()), signal)
    await recorder.record({ actor, action: 'trust.refreshed', subject: pin.url, detail }, () => {
      trust.accept(state, library, facts, clock.now())
      time.heard(issuedAt, live)
    })
    this.#options.library.replace(library)
    // It is in force, whoever wants to stop now.
    await withPauses(trust.tidy(new Set(state.documents.keys()), clock.now()), NEVER)
    return library
  }

  /** What was accepted on the way stays as a guard against rollback; what is in force does not change. */
  async #refused(pin: Pin, error: unknown, cache: MetadataCache, gained: boolean): Promise<void> {
    const { recorder, trust, clock } = this.#options
    const judged = isAppError(error) && /^(?:trust|document)\./.test(error.code)
    if (!judged && !gained) return
    await recorder.record(
      { actor: 'console', action: 'trust.refused', subject: pin.url, detail: toErrorData(error) },
      () => trust.keepSeen(cache, clock.now()),
    )
  }

  /** Where even the pinned root is gone from the disk, its fingerprint is not: the server has to show it again. */
  async #cache(pin: Pin, fetcher: Fetcher, signal: AbortSignal): Promise<MetadataCache> {
    const { trust, limits } = this.#options
    const cache = await withPauses(trust.cacheSteps(), signal)
    const [pinned] = cache.roots
    if (pinned && sha256Hex(pinned) === pin.fingerprint) return cache
    const root = await rootByFingerprint({ url: pin.url, fetcher, limits, signal }, pin.fingerprint)
    return { ...cache, roots: [root] }
  }
}

const NEVER = new AbortController().signal

function copyOf(cache: MetadataCache): MetadataCache {
  return { ...cache, roots: [...cache.roots], roles: new Map(cache.roles) }
}

/** Whether a cache holds the very files that it held before. */
function isSame(cache: MetadataCache, before: MetadataCache): boolean {
  const files = ({ roots, timestamp, snapshot, roles }: MetadataCache) => [
    timestamp,
    snapshot,
    ...roots,
    ...roles.values(),
  ]
  const [now, then] = [files(cache), files(before)]
  return now.length === then.length && now.every((file, at) => file === then[at])
}
