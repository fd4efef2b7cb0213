import type { SyncView } from '../../../shared/contract/sync.ts'
import type { RootPreview } from '../../../shared/contract/trust.ts'
import { AppError, type ErrorData, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { Library } from '../trust/library.ts'
import { ArtifactSync, type ArtifactSyncOptions } from './artifact-sync.ts'
import { previewRoot, rootByFingerprint } from './first-trust.ts'
import type { NetworkGate } from './network-gate.ts'
import { repositoryUrls } from './repository-urls.ts'
import { syncView } from './sync-view.ts'
import { TrustRefresher, type TrustRefresherOptions } from './trust-refresher.ts'
import { wantedArtifacts } from './wanted.ts'

export interface SyncServiceOptions extends TrustRefresherOptions, ArtifactSyncOptions {
  readonly gate: NetworkGate
  /** Uploads the audit log; called last in a sync. */
  readonly upload?: (signal: AbortSignal) => Promise<void>
}

/** Everything that the console fetches from its server, as screens and the command line ask for it. */
export class SyncService {
  readonly #options: SyncServiceOptions
  readonly #refresher: TrustRefresher
  readonly #artifacts: ArtifactSync
  readonly #listeners = new Set<() => void>()
  #phase: SyncView['phase'] = 'idle'
  #lastError: ErrorData | null = null

  constructor(options: SyncServiceOptions) {
    this.#options = options
    this.#refresher = new TrustRefresher(options)
    this.#artifacts = new ArtifactSync(options, () => this.#changed())
    options.library.onChange(() => this.#changed())
  }

  state(): SyncView {
    const { trust, artifacts, gate } = this.#options
    const library = this.#library()
    return syncView({
      phase: this.#phase,
      offline: gate.offline,
      url: trust.pin()?.url ?? null,
      wanted: this.#artifacts.wanted(library),
      held: (sha256) => artifacts.has(sha256),
      progress: (sha256) => this.#artifacts.progress(sha256),
      rate: this.#artifacts.rate(),
      lastSuccess: library?.syncedAt ?? null,
      lastError: this.#lastError,
      storedBytes: artifacts.totalBytes(),
    })
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

  /** {@link check}, then what is missing within `maxBytes`, then the audit upload. A missing artifact is no failure of it. */
  async start(actor: string, maxBytes: number | null = null): Promise<SyncView> {
    await this.#remembering(async (signal) => {
      const library = await this.#check(actor, signal)
      this.#enter('artifacts')
      const failure = await this.#artifacts.fetch(library, library.url, maxBytes, signal)
      if (failure?.code === 'cancelled') throw failure
      this.#lastError = failure?.toData() ?? null
      this.#enter('audit')
      await this.#options.upload?.(signal)
    })
    return this.state()
  }

  /** Stops what is going on, and returns when it has. Everything that has come stays. */
  stop(): Promise<void> {
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
   * Pins the root with this fingerprint. On a console that trusts a publisher already only the address may change.
   * Throws `trust.already-adopted`, `trust.fingerprint-mismatch`, `sync.*`.
   */
  async adopt(url: string, fingerprint: string, actor: string): Promise<void> {
    const { trust, fetcher, limits, recorder, clock, gate } = this.#options
    repositoryUrls(url)
    const held = trust.pin()
    if (held && held.fingerprint !== fingerprint) {
      throw new AppError('trust.already-adopted', { detail: { url: held.url } })
    }
    await gate.run(async (signal) => {
      const root = await rootByFingerprint({ url, fetcher, limits, signal }, fingerprint)
      const pin = { url, fingerprint }
      await recorder.record({ actor, action: 'trust.adopted', subject: url, detail: { fingerprint } }, () =>
        held ? trust.move(pin) : trust.adopt(pin, root, clock.now()),
      )
    })
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

  async #check(actor: string, signal: AbortSignal): Promise<Library> {
    this.#enter('metadata')
    const library = await this.#refresher.refresh(actor, signal)
    this.#lastError = null
    await this.#artifacts.look(library)
    return library
  }

  /** What went wrong stays in view until the next try. That somebody stopped it is nothing wrong. */
  async #remembering(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    await this.#options.gate.run(async (signal) => {
      try {
        await work(signal)
      } catch (error) {
        if (!isAppError(error, 'cancelled')) this.#lastError = toErrorData(error)
        throw error
      } finally {
        this.#enter('idle')
      }
    })
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
