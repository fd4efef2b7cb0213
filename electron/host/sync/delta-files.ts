import { rm } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import type { FileFacts, WayFile } from '../../../shared/model/ways.ts'
import type { ArtifactQueries } from '../store/artifacts.ts'
import type { ArtifactDownload } from './artifact-download.ts'
import type { ArtifactStore } from './artifact-store.ts'
import type { Way } from './delta-plan.ts'
import { type WaysReader, wayUrl } from './delta-ways.ts'
import type { RepositoryUrls } from './repository-urls.ts'
import type { WantedArtifact } from './wanted.ts'

export interface DeltaFilesOptions {
  readonly download: ArtifactDownload
  readonly store: ArtifactStore
  readonly rows: ArtifactQueries
  readonly reader: WaysReader
  readonly urls: RepositoryUrls
}

export interface Going {
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

/** The files that ways are made of, in the artifacts' own folder: none of them has a row, so nobody else sees them. */
export class DeltaFiles {
  readonly #options: DeltaFilesOptions

  constructor(options: DeltaFilesOptions) {
    this.#options = options
  }

  /** Fetches one file of a way, each block of it proved. Returns what it moved, its table included. */
  async file(file: WayFile, { signal, onProgress }: Going): Promise<number> {
    const { download, reader, urls } = this.#options
    const extra = file.blocks?.length ?? 0
    const { sha256, length } = file
    if (!(await download.isHere({ sha256, length }, signal))) {
      const blocks = file.blocks && (await reader.table(file.name, file.blocks, file.length, urls, signal))
      const url = wayUrl(urls, file)
      await download.fetch({ ...file, blocks }, url, { signal, onProgress: (done) => onProgress(extra + done) })
    }
    onProgress(extra + file.length)
    return extra + file.length
  }

  /** Makes a file and gives it its name, if it has the hash that it must have. `used`: what it was made from. */
  async make(
    out: string,
    makes: FileFacts,
    work: () => Promise<FileFacts>,
    used: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { download, store, rows } = this.#options
    try {
      const { sha256 } = await work()
      if (sha256 !== makes.sha256)
        throw new AppError('trust.hash-mismatch', { detail: { target: makes.sha256, found: sha256 } })
      await download.putInPlace(out, makes.sha256)
    } catch (error) {
      await rm(out, { force: true })
      signal.throwIfAborted()
      // What was held may have been damaged by the disk: it is proved again, and forgotten when it is.
      for (const sha256 of used) {
        if (!rows.get(sha256)) await this.drop([sha256])
        else
          await store.open(sha256, signal).then(
            (reader) => reader.close(),
            () => {},
          )
      }
      throw error
    }
  }

  /** Everything that was fetched or made on a way and is no artifact that is held. */
  async dropWay(way: Way): Promise<void> {
    const { store } = this.#options
    if (way.kind === 'whole') return
    if (way.kind === 'chunks') {
      await rm(`${store.path(way.chunks.index.sha256)}.chunks`, { force: true })
      await this.drop([way.chunks.index.sha256])
      return
    }
    const passed = way.steps.slice(0, -1).map(({ makes }) => makes.sha256)
    await this.drop([...way.steps.map(({ file }) => file.sha256), ...passed])
  }

  /** Bytes of a way that are here already. */
  async here({ target }: WantedArtifact, way: Way): Promise<number> {
    const { download } = this.#options
    if (way.kind === 'whole') return download.partBytes(target.sha256)
    const files = way.kind === 'chunks' ? [way.chunks.index] : way.steps.map(({ file }) => file)
    let here = 0
    for (const { sha256 } of files) here += (await download.partBytes(sha256)) || (await download.wholeBytes(sha256))
    return here
  }

  /** Deletes these files where they are no artifacts that are held. */
  async drop(files: readonly string[]): Promise<void> {
    const { store, rows } = this.#options
    for (const sha256 of files) {
      if (rows.get(sha256)) continue
      rows.removePart(sha256)
      for (const end of ['', '.part']) await rm(`${store.path(sha256)}${end}`, { force: true })
    }
  }
}
