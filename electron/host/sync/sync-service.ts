import type { SyncView, SyncWish } from '../../../shared/contract/sync.ts'
import type { RootPreview } from '../../../shared/contract/trust.ts'
import { AppError, type ErrorData, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { Library, TargetInfo } from '../trust/library.ts'
import type { ArtifactBringer } from './artifact-bringer.ts'
import { ArtifactSync, type ArtifactSyncOptions } from './artifact-sync.ts'
import type { Fetcher } from './fetcher.ts'
import { previewRoot, rootByFingerprint } from './first-trust.ts'
import type { LinkWatch } from './limits/link-watch.ts'
import type { SeenRates } from './limits/seen-rates.ts'
import type { CurrentLimits, SyncLimits } from './limits/sync-limits.ts'
import type { SyncWishes } from './limits/sync-wishes.ts'
import type { NetworkGate } from './network-gate.ts'
import { repositoryUrls } from './repository-urls.ts'
import { syncView } from './sync-view.ts'
import { TrustRefresher, type TrustRefresherOptions } from './trust-refresher.ts'
import { wantedArtifacts } from './wanted.ts'

export interface SyncServiceOptions extends TrustRefresherOptions, ArtifactSyncOptions {
  readonly gate: NetworkGate
  readonly rules: SyncLimits
  readonly link: LinkWatch
  readonly wishes: SyncWishes
  readonly rates: SeenRates
  /** Uploads the audit log; called last in a sync. */
  readonly upload?: (signal: AbortSignal) => Promise<void>
}

/** What a sync reads in the place of a server. */
export interface PackSource {
  readonly fetcher: Fetcher
  /** The time at which its metadata is judged: its own signed time of issue, ms. */
  readonly now: number
  /** Brings what is in it. */
  readonly bringer: ArtifactBringer
  /** Which of these files are in it, by target path, and which it has in no usable form. */
  look(targets: readonly TargetInfo[], signal: AbortSignal): Promise<{ there: ReadonlySet<string>; refused: Refused[] }>
}

export interface Refused {
  readonly target: string
  readonly reason: ErrorData
}

export interface TakenFromPack {
  readonly library: Library
  /** Artifacts that came. */
  readonly stored: number
  readonly refused: readonly Refused[]
  readonly toFetch: number
}

/** Time for a look which network this is, ms. */
const PROBE_MS = 3000

/** Failures of one artifact that would be every other's, too. */
const ENDS_TAKING: ReadonlySet<string> = new Set(['cancelled', 'disk.full', 'store.read-only'])

/** Everything that the console fetches from its server, as screens and the command line ask for it. */
export class SyncService {
  readonly #options: SyncServiceOptions
  readonly #refresher: TrustRefresher
  readonly #artifacts: ArtifactSync
  readonly #listeners = new Set<() => void>()
  #phase: SyncView['phase'] = 'idle'
  /** Of the sync that runs. */
  #limits: CurrentLimits | null = null
  #lastError: ErrorData | null = null

  constructor(options: SyncServiceOptions) {
    this.#options = options
    this.#refresher = new TrustRefresher(options)
    this.#artifacts = new ArtifactSync(options, () => this.#changed())
    options.library.onChange(() => this.#changed())
  }

  state(): SyncView {
    return this.#view(this.#limits ?? this.#options.rules.begin({}))
  }

  /** What a sync with this wish would do by what is known. Throws `rpc.bad-input`. */
  async plan(wish: SyncWish): Promise<SyncView> {
    await this.#options.link.look(AbortSignal.timeout(PROBE_MS))
    return this.#view(this.#options.rules.begin(wish))
  }

  #view(limits: CurrentLimits): SyncView {
    const { trust, artifacts, gate, wishes, meter, rates, link } = this.#options
    const library = this.#library()
    return syncView({
      limits,
      used: this.#limits ? meter.used : 0,
      expected: rates.expected(link.network),
      paused: wishes.paused,
      goesOn: this.#goesOn(limits),
      phase: this.#phase,
      offline: gate.offline,
      url: trust.pin()?.url ?? null,
      wanted: this.#artifacts.wanted(library),
      held: (sha256) => artifacts.has(sha256),
      progress: (sha256) => this.#artifacts.progress(sha256),
      came: (sha256) => this.#artifacts.came(sha256),
      rate: this.#artifacts.rate(),
      lastSuccess: library?.syncedAt ?? null,
      lastError: this.#lastError,
      storedBytes: artifacts.totalBytes(),
    })
  }

  /** How the last one went; {@link state} without the files, of which there may be thousands. */
  outcome(): Pick<SyncView, 'lastSuccess' | 'lastError'> {
    return { lastSuccess: this.#library()?.syncedAt ?? null, lastError: this.#lastError }
  }

  /** The files that the plans of the chosen site need, and whether each is here. */
  wantedFiles(): { target: string; plans: readonly string[]; bytes: number; held: boolean }[] {
    return this.#artifacts.wanted(this.#library()).map(({ target: { path, length, sha256 }, plans }) => ({
      target: path,
      plans,
      bytes: length,
      held: this.#options.artifacts.has(sha256),
    }))
  }

  /** Called on every change, also of progress; whoever shows it decides how often. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Metadata, policy, plans; says what artifacts are missing and fetches none. */
  async check(actor: string): Promise<SyncView> {
    await this.#remembering((signal) => this.#check(actor, signal))
    return this.state()
  }

  /**
   * {@link check}, then what is missing as far as it may come, then the audit upload. A missing artifact is no failure
   * of it, and that files wait is none. Throws `sync.paused`, `rpc.bad-input`.
   */
  async start(actor: string, wish: SyncWish = {}): Promise<SyncView> {
    const { rules, wishes, link, rates, meter, clock } = this.#options
    const { paused } = wishes
    if (paused) throw new AppError('sync.paused', { detail: { ...paused } })
    await this.#remembering(async (signal) => {
      await link.look(signal)
      const limits = rules.begin(wish)
      this.#limits = limits
      const library = await this.#check(actor, signal)
      this.#enter('artifacts')
      const began = { moved: meter.moved, at: clock.monotonic() }
      const failure = await this.#artifacts.fetch(library, limits, signal)
      rates.saw(link.network, meter.moved - began.moved, clock.monotonic() - began.at)
      if (failure?.code === 'cancelled') throw failure
      this.#lastError = failure?.toData() ?? null
      this.#waitFor(actor, library)
      this.#enter('audit')
      await this.#options.upload?.(signal)
    })
    return this.state()
  }

  /** Stops what is going on, and lets nothing be fetched until somebody resumes it. Survives a restart. */
  async pause(actor: string): Promise<SyncView> {
    const { wishes, time, gate } = this.#options
    await wishes.pause(actor, Math.floor(time.now().now))
    if (this.#phase !== 'idle') await gate.stop()
    this.#changed()
    return this.state()
  }

  /** Takes a pause back, and goes on in this person's name. */
  async resume(actor: string): Promise<SyncView> {
    await this.#options.wishes.resume(actor)
    this.#changed()
    return this.start(actor)
  }

  /** What a person says of the network that the laptop is in. */
  async setLink(metered: boolean | null, actor: string): Promise<SyncView> {
    await this.#options.link.say(metered, actor, AbortSignal.timeout(PROBE_MS))
    this.#changed()
    return this.state()
  }

  /**
   * Called now and then: goes on with what the hour or the link has held back, once they do no more. Whether it began.
   */
  async goOn(): Promise<boolean> {
    const { wishes, gate, link, rules } = this.#options
    const { waiting, paused } = wishes
    if (!waiting || paused || gate.offline || this.#phase !== 'idle') return false
    if (waiting.when === 'unmetered') await link.look(AbortSignal.timeout(PROBE_MS))
    const { open, metered } = rules.begin({}).rules
    if (!open || (waiting.when === 'unmetered' && metered)) return false
    await this.start(waiting.by)
    return true
  }

  /**
   * The same from a pack: verified like a sync, with no network, also while offline was chosen. Throws what a sync
   * throws of `trust.*` and `document.*`, and `pack.*`.
   */
  async take(actor: string, pack: PackSource): Promise<TakenFromPack> {
    return this.#remembering(async (signal) => {
      this.#enter('metadata')
      const library = await this.#refresher.refresh(actor, signal, { ...pack, live: false })
      this.#lastError = null
      await this.#artifacts.look(library, signal, pack)
      this.#enter('artifacts')
      const before = this.#artifacts.missing(library)
      const { there, refused } = await pack.look(
        before.map(({ target }) => target),
        signal,
      )
      const failure = await this.#artifacts.take(library, ({ target }) => there.has(target.path), signal)
      if (failure && ENDS_TAKING.has(failure.code)) throw failure
      const left = this.#artifacts.missing(library)
      const failed = left.flatMap(({ target }) => {
        const reason = this.#artifacts.progress(target.sha256)?.reason
        return reason ? [{ target: target.path, reason }] : []
      })
      const stored = before.length - left.length
      return { library, stored, refused: [...refused, ...failed], toFetch: this.state().toFetch }
    }, 'local')
  }

  /** Stops what is going on, and returns when it has. Everything that has come stays, and nothing goes on by itself. */
  stop(): Promise<void> {
    this.#options.wishes.wait(null)
    return this.#options.gate.stop()
  }

  /** While set, no connection to a server is tried. Survives a restart. */
  async setOffline(offline: boolean, actor: string): Promise<void> {
    await this.#options.gate.setOffline(offline, actor)
    this.#changed()
  }

  /** A server's first root, for a person to compare. Nothing is trusted by it. */
  async preview(url: string): Promise<RootPreview> {
    const { fetcher, limits, gate } = this.#options
    repositoryUrls(url)
    return gate.run((signal) => previewRoot({ url, fetcher, limits, signal }))
  }

  /**
   * Pins the root with this fingerprint, from the server or from a pack. On a console that trusts a publisher
   * already only the address may change.
   * Throws `trust.already-adopted`, `trust.fingerprint-mismatch`, `sync.*`.
   */
  async adopt(url: string, fingerprint: string, actor: string, pack: Fetcher | null = null): Promise<void> {
    const { trust, limits, recorder, clock, gate } = this.#options
    const fetcher = pack ?? this.#options.fetcher
    repositoryUrls(url)
    const held = trust.pin()
    if (held && held.fingerprint !== fingerprint) {
      throw new AppError('trust.already-adopted', { detail: { url: held.url } })
    }
    const pinning = async (signal: AbortSignal) => {
      const root = await rootByFingerprint({ url, fetcher, limits, signal }, fingerprint)
      const pin = { url, fingerprint }
      await recorder.record({ actor, action: 'trust.adopted', subject: url, detail: { fingerprint } }, () =>
        held ? trust.move(pin) : trust.adopt(pin, root, clock.now()),
      )
    }
    await (pack ? gate.runLocal(pinning) : gate.run(pinning))
    this.#changed()
  }

  /** Says that what bounds a sync has changed. */
  look(): void {
    this.#changed()
  }

  /** Deletes artifacts that no signed plan names any more. Returns the bytes freed. Throws `trust.none`. */
  async sweep(): Promise<number> {
    const library = this.#options.library.current()
    if (!library) throw new AppError('trust.none')
    const keep = new Set(wantedArtifacts(library, null, 0).map(({ target }) => target.sha256))
    const freed = await this.#options.artifacts.sweep(keep)
    this.#changed()
    return freed
  }

  /** What the limits have held back and will let go by themselves. */
  #waitFor(actor: string, library: Library): void {
    const codes = this.#artifacts
      .missing(library)
      .map(({ target }) => this.#artifacts.progress(target.sha256)?.reason?.code)
    const when = codes.includes('sync.outside-window') ? 'window' : codes.includes('sync.metered') ? 'unmetered' : null
    this.#options.wishes.wait(when && { by: actor, when })
  }

  #goesOn(limits: CurrentLimits): SyncView['goesOn'] {
    const { waiting, paused } = this.#options.wishes
    if (!waiting || paused) return null
    const { window } = limits.view(0)
    return { when: waiting.when, at: waiting.when === 'window' && window && !window.open ? window.changesAt : null }
  }

  async #check(actor: string, signal: AbortSignal): Promise<Library> {
    const { meter, rates, clock } = this.#options
    this.#enter('metadata')
    const began = { moved: meter.moved, at: clock.monotonic() }
    const library = await this.#refresher.refresh(actor, signal)
    rates.sawLists(meter.moved - began.moved, clock.monotonic() - began.at)
    this.#lastError = null
    await this.#artifacts.look(library, signal)
    return library
  }

  /** What went wrong stays in view until the next try. That somebody stopped it is nothing wrong. */
  async #remembering<T>(work: (signal: AbortSignal) => Promise<T>, way: 'server' | 'local' = 'server'): Promise<T> {
    const { gate } = this.#options
    const remembered = async (signal: AbortSignal) => {
      try {
        return await work(signal)
      } catch (error) {
        if (!isAppError(error, 'cancelled')) this.#lastError = toErrorData(error)
        throw error
      } finally {
        this.#limits = null
        this.#enter('idle')
      }
    }
    return way === 'server' ? gate.run(remembered) : gate.runLocal(remembered)
  }

  /** A damaged cache is said by whoever needs the library; a view of the sync goes on without. */
  #library(): Library | null {
    try {
      return this.#options.library.current()
    } catch (error) {
      if (isAppError(error, 'trust.cache-corrupt')) return null
      throw error
    }
  }

  #enter(phase: SyncView['phase']): void {
    this.#phase = phase
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
