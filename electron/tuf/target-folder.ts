import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError, isAppError } from '../../shared/errors.ts'
import { fileError, syncFolder } from '../depot/files.ts'
import { createHasher, type Hasher, hashFile } from '../host/crypto/hash.ts'
import type { Fetcher } from '../host/sync/fetcher.ts'
import { encodeName } from '../host/sync/repository-urls.ts'
import type { FoundTarget } from '../host/trust/lookup.ts'
import type { TargetFacts } from '../host/trust/targets-metadata.ts'

export interface TargetFolderOptions {
  readonly dir: string
  readonly fetcher: Fetcher
  readonly signal: AbortSignal
}

export interface StoredTarget {
  readonly file: string
  /** False: it was here already, whole and right, and nothing was asked for. */
  readonly fetched: boolean
}

/** Downloaded targets, one file each. Memory stays flat whatever their size. */
export class TargetFolder {
  readonly #options: TargetFolderOptions

  constructor(options: TargetFolderOptions) {
    this.#options = options
  }

  /**
   * Brings the target to its file, verified and durable (TUF 5.7). Throws `trust.hash-mismatch`,
   * `trust.length-mismatch`, `sync.*`, `disk.full`, `file.unreadable`, `cancelled`.
   */
  async store({ path, facts }: FoundTarget, url: string): Promise<StoredTarget> {
    const file = join(this.#options.dir, encodeName(path))
    // No name of a target is encoded like this: `pa` are no hexadecimal digits.
    const part = `${file}%part`
    try {
      requireHashes(facts, path)
      if (await this.#isHere(file, facts)) return { file, fetched: false }
      await mkdir(dirname(file), { recursive: true })
      await this.#fetch(part, facts, path, url)
      await rename(part, file)
      await syncFolder(dirname(file))
      return { file, fetched: true }
    } catch (error) {
      if (this.#options.signal.aborted) throw new AppError('cancelled', { cause: error })
      throw fileError(error, file)
    }
  }

  async #isHere(file: string, facts: TargetFacts): Promise<boolean> {
    if ((await sizeOf(file)) !== facts.length) return false
    const hashers = new Hashers(facts)
    await hashFile(file, { into: hashers, signal: this.#options.signal })
    return hashers.match()
  }

  /** Goes on from what an earlier try has left; where that turns out to be wrong, once more from the beginning. */
  async #fetch(part: string, facts: TargetFacts, path: string, url: string): Promise<void> {
    const resumes = (await sizeOf(part)) !== null
    try {
      await this.#fetchRest(part, facts, path, url)
    } catch (error) {
      const wrong = isWrongContent(error)
      if (wrong) await rm(part, { force: true })
      if (!wrong || !resumes) throw error
      await this.#fetch(part, facts, path, url)
    }
  }

  async #fetchRest(part: string, facts: TargetFacts, path: string, url: string): Promise<void> {
    const { fetcher, signal } = this.#options
    const here = (await sizeOf(part)) ?? 0
    if (here > facts.length) throw tooLong(path, here, facts.length)
    let hashers = new Hashers(facts)
    if (here > 0) await hashFile(part, { into: hashers, signal })
    const complete = here === facts.length && here > 0
    if (!complete) {
      const download = await fetcher.open(url, { from: here, etag: null, signal })
      if (download.start !== here) hashers = new Hashers(facts)
      const end = await append(
        part,
        download.start,
        limited(download.body, facts.length - download.start, path),
        hashers,
      )
      if (end !== facts.length) throw new AppError('sync.stalled', { detail: { done: end, length: facts.length } })
    }
    if (!hashers.match()) throw new AppError('trust.hash-mismatch', { detail: { target: path.slice(0, 200) } })
  }
}

/** All hashes that are named, over one reading. */
class Hashers implements Hasher {
  readonly #each: readonly { readonly wanted: string; readonly hasher: Hasher }[]

  constructor(facts: TargetFacts) {
    this.#each = [...facts.hashes].map(([algorithm, wanted]) => ({ wanted, hasher: createHasher(algorithm) }))
  }

  update(bytes: Uint8Array): void {
    for (const { hasher } of this.#each) hasher.update(bytes)
  }

  hex(): string {
    return this.#each.map(({ hasher }) => hasher.hex()).join(' ')
  }

  peekHex(): string {
    return this.#each.map(({ hasher }) => hasher.peekHex()).join(' ')
  }

  match(): boolean {
    return this.hex() === this.#each.map(({ wanted }) => wanted).join(' ')
  }
}

/** A server that goes on and on is not listened to (TUF 5.7.2). */
async function* limited(body: AsyncIterable<Uint8Array>, left: number, path: string): AsyncGenerator<Uint8Array> {
  let found = 0
  for await (const bytes of body) {
    found += bytes.length
    if (found > left) throw tooLong(path, found, left)
    yield bytes
  }
}

/** 416: the server's file ends before the place where ours would go on (RFC 9110 15.5.17). */
function isWrongContent(error: unknown): boolean {
  if (!isAppError(error)) return false
  if (error.code === 'sync.http') return error.detail.status === 416
  return error.code === 'trust.hash-mismatch' || error.code === 'trust.length-mismatch'
}

function tooLong(path: string, found: number, expected: number): AppError {
  return new AppError('trust.length-mismatch', { detail: { target: path.slice(0, 200), found, expected } })
}

/** Where the file ends afterwards, durably. */
async function append(part: string, start: number, body: AsyncIterable<Uint8Array>, hashers: Hashers): Promise<number> {
  const file = await open(part, start === 0 ? 'w' : 'r+', 0o644)
  let at = start
  try {
    for await (const bytes of body) {
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
      }
      hashers.update(bytes)
      at += bytes.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return at
}

/** Hashes of which we trust none are a refusal, not a licence. */
function requireHashes(facts: TargetFacts, path: string): void {
  if (facts.hashes.size === 0) throw new AppError('trust.hash-mismatch', { detail: { target: path.slice(0, 200) } })
}

/** Null: not there, or not to be seen. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch {
    return null
  }
}
