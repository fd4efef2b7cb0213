import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { OfferedPart } from '../api/services.ts'

interface Offered {
  readonly path: string
  readonly length: number
  received: number
  idle: ReturnType<typeof setTimeout>
}

/** More than any device takes, and less than a disk. */
const MAX_LENGTH = 16 * 1024 ** 3
/** Several pages may look at a file each; more is a page that never finishes what it starts. */
const MAX_FILES = 4
/** A page that went away in the middle leaves its file no longer than this, ms. */
const IDLE_MS = 60_000

/** Files that a page hands over to be looked at, held in a folder of their own until that is done. */
export class OfferedFiles {
  readonly #dir: string
  readonly #files = new Map<string, Offered>()

  /** `dir` is emptied first: what a killed host left there is of no use to anybody. */
  constructor(dir: string) {
    this.#dir = dir
  }

  async clear(): Promise<void> {
    await rm(this.#dir, { recursive: true, force: true })
  }

  /**
   * Adds the next part. `whole`: where the file is, once it is all there; whoever takes it calls {@link forget}. Throws
   * `rpc.bad-input` for a part out of order, `file.too-large`, `disk.full`.
   */
  async take({ file, length, offset, bytes }: OfferedPart): Promise<{ received: number; whole: string | null }> {
    const offered = this.#files.get(file) ?? (await this.#begin(file, length))
    const part = Buffer.from(bytes, 'base64')
    if (offset !== offered.received || length !== offered.length || offset + part.length > length) {
      await this.forget(file)
      throw new AppError('rpc.bad-input', { detail: { at: 'offset', offset, received: offered.received } })
    }
    // Counted before it is written: a second part of the same place, sent at the same time, is out of order.
    offered.received += part.length
    try {
      await append(offered.path, part)
    } catch (error) {
      await this.forget(file)
      throw diskError(error)
    }
    offered.idle.refresh()
    return { received: offered.received, whole: offered.received === length ? offered.path : null }
  }

  async forget(file: string): Promise<void> {
    const offered = this.#files.get(file)
    if (!offered) return
    clearTimeout(offered.idle)
    this.#files.delete(file)
    await rm(offered.path, { force: true })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.keys()].map((file) => this.forget(file)))
  }

  async #begin(file: string, length: number): Promise<Offered> {
    if (length > MAX_LENGTH) throw new AppError('file.too-large', { detail: { length, limit: MAX_LENGTH } })
    const oldest = this.#files.size >= MAX_FILES ? this.#files.keys().next().value : undefined
    if (oldest !== undefined) await this.forget(oldest)
    const idle = setTimeout(() => void this.forget(file).catch(() => {}), IDLE_MS)
    idle.unref()
    const offered: Offered = { path: join(this.#dir, `${file}.part`), length, received: 0, idle }
    this.#files.set(file, offered)
    await mkdir(this.#dir, { recursive: true, mode: 0o700 })
    return offered
  }
}

async function append(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'a', 0o600)
  try {
    await handle.writeFile(bytes)
  } finally {
    await handle.close()
  }
}

function diskError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  return new AppError(error.code === 'ENOSPC' ? 'disk.full' : 'store.read-only', { cause: error })
}
