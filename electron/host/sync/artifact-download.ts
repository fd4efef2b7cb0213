import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat, statfs, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { READ_SIZE } from '../crypto/hash.ts'
import type { ArtifactQueries } from '../store/artifacts.ts'
import { syncDir } from '../store/private-files.ts'
import { storeError } from '../store/store-error.ts'
import type { ArtifactStore, HashBlocks } from './artifact-store.ts'
import type { Fetcher } from './fetcher.ts'
import { PartProof } from './part-proof.ts'

/** Left free on the disk for the journal and the log, whatever is fetched. */
const RESERVE_BYTES = 64 * 1024 * 1024
/** Times that what came wrong is fetched again before it is given up. */
const AGAIN = 2

export interface ArtifactDownloadOptions {
  readonly store: ArtifactStore
  readonly rows: ArtifactQueries
  readonly fetcher: Fetcher
  readonly hash: HashBlocks
  readonly now: () => number
  readonly reserveBytes?: number
}

/** What is to be fetched, as signed. */
export interface Wanted {
  readonly sha256: string
  readonly length: number
  /** SHA-256 of each block; absent: only the whole can be proved, when it is here. */
  readonly blocks?: Uint8Array | null
}

export interface FetchOptions {
  readonly signal: AbortSignal
  /** Bytes that are here of `length`; may go back once, when the server begins anew. */
  readonly onProgress?: (done: number) => void
}

/** Fetches artifacts into the store. Can be stopped or killed at any byte and goes on from there. */
export class ArtifactDownload {
  readonly #options: ArtifactDownloadOptions

  constructor(options: ArtifactDownloadOptions) {
    this.#options = options
  }

  /** Bytes of an unfinished download that are here already. */
  async partBytes(sha256: string): Promise<number> {
    return sizeOf(`${this.#options.store.path(sha256)}.part`)
  }

  /** Bytes of a file that has its final name, verified or about to be recorded; 0 where there is none. */
  async wholeBytes(sha256: string): Promise<number> {
    return sizeOf(this.#options.store.path(sha256))
  }

  /**
   * Brings the whole file to its final name, verified and durable. It counts from the moment the caller records
   * it. Throws `trust.hash-mismatch`, `trust.length-mismatch`, `sync.*`, `disk.full`, `store.read-only`, `cancelled`.
   */
  async fetch(wanted: Wanted, url: string, options: FetchOptions): Promise<void> {
    const { store } = this.#options
    await store.prepare(wanted.sha256)
    if (await this.isHere(wanted, options.signal)) return
    const final = store.path(wanted.sha256)
    for (let again = AGAIN; ; again -= 1) {
      const resumes = (await sizeOf(`${final}.part`)) > 0
      try {
        await this.#fetchPart(`${final}.part`, wanted, url, options)
        await this.putInPlace(`${final}.part`, wanted.sha256)
        return
      } catch (error) {
        const coded = storeError(error)
        // What an earlier try had left was damaged, by a power cut for instance: once more, from the beginning. A block
        // that was damaged on its way comes once more alone.
        if (again > 0 && (resumes || wanted.blocks) && isAppError(coded, 'trust.hash-mismatch')) continue
        // What fills the disk must not keep the journal from being written.
        if (isAppError(coded, 'disk.full')) await this.#drop(`${final}.part`, wanted)
        throw options.signal.aborted ? new AppError('cancelled', { cause: error }) : coded
      }
    }
  }

  /** Gives a verified file its final name, durably. */
  async putInPlace(path: string, sha256: string): Promise<void> {
    const final = this.#options.store.path(sha256)
    // Content before name: a name that is durable and content that is not would be half a file.
    await syncFile(path)
    await rename(path, final)
    syncDir(dirname(final))
  }

  /** A file that was renamed just before a crash could record it. */
  async isHere(wanted: Wanted, signal: AbortSignal): Promise<boolean> {
    const final = this.#options.store.path(wanted.sha256)
    if ((await sizeOf(final)) !== wanted.length) return false
    return (await this.#options.hash(final, signal)).sha256 === wanted.sha256
  }

  async #fetchPart(path: string, wanted: Wanted, url: string, options: FetchOptions): Promise<void> {
    const { rows, fetcher, now } = this.#options
    const proof = new PartProof(wanted)
    const here = await this.#resume(path, wanted, proof, options.signal)
    await this.requireSpace(path, wanted.length - here)
    options.onProgress?.(here)
    if (here === wanted.length && wanted.length > 0) return this.#finish(path, wanted, proof)
    const etag = rows.part(wanted.sha256)?.etag ?? null
    const { sha256, length } = wanted
    const download = await fetcher.open(url, { from: here, etag, length, signal: options.signal })
    try {
      rows.setPart({ sha256, length, etag: download.etag, startedAt: now() })
      const begin = { proof: download.start === here ? proof : new PartProof(wanted), at: download.start }
      await this.#write(path, wanted, begin, download.body, options)
      return this.#finish(path, wanted, begin.proof)
    } finally {
      download.close?.()
    }
  }

  /** Proves what an earlier try has left as far as it can be, and says how much of it there is. */
  async #resume(path: string, wanted: Wanted, proof: PartProof, signal: AbortSignal): Promise<number> {
    const size = await sizeOf(path)
    if (size === 0) return 0
    if (size > wanted.length) {
      await this.#drop(path, wanted)
      return 0
    }
    for await (const bytes of createReadStream(path, { highWaterMark: READ_SIZE, signal })) {
      if (proof.push(bytes as Uint8Array)) continue
      await truncate(path, proof.proved ?? 0)
      return proof.proved ?? 0
    }
    return size
  }

  async #write(
    path: string,
    wanted: Wanted,
    begin: { proof: PartProof; at: number },
    body: AsyncIterable<Uint8Array>,
    options: FetchOptions,
  ): Promise<void> {
    const file = await open(path, begin.at === 0 ? 'w' : 'r+', 0o600)
    let { at } = begin
    try {
      for await (const bytes of body) {
        if (at + bytes.length > wanted.length) throw await this.#wrongLength(path, wanted, at + bytes.length)
        await writeAll(file, bytes, at)
        at += bytes.length
        if (!begin.proof.push(bytes)) {
          const offset = begin.proof.proved ?? 0
          await file.truncate(offset)
          throw new AppError('trust.hash-mismatch', { detail: { target: wanted.sha256, offset } })
        }
        options.onProgress?.(at)
      }
      if (at < wanted.length) throw new AppError('sync.stalled', { detail: { done: at, length: wanted.length } })
    } finally {
      await file.close()
    }
  }

  async #finish(path: string, wanted: Wanted, proof: PartProof): Promise<void> {
    const found = proof.hex()
    if (found === wanted.sha256) return
    await this.#drop(path, wanted)
    throw new AppError('trust.hash-mismatch', { detail: { target: wanted.sha256, found } })
  }

  async #wrongLength(path: string, wanted: Wanted, found: number): Promise<AppError> {
    await this.#drop(path, wanted)
    const { sha256, length } = wanted
    return new AppError('trust.length-mismatch', { detail: { target: sha256, found, expected: length } })
  }

  async #drop(path: string, wanted: Wanted): Promise<void> {
    this.#options.rows.removePart(wanted.sha256)
    await rm(path, { force: true })
  }

  /** Said before the first byte rather than after the last that fits. */
  async requireSpace(path: string, needed: number): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(path))
    const free = bavail * bsize - (this.#options.reserveBytes ?? RESERVE_BYTES)
    if (needed > free) throw new AppError('disk.full', { detail: { needed, free: Math.max(0, free) } })
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    // Not there, or not to be seen: nothing that could be continued.
    return 0
  }
}
