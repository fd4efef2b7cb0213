import { readFile } from 'node:fs/promises'
import { AppError, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { FileFacts, Ways } from '../../../shared/model/ways.ts'
import { decodeChunkIndex } from '../delta/chunk-index.ts'
import type { DeltaWork } from '../delta/delta-work.ts'
import type { ArtifactBringer, Bringing, TakenWay } from './artifact-bringer.ts'
import { fetchChunks, missingBytes } from './delta-chunks.ts'
import { DeltaFiles, type DeltaFilesOptions, type Going } from './delta-files.ts'
import { type ChunksWay, type DeltaWay, openWays, type Way } from './delta-plan.ts'
import { wayUrl } from './delta-ways.ts'
import type { Fetcher } from './fetcher.ts'
import { artifactUrl } from './repository-urls.ts'
import type { WantedArtifact } from './wanted.ts'

export interface DeltaDownloadOptions extends DeltaFilesOptions {
  readonly fetcher: Fetcher
  readonly work: DeltaWork
  readonly dictionaries: boolean
}

/** Other artifacts that are searched for chunks at most, the newest first. */
const SEEDS = 3

/** What says nothing of the way that was tried: another would fare no better. */
const NOT_THE_WAY = [
  'cancelled',
  'disk.full',
  'store.read-only',
  'sync.unreachable',
  'sync.stalled',
  'sync.offline',
  'sync.not-a-repository',
  'sync.over-budget',
  'sync.metered',
  'sync.outside-window',
  'sync.time-over',
]

const wholeOf = ({ length }: { readonly length: number }): Way => ({ kind: 'whole', bytes: length })

type Refused = TakenWay['refused']

/**
 * Brings each artifact by the way that moves the fewest bytes, and by the next one where that does not lead there.
 * What a way brings counts only when it has the artifact's signed hash.
 */
export class DeltaDownload implements ArtifactBringer {
  readonly #options: DeltaDownloadOptions
  readonly #files: DeltaFiles
  readonly #refused = new Map<string, Refused>()
  /** Artifacts for which chunks turned out to save nothing. */
  readonly #closed = new Set<string>()

  constructor(options: DeltaDownloadOptions) {
    this.#options = options
    this.#files = new DeltaFiles(options)
  }

  async plan(item: WantedArtifact, signal: AbortSignal): Promise<{ way: TakenWay; done: number }> {
    const [way] = await this.#open(item, signal)
    if (!way) throw new AppError('internal')
    const chosen = way.kind === 'chunks' ? await this.#after(item, signal) : way
    return { way: this.#taken(item, chosen), done: await this.#files.here(item, way) }
  }

  async bring(item: WantedArtifact, options: Bringing): Promise<TakenWay> {
    const { download } = this.#options
    const { target } = item
    const ways = await this.#open(item, options.signal)
    const clean = async (taken: TakenWay) => {
      for (const begun of ways) await this.#files.dropWay(begun)
      return taken
    }
    // Made or fetched just before a crash could record it.
    if (await download.isHere(target, options.signal)) return clean(this.#taken(item, wholeOf(target)))
    for (const [index, way] of ways.entries()) {
      try {
        const taken = await this.#go(item, way, ways[index + 1] ?? null, options)
        if (taken) return await clean(taken)
      } catch (error) {
        if (way.kind === 'whole' || !blames(error)) throw error
        await this.#files.dropWay(way)
        this.#refuse(item, way, error)
      }
    }
    throw new AppError('internal')
  }

  /** The ways that are open and have not failed in this sync. */
  async #open(item: WantedArtifact, signal: AbortSignal): Promise<Way[]> {
    const { target } = item
    const { store, dictionaries } = this.#options
    let ways: Ways | null = null
    try {
      ways = await this.#options.reader.of(target, this.#options.urls, signal)
    } catch (error) {
      if (!blames(error)) throw error
      this.#refuse(item, { kind: 'delta' }, error)
    }
    const seeds = this.#seeds(target).length > 0
    const refused = this.#refused.get(target.sha256)?.map(({ kind }) => kind) ?? []
    if (this.#closed.has(target.sha256)) refused.push('chunks')
    const facts = { length: target.length, ways, held: (sha256: string) => store.has(sha256), seeds, dictionaries }
    return openWays(facts).filter(({ kind }) => kind === 'whole' || !refused.includes(kind))
  }

  async #go(item: WantedArtifact, way: Way, next: Way | null, options: Bringing): Promise<TakenWay | null> {
    if (way.kind === 'chunks') return this.#goChunks(item, way, next, options)
    const taken = this.#taken(item, way)
    const onProgress = (done: number) => options.onProgress(done, taken)
    if (way.kind === 'whole') await this.#goWhole(item, { ...options, onProgress })
    else await this.#goDeltas(way, { ...options, onProgress })
    return taken
  }

  async #goWhole({ target }: WantedArtifact, { signal, onProgress }: Going): Promise<void> {
    const { download, reader, urls } = this.#options
    const ways = await reader.of(target, urls, signal).catch(() => null)
    const name = target.sha256.slice(0, 16)
    const table = ways?.blocks && (await reader.table(name, ways.blocks, target.length, urls, signal).catch(() => null))
    await download.fetch({ ...target, blocks: table ?? null }, artifactUrl(urls, target), { signal, onProgress })
  }

  async #goDeltas(way: DeltaWay, options: Going): Promise<void> {
    const { store, work, download } = this.#options
    const { signal } = options
    const files = way.steps.map(({ file }) => file)
    const from = way.from?.sha256 ?? null
    let before = 0
    for (const file of files) {
      before += await this.#files.file(file, { signal, onProgress: (done) => options.onProgress(before + done) })
    }
    let old = from
    for (const { file, makes } of way.steps) {
      await store.prepare(makes.sha256)
      const out = `${store.path(makes.sha256)}.made`
      await download.requireSpace(out, makes.length)
      const job = {
        delta: store.path(file.sha256),
        old: old === null ? null : store.path(old),
        out,
        length: makes.length,
      }
      await this.#files.make(
        job.out,
        makes,
        () => work.apply(job, signal),
        [file.sha256, ...(from === null ? [] : [from])],
        signal,
      )
      old = makes.sha256
    }
  }

  /** Null when they would save nothing. */
  async #goChunks(item: WantedArtifact, way: ChunksWay, next: Way | null, options: Bringing): Promise<TakenWay | null> {
    const { store, work, fetcher, urls, download } = this.#options
    const { target } = item
    const { index: indexFile, pack } = way.chunks
    const { signal } = options
    const provisional = this.#taken(item, next ?? way)
    const indexBytes = await this.#files.file(indexFile, {
      signal,
      onProgress: (done) => options.onProgress(done, provisional),
    })
    const indexPath = store.path(indexFile.sha256)
    const index = decodeChunkIndex(await readFile(indexPath))
    if (index.length !== target.length || index.packLength !== pack.length) {
      throw new AppError('sync.bad-delta', { detail: { why: 'index' } })
    }
    const held = this.#seeds(target)
    const seeds = held.map((sha256) => store.path(sha256))
    const found = await work.find({ index: indexPath, seeds }, signal)
    const bytes = indexBytes + missingBytes(index, found)
    if (next && bytes >= next.bytes) {
      this.#closed.add(target.sha256)
      return null
    }
    const taken = { ...this.#taken(item, way), bytes }
    const fetched = `${indexPath}.chunks`
    const url = wayUrl(urls, pack)
    const onProgress = (done: number) => options.onProgress(indexBytes + done, taken)
    await download.requireSpace(fetched, bytes + target.length)
    await fetchChunks({ index, found, url, path: fetched, fetcher, signal, onProgress })
    await store.prepare(target.sha256)
    const out = `${store.path(target.sha256)}.made`
    const job = { index: indexPath, found, seeds, fetched, out }
    await this.#files.make(out, target, () => work.assemble(job, signal), held, signal)
    return taken
  }

  /** What is held and might have something in common: of about the same size, the newest first. */
  #seeds({ length, sha256 }: FileFacts): string[] {
    const alike = this.#options.rows
      .all()
      .filter((row) => row.sha256 !== sha256 && row.length * 8 > length && row.length < length * 8)
    return alike
      .toSorted((a, b) => b.storedAt - a.storedAt)
      .slice(0, SEEDS)
      .map((row) => row.sha256)
  }

  /** What is taken if chunks save nothing: until their index is here, nobody knows. */
  async #after(item: WantedArtifact, signal: AbortSignal): Promise<Way> {
    const ways = await this.#open(item, signal)
    return ways.find(({ kind }) => kind !== 'chunks') ?? wholeOf(item.target)
  }

  #taken({ target }: WantedArtifact, way: Way): TakenWay {
    const refused = this.#refused.get(target.sha256) ?? []
    const from = way.kind === 'delta' || way.kind === 'chain' ? (way.from?.version ?? null) : null
    return { kind: way.kind, from, bytes: way.bytes, refused }
  }

  #refuse({ target }: WantedArtifact, { kind }: Pick<Way, 'kind'>, error: unknown): void {
    const reason = isAppError(error) ? error.toData() : toErrorData(error)
    const before = this.#refused.get(target.sha256) ?? []
    if (before.some((refused) => refused.kind === kind)) return
    this.#refused.set(target.sha256, [...before, { kind, reason }])
  }
}

/** Whether a failure is the way's own. A server that is overloaded or away would fail the next one, too. */
function blames(error: unknown): boolean {
  if (!isAppError(error)) return true
  if (error.code === 'sync.http') return Number(error.detail.status) < 500
  return !NOT_THE_WAY.includes(error.code)
}
