import type { Clock } from '../../../shared/clock.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { ArtifactQueries } from '../store/artifacts.ts'
import type { Library } from '../trust/library.ts'
import { type ArtifactBringer, type TakenWay, wholeWay } from './artifact-bringer.ts'
import { fetchAll } from './artifact-queue.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { allowance } from './limits/allowance.ts'
import type { SyncMeter } from './limits/meter.ts'
import type { CurrentLimits } from './limits/sync-limits.ts'
import { Rate } from './rate.ts'
import { type RepositoryUrls, repositoryUrls } from './repository-urls.ts'
import { type ItemProgress, isHeldBack } from './sync-view.ts'
import type { TrustedTime } from './trusted-time.ts'
import { type WantedArtifact, wantedArtifacts } from './wanted.ts'
import { pauses } from './with-pauses.ts'

export interface ArtifactSyncOptions {
  readonly clock: Clock
  readonly time: TrustedTime
  readonly artifacts: ArtifactStore
  readonly rows: ArtifactQueries
  /** Fetches from the server at these addresses; one for each sync, since it remembers what did not work. */
  readonly bringerOf: (urls: RepositoryUrls) => ArtifactBringer
  readonly recorder: AuditRecorder
  /** Counts what the bringers move, and stops them where a sync may not go on. */
  readonly meter: SyncMeter
  /** The site that the operator works at; null while none is chosen. */
  readonly chosenSite: () => string | null
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Where artifacts come from. */
export interface ArtifactPlace {
  readonly bringer: ArtifactBringer
  /** Whether it is there at all; otherwise it is left to wait for a place that has it. */
  has(item: WantedArtifact): boolean
}

/** What was wanted when it was last asked, and how long that is so: thousands of plans are not gone through for every look. */
interface KnownWanted {
  readonly library: Library
  readonly site: string | null
  readonly from: number
  readonly until: number
  readonly items: readonly WantedArtifact[]
}

/** Which artifacts are wanted, how far each is, and the fetching of those that are missing. */
export class ArtifactSync {
  readonly #options: ArtifactSyncOptions
  readonly #onChange: () => void
  readonly #progress = new Map<string, ItemProgress>()
  readonly #came = new Map<string, TakenWay>()
  #bringer: ArtifactBringer | null = null
  #wanted: KnownWanted | null = null
  #rate: Rate | null = null

  constructor(options: ArtifactSyncOptions, onChange: () => void) {
    this.#options = options
    this.#onChange = onChange
  }

  wanted(library: Library | null): readonly WantedArtifact[] {
    if (!library) return []
    const { chosenSite, time } = this.#options
    const [site, now] = [chosenSite(), time.now().now]
    const known = this.#wanted
    if (known?.library === library && known.site === site && known.from <= now && now < known.until) return known.items
    const items = wantedArtifacts(library, site, now)
    this.#wanted = { library, site, from: now, until: nextExpiry(library, now), items }
    return items
  }

  progress(sha256: string): ItemProgress | undefined {
    return this.#progress.get(sha256)
  }

  /** How an artifact came; not remembered for longer than the process lives. */
  came(sha256: string): TakenWay | undefined {
    return this.#came.get(sha256)
  }

  /** Bytes a second; null while nothing is fetched. */
  rate(): number | null {
    return this.#rate?.perSecond(this.#options.clock.monotonic()) ?? null
  }

  /**
   * Forgets old failures, and looks on which way each missing artifact will come and how much of it is here already.
   * Throws `cancelled`.
   */
  async look(
    library: Library,
    signal: AbortSignal,
    place: Pick<ArtifactPlace, 'bringer'> | null = null,
  ): Promise<void> {
    this.#progress.clear()
    this.#bringer = place?.bringer ?? this.#options.bringerOf(repositoryUrls(library.url))
    const pause = pauses(signal)
    for (const item of this.missing(library)) {
      await pause()
      const { way, done } = await this.#bringer.plan(item, signal).catch((error: unknown) => {
        if (signal.aborted) throw error
        // What is known without the server is worth showing, and a later step says what is wrong with it.
        return { way: wholeWay(item), done: 0 }
      })
      this.#progress.set(item.target.sha256, { way, done, fetching: false, reason: null })
    }
    this.#onChange()
  }

  /** Fetches what is missing as far as it may come, after {@link look}. Returns the first failure; that files wait is none. */
  async fetch(library: Library, limits: CurrentLimits, signal: AbortSignal): Promise<AppError | null> {
    const { meter } = this.#options
    const missing = this.missing(library)
    const { chosen, waiting, room, bound } = allowance(missing, (item) => this.#left(item), limits.rules)
    for (const [item, why] of waiting) this.#wait(item, limits.waits(why, item.target.path, this.#left(item)))
    const spent = () => limits.waits(bound ?? 'budget', null, 0)
    meter.begin({ bytes: room, spent, over: () => limits.over() })
    try {
      const failure = await this.#fetchAll(library, chosen, signal)
      // What was begun and did not fit says how much of it is missing.
      for (const item of chosen) {
        const why = isSpent(this.#progress.get(item.target.sha256)?.reason?.code)
        if (why) this.#wait(item, limits.waits(why, item.target.path, this.#left(item)))
      }
      return failure && isHeldBack(failure.code) ? null : failure
    } finally {
      meter.end()
    }
  }

  /** Fetches what a place has of it, with no other limit than the disk's. Returns the first failure. */
  take(library: Library, has: (item: WantedArtifact) => boolean, signal: AbortSignal): Promise<AppError | null> {
    return this.#fetchAll(library, this.missing(library).filter(has), signal)
  }

  async #fetchAll(library: Library, items: readonly WantedArtifact[], signal: AbortSignal): Promise<AppError | null> {
    const bringer = this.#bringer ?? this.#options.bringerOf(repositoryUrls(library.url))
    this.#rate = new Rate()
    try {
      return await fetchAll(items, {
        bringer,
        signal,
        stored: (item, way) => this.#stored(item, way),
        sleep: this.#options.sleep ?? sleep,
        progress: (item, progress) => this.#say(item, progress),
      })
    } finally {
      this.#rate = null
    }
  }

  /** Bytes still to move for it. */
  #left({ target }: WantedArtifact): number {
    const known = this.#progress.get(target.sha256)
    return (known?.way.bytes ?? target.length) - (known?.done ?? 0)
  }

  #wait({ target }: WantedArtifact, why: AppError): void {
    const before = this.#progress.get(target.sha256)
    if (before) this.#progress.set(target.sha256, { ...before, fetching: false, reason: why.toData() })
  }

  #say(item: WantedArtifact, progress: ItemProgress): void {
    const before = this.#progress.get(item.target.sha256)?.done ?? 0
    this.#progress.set(item.target.sha256, progress)
    if (progress.done > before) this.#rate?.add(progress.done - before, this.#options.clock.monotonic())
    this.#onChange()
  }

  async #stored({ target }: WantedArtifact, way: TakenWay): Promise<void> {
    const { recorder, rows, clock } = this.#options
    const { sha256, length, path } = target
    await recorder.record(
      {
        actor: 'console',
        action: 'sync.artifact-stored',
        subject: path,
        detail: { sha256, length, way: way.kind, from: way.from, moved: way.bytes },
      },
      () => rows.add({ sha256, length, storedAt: clock.now() }),
    )
    this.#progress.delete(sha256)
    this.#came.set(sha256, way)
    this.#onChange()
  }

  /** What is wanted and not here, each file once. */
  missing(library: Library): WantedArtifact[] {
    const seen = new Set<string>()
    return this.wanted(library).filter(({ target: { sha256 } }) => {
      // One file may have several names.
      const missing = !seen.has(sha256) && !this.#options.artifacts.has(sha256)
      seen.add(sha256)
      return missing
    })
  }
}

/** Which of the bounds of bytes a file met on its way; null: none. */
function isSpent(code: string | undefined): 'budget' | 'metered' | null {
  return code === 'sync.over-budget' ? 'budget' : code === 'sync.metered' ? 'metered' : null
}

/** Resolves early when the signal says so: the next step then says why. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}

/** When the next plan ends, after which something else may be wanted. */
function nextExpiry(library: Library, now: number): number {
  let until = Number.POSITIVE_INFINITY
  for (const { document } of library.plans.values()) {
    const expires = Date.parse(document.expires)
    if (expires > now && expires < until) until = expires
  }
  return until
}
