import { isAbsolute } from 'node:path'
import type { TakenAlong } from '../../../../shared/contract/audit.ts'
import type { HandedOver, PackLook, PackMade, PackState, PackTaken } from '../../../../shared/contract/packs.ts'
import { AppError, isAppError, toErrorData } from '../../../../shared/errors.ts'
import { PackManifest } from '../../../../shared/model/pack.ts'
import type { Offered, Outgoing } from '../../audit/carried/stick.ts'
import type { AuditRecorder } from '../../audit/recorder.ts'
import { validate } from '../../trust/documents.ts'
import { libraryDeadline } from '../../trust/validity.ts'
import { previewRoot } from '../first-trust.ts'
import type { NetworkGate } from '../network-gate.ts'
import { repositoryUrls } from '../repository-urls.ts'
import type { SyncService } from '../sync-service.ts'
import { type MakePackOptions, makePack } from './make-pack.ts'
import { PackFetcher } from './pack-fetcher.ts'
import { MANIFEST, PackFolder } from './pack-folder.ts'
import { offeredLogs, writeLogs } from './pack-logs.ts'
import { packSource } from './pack-source.ts'

/** A manifest of 100,000 artifacts is smaller. Anything larger is no manifest. */
const MANIFEST_BYTES = 32 * 1024 * 1024
const IDLE: PackState = { phase: 'idle', folder: null, done: 0, total: 0 }

/** What packs carry for the log, which alone judges and keeps it. */
export interface LogsByStick {
  /** The console's own log only where it has no better way, unless a person `asked` for it. */
  outgoing(signal: AbortSignal, asked: boolean): Promise<Outgoing>
  handedOver(outgoing: Outgoing, actor: string, where: string): Promise<void>
  takeAlong(offered: Offered, actor: string, signal: AbortSignal): Promise<TakenAlong>
}

export interface PackServiceOptions extends MakePackOptions {
  readonly sync: SyncService
  readonly gate: NetworkGate
  readonly recorder: AuditRecorder
  readonly logs: LogsByStick
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
      bytes: artifacts.reduce((sum, { length, carried }) => sum + (carried ?? length), 0),
      root,
      ...(await logsOn(folder)),
      mine: pin && (pin.fingerprint === root.fingerprint || pin.url === url),
    }
  }

  /** First trust from a pack. Throws what {@link SyncService.adopt} and {@link look} throw. */
  async adopt(chosen: string, fingerprint: string, actor: string): Promise<void> {
    const folder = await PackFolder.find(absolute(chosen))
    const { url } = await manifestOf(folder)
    await this.#options.sync.adopt(url, fingerprint, actor, new PackFetcher(folder, url))
  }

  /** Throws `trust.none`, `plan.unknown`, `file.not-found`, `pack.*`, `artifact.*`, `sync.*`, `cancelled`. */
  async make(chosen: string, plans: readonly string[] | null, actor: string, small = false): Promise<PackMade> {
    const { gate, recorder } = this.#options
    const into = absolute(chosen)
    const onProgress = (done: number, total: number) => this.#say({ phase: 'making', folder: into, done, total })
    const run = <T>(work: (signal: AbortSignal) => Promise<T>) => (small ? gate.run(work) : gate.runLocal(work))
    return run(async (signal) => {
      try {
        const made = await makePack(this.#options, { into, plans, small, signal, onProgress })
        const { folder, artifacts, bytes } = made
        const detail = { artifacts, bytes, small: made.small }
        await recorder.record({ actor, action: 'pack.made', subject: folder, detail })
        return { ...made, ...(await this.#logsBeside(into, actor, signal)) }
      } finally {
        this.#say(IDLE)
      }
    })
  }

  /**
   * Takes everything that a stick brings: signed files, then receipts and others' logs. Throws `sync.no-server` before
   * the first trust, `pack.*`, `trust.*`, `document.*`, `disk.full`, `cancelled`.
   */
  async take(chosen: string, actor: string): Promise<PackTaken> {
    const { sync, trust } = this.#options
    const pin = trust.pin()
    if (!pin) throw new AppError('sync.no-server')
    const { folder, whole } = await PackFolder.findAny(absolute(chosen))
    this.#say({ ...IDLE, phase: 'taking', folder: folder.path })
    try {
      const content = whole ? await this.#takeContent(folder, pin.url, actor) : notThere(folder)
      const along = await this.#takeLogs(folder, actor)
      if (!(content instanceof AppError)) return { folder: folder.path, ...content, notTaken: null, along }
      const library = this.#options.library.current()
      if (library === null || isNothing(along)) throw content
      const { issuedAt, plans } = library
      const { until } = libraryDeadline(library)
      const { toFetch } = sync.state()
      const held = { issuedAt, until, plans: plans.size, artifacts: 0, refused: [], toFetch }
      return { folder: folder.path, ...held, notTaken: content.toData(), along }
    } finally {
      this.#say(IDLE)
    }
  }

  /** Puts this console's log, those that it carries for others and receipts on a stick. Throws like {@link make}. */
  async handOver(chosen: string, actor: string): Promise<HandedOver & { folder: string }> {
    const into = absolute(chosen)
    return this.#options.gate.runLocal(async (signal) => {
      this.#say({ ...IDLE, phase: 'making', folder: into })
      try {
        return await this.#putLogs(into, actor, true, signal)
      } finally {
        this.#say(IDLE)
      }
    })
  }

  /** The signed files of a pack. What is only older than what is held keeps nothing else on the stick from being taken. */
  async #takeContent(folder: PackFolder, url: string, actor: string): Promise<TakenContent | AppError> {
    const { sync, limits, bringingVia } = this.#options
    const pack = await packSource(folder, url, limits, bringingVia)
    try {
      const { library, stored, refused, toFetch } = await sync.take(actor, pack)
      const { issuedAt, plans } = library
      const { until } = libraryDeadline(library)
      return { issuedAt, until, plans: plans.size, artifacts: stored, refused: [...refused], toFetch }
    } catch (error) {
      const known = this.#olderPack(error, pack.now)
      if (isAppError(known, 'pack.older')) return known
      throw known
    }
  }

  #takeLogs(folder: PackFolder, actor: string): Promise<TakenAlong> {
    const { gate, logs } = this.#options
    return gate.runLocal(async (signal) => logs.takeAlong(await offeredLogs(folder), actor, signal))
  }

  /** A pack without the logs is still a pack: why they are not on it is said. */
  async #logsBeside(into: string, actor: string, signal: AbortSignal): Promise<Pick<PackMade, 'log' | 'logFailed'>> {
    try {
      const { entries, others, receipts } = await this.#putLogs(into, actor, false, signal)
      return { log: { entries, others, receipts }, logFailed: null }
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled') throw error
      return { log: { entries: 0, others: [], receipts: 0 }, logFailed: toErrorData(error) }
    }
  }

  async #putLogs(
    into: string,
    actor: string,
    asked: boolean,
    signal: AbortSignal,
  ): Promise<HandedOver & { folder: string }> {
    const { logs } = this.#options
    const outgoing = await logs.outgoing(signal, asked)
    const { console, segments, bags } = outgoing
    const folder = await writeLogs(into, outgoing, signal)
    if (segments.length > 0 || bags.length > 0) await logs.handedOver(outgoing, actor, folder)
    const entries = new Map<string, number>()
    for (const { waybill } of segments) {
      entries.set(waybill.console, (entries.get(waybill.console) ?? 0) + waybill.last - waybill.first + 1)
    }
    return {
      folder,
      entries: entries.get(console) ?? 0,
      others: [...entries].flatMap(([id, count]) => (id === console ? [] : [{ console: id, entries: count }])),
      receipts: bags.reduce((sum, bag) => sum + bag.receipts.length, 0),
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

async function logsOn(folder: PackFolder): Promise<Pick<PackLook, 'logs' | 'receiptsFor'>> {
  const { segments, bags } = await offeredLogs(folder)
  const byConsole = Map.groupBy(segments, ({ console }) => console)
  return {
    logs: [...byConsole].map(([console, of]) => ({ console, segments: of.length })),
    receiptsFor: [...new Set(bags.map(({ console }) => console))],
  }
}

type TakenContent = Omit<PackTaken, 'folder' | 'notTaken' | 'along'>

/** A stick with logs and no pack on it: there is nothing wrong with that unless nothing of it is for us. */
function notThere({ path }: PackFolder): AppError {
  return new AppError('pack.not-found', { detail: { folder: path } })
}

function isNothing({ logs, receipts, refused }: TakenAlong): boolean {
  return logs.length === 0 && refused.length === 0 && receipts.entries === 0 && receipts.others === 0
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
