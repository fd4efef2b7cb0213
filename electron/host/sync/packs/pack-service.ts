import { isAbsolute } from 'node:path'
import type { PackLook, PackMade, PackState, PackTaken } from '../../../../shared/contract/packs.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import { PackManifest } from '../../../../shared/model/pack.ts'
import type { AuditRecorder } from '../../audit/recorder.ts'
import { validate } from '../../trust/documents.ts'
import { libraryDeadline } from '../../trust/validity.ts'
import type { ArtifactDownload } from '../artifact-download.ts'
import type { Fetcher } from '../fetcher.ts'
import { previewRoot } from '../first-trust.ts'
import type { NetworkGate } from '../network-gate.ts'
import { repositoryUrls } from '../repository-urls.ts'
import type { SyncService } from '../sync-service.ts'
import { type MakePackOptions, makePack } from './make-pack.ts'
import { PackFetcher } from './pack-fetcher.ts'
import { MANIFEST, PackFolder } from './pack-folder.ts'
import { packSource } from './pack-source.ts'

/** A manifest of 100,000 artifacts is smaller. Anything larger is no manifest. */
const MANIFEST_BYTES = 32 * 1024 * 1024
const IDLE: PackState = { phase: 'idle', folder: null, done: 0, total: 0 }

export interface PackServiceOptions extends MakePackOptions {
  readonly sync: SyncService
  readonly gate: NetworkGate
  readonly recorder: AuditRecorder
  readonly downloadVia: (fetcher: Fetcher) => ArtifactDownload
}

/** All that a trip needs, in a folder: made here, taken in elsewhere. The carrier is never trusted. */
export class PackService {
  readonly #options: PackServiceOptions
  readonly #listeners = new Set<() => void>()
  #state: PackState = IDLE

  constructor(options: PackServiceOptions) {
    this.#options = options
    options.sync.onChange(() => this.#followSync())
  }

  state(): PackState {
    return this.#state
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Throws `file.not-found`, `pack.not-found`, `pack.bad-file`, `pack.unreadable`, `document.*`, `trust.*`. */
  async look(chosen: string): Promise<PackLook> {
    const { limits, trust } = this.#options
    const folder = await PackFolder.find(absolute(chosen))
    const { url, madeAt, site, artifacts } = await manifestOf(folder)
    const fetcher = new PackFetcher(folder, url)
    const root = await previewRoot({ url, fetcher, limits, signal: new AbortController().signal })
    const pin = trust.pin()
    return {
      folder: folder.path,
      url,
      madeAt: Date.parse(madeAt),
      site,
      artifacts: artifacts.length,
      bytes: artifacts.reduce((sum, { length }) => sum + length, 0),
      root,
      mine: pin && (pin.fingerprint === root.fingerprint || pin.url === url),
    }
  }

  /** First trust from a pack. Throws what {@link SyncService.adopt} and {@link look} throw. */
  async adopt(chosen: string, fingerprint: string, actor: string): Promise<void> {
    const folder = await PackFolder.find(absolute(chosen))
    const { url } = await manifestOf(folder)
    await this.#options.sync.adopt(url, fingerprint, actor, new PackFetcher(folder, url))
  }

  /** Throws `trust.none`, `plan.unknown`, `file.not-found`, `pack.*`, `artifact.*`, `sync.busy`, `cancelled`. */
  async make(chosen: string, plans: readonly string[] | null, actor: string): Promise<PackMade> {
    const { gate, recorder } = this.#options
    const into = absolute(chosen)
    const onProgress = (done: number, total: number) => this.#say({ phase: 'making', folder: into, done, total })
    return gate.runLocal(async (signal) => {
      try {
        const made = await makePack(this.#options, { into, plans, signal, onProgress })
        const { folder, artifacts, bytes } = made
        await recorder.record({ actor, action: 'pack.made', subject: folder, detail: { artifacts, bytes } })
        return made
      } finally {
        this.#say(IDLE)
      }
    })
  }

  /** Throws `sync.no-server` before the first trust, `pack.*`, `trust.*`, `document.*`, `disk.full`, `cancelled`. */
  async take(chosen: string, actor: string): Promise<PackTaken> {
    const { sync, trust, limits, downloadVia } = this.#options
    const pin = trust.pin()
    if (!pin) throw new AppError('sync.no-server')
    const folder = await PackFolder.find(absolute(chosen))
    const pack = await packSource(folder, pin.url, limits, downloadVia)
    this.#say({ ...IDLE, phase: 'taking', folder: folder.path })
    try {
      const { library, stored, refused, toFetch } = await sync.take(actor, pack)
      const { issuedAt, plans } = library
      const { until } = libraryDeadline(library)
      const artifacts = { artifacts: stored, refused: [...refused], toFetch }
      return { folder: folder.path, issuedAt, until, plans: plans.size, ...artifacts }
    } catch (error) {
      throw this.#olderPack(error, pack.now)
    } finally {
      this.#say(IDLE)
    }
  }

  /** Stops what is going on. A pack that was being made can be gone on with. */
  stop(): Promise<void> {
    return this.#options.gate.stop()
  }

  /** The guard against rollback, in words that fit a stick: an older one is usually in somebody's hand by mistake. */
  #olderPack(error: unknown, madeAt: number): unknown {
    const held = this.#options.library.current()?.issuedAt ?? null
    if (!isAppError(error, 'trust.rollback') || held === null || madeAt > held) return error
    return new AppError('pack.older', { detail: { found: madeAt, held }, cause: error })
  }

  #followSync(): void {
    if (this.#state.phase !== 'taking') return
    const { items } = this.#options.sync.state()
    const total = items.reduce((sum, { bytes }) => sum + bytes, 0)
    const done = items.reduce((sum, item) => sum + item.done, 0)
    this.#say({ ...this.#state, done, total })
  }

  #say(state: PackState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** The host has a current folder of its own, which nobody means. */
function absolute(path: string): string {
  if (!isAbsolute(path)) throw new AppError('file.not-found', { detail: { path } })
  return path
}

/** A plain mirror without a manifest can be taken in, but does not say which repository it mirrors. */
async function manifestOf(folder: PackFolder): Promise<PackManifest> {
  const bytes = await folder.bytes([MANIFEST], MANIFEST_BYTES)
  if (!bytes) throw new AppError('pack.not-found', { detail: { folder: folder.path } })
  const manifest = validate(PackManifest, MANIFEST, bytes)
  repositoryUrls(manifest.url)
  return manifest
}
