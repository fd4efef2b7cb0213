import { createReadStream } from 'node:fs'
import type { WayFile, Ways } from '../../../../shared/model/ways.ts'
import { READ_SIZE } from '../../crypto/hash.ts'
import type { TargetInfo } from '../../trust/library.ts'
import type { DeltaDownloadOptions } from '../delta-download.ts'
import { DeltaFiles } from '../delta-files.ts'
import { WaysReader, waysPointer, wayUrl } from '../delta-ways.ts'
import type { RepositoryUrls } from '../repository-urls.ts'
import type { PackFile } from './pack-contents.ts'
import { packPath } from './pack-fetcher.ts'
import type { PackArtifact } from './pack-writer.ts'

/** What is on a pack in the place of an artifact: signed files from which others make it. */
export interface SmallPart {
  readonly large: readonly PackArtifact[]
  readonly small: readonly PackFile[]
  /** Of them all. */
  readonly bytes: number
}

export interface SmallFrom extends Omit<DeltaDownloadOptions, 'urls' | 'reader'> {
  readonly urls: RepositoryUrls
  /** Address of the repository. */
  readonly base: string
}

export interface SmallGoing {
  readonly signal: AbortSignal
  /** Bytes that have come for one artifact. */
  readonly onProgress: (done: number) => void
}

/** Fetches what consoles need that have one of the last releases, for one artifact after the other. */
export class SmallParts {
  readonly #from: SmallFrom
  readonly #reader: WaysReader
  readonly #files: DeltaFiles
  readonly #fetched: string[] = []

  constructor(from: SmallFrom) {
    this.#from = from
    this.#reader = new WaysReader(from.fetcher)
    this.#files = new DeltaFiles({ ...from, reader: this.#reader })
  }

  /** Null where the publisher made nothing that is smaller. Throws `sync.*`, `trust.*`, `document.*`, `disk.full`. */
  async of(target: TargetInfo, { signal, onProgress }: SmallGoing): Promise<SmallPart | null> {
    const { urls } = this.#from
    const pointer = waysPointer(target)
    const ways = await this.#reader.of(target, urls, signal)
    const files = ways && smallest(ways)
    if (!pointer || !files) return null
    const small = [this.#file(pointer, await this.#reader.bytes(pointer, urls, signal))]
    let done = 0
    for (const file of files) {
      const before = done
      done += await this.#files.file(file, { signal, onProgress: (of) => onProgress(before + of) })
      this.#fetched.push(file.sha256)
      if (!file.blocks) continue
      const table = await this.#reader.table(file.name, file.blocks, file.length, urls, signal)
      small.push(this.#file({ name: `${file.name}.blk`, ...file.blocks }, table))
    }
    const bytes = done + pointer.length
    return { large: files.map((file) => this.#large(file)), small, bytes }
  }

  /** Deletes what was fetched: it is on the pack. */
  drop(): Promise<void> {
    return this.#files.drop(this.#fetched)
  }

  #file(file: Pick<WayFile, 'name' | 'sha256' | 'length'>, bytes: Uint8Array): PackFile {
    return { name: packPath(wayUrl(this.#from.urls, file), this.#from.base), bytes }
  }

  #large(file: WayFile): PackArtifact {
    const { urls, base, store } = this.#from
    const stream = () => createReadStream(store.path(file.sha256), { highWaterMark: READ_SIZE })
    return { name: packPath(wayUrl(urls, file), base), sha256: file.sha256, length: file.length, stream }
  }
}

/** Every delta there is, since nobody knows which release the other side has; the compressed whole where that is less. */
function smallest({ deltas, compressed, length }: Ways): readonly WayFile[] | null {
  const all = [...new Map(deltas.flatMap(({ files }) => files).map((file) => [file.sha256, file])).values()]
  const sum = all.reduce((total, file) => total + file.length, 0)
  if (compressed && (all.length === 0 || compressed.length <= sum)) return [compressed]
  return all.length > 0 && sum < length ? all : null
}
