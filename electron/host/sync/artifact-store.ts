import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { BlockHashes } from '../crypto/hash.ts'
import type { ArtifactQueries } from '../store/artifacts.ts'
import { storeError } from '../store/store-error.ts'
import { ArtifactReader } from './artifact-store-reader.ts'

/** Hashes a file off the host's loop; the worker pool in the product. */
export type HashBlocks = (path: string, signal: AbortSignal) => Promise<BlockHashes>

export interface ArtifactStoreOptions {
  /** `<dataDir>/artifacts`; made when it is first needed. */
  readonly dir: string
  readonly rows: ArtifactQueries
  readonly hash: HashBlocks
}

/**
 * Whole, verified artifacts by their SHA-256, in a folder that nobody else writes: `aa/aabb...`. A file counts
 * when the database says so, and is verified again each time it is opened: the disk is not trusted.
 */
export class ArtifactStore {
  readonly #options: ArtifactStoreOptions

  constructor(options: ArtifactStoreOptions) {
    this.#options = options
  }

  has(sha256: string): boolean {
    return this.#options.rows.get(sha256) !== null
  }

  /** Bytes of everything that is held. */
  totalBytes(): number {
    return this.#options.rows.totalBytes()
  }

  path(sha256: string): string {
    return join(this.#options.dir, sha256.slice(0, 2), sha256)
  }

  /**
   * Opens an artifact for reading after hashing all of it. Throws `artifact.missing`, `artifact.corrupt`,
   * `file.unreadable`, `cancelled`. A corrupt one is forgotten, so that the next sync fetches it again.
   */
  async open(sha256: string, signal: AbortSignal): Promise<ArtifactReader> {
    const row = this.#options.rows.get(sha256)
    if (!row) throw new AppError('artifact.missing', { detail: { sha256 } })
    const hashes = await this.#hash(sha256, signal)
    if (hashes.sha256 !== sha256 || hashes.length !== row.length) {
      this.#options.rows.remove(sha256)
      throw new AppError('artifact.corrupt', { detail: { sha256, found: hashes.sha256 } })
    }
    return ArtifactReader.open(this.path(sha256), hashes)
  }

  /** Forgets and deletes every artifact that is not in `keep`, and files that belong to none. Returns the bytes freed. */
  async sweep(keep: ReadonlySet<string>): Promise<number> {
    const { rows, dir } = this.#options
    let freed = 0
    for (const row of rows.all()) {
      if (keep.has(row.sha256)) continue
      // The row first: a file without a row is only litter, a row without a file is a promise broken.
      rows.remove(row.sha256)
      await rm(this.path(row.sha256), { force: true })
      freed += row.length
    }
    for (const folder of await entries(dir)) {
      for (const file of await entries(join(dir, folder))) {
        const sha256 = file.replace(/\.part$/, '')
        if (keep.has(sha256)) continue
        rows.removePart(sha256)
        await rm(join(dir, folder, file), { force: true })
      }
    }
    return freed
  }

  /** Makes the folder in which an artifact will lie. Throws `disk.full`, `store.read-only`. */
  async prepare(sha256: string): Promise<void> {
    await makeFolder(this.#options.dir)
    await makeFolder(join(this.#options.dir, sha256.slice(0, 2)))
  }

  async #hash(sha256: string, signal: AbortSignal): Promise<BlockHashes> {
    try {
      return await this.#options.hash(this.path(sha256), signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'file.not-found') throw error
      this.#options.rows.remove(sha256)
      throw new AppError('artifact.missing', { detail: { sha256 }, cause: error })
    }
  }
}

/** One level, since `recursive` says "not found" of a medium that cannot be written. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw storeError(error)
  }
}

async function entries(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch {
    // A folder that is not there holds nothing.
    return []
  }
}
