import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensurePrivateDir } from './store/private-files.ts'

export interface RotatingFileOptions {
  /** A file that would grow past this is put aside first, bytes. */
  readonly maxBytes: number
  /** Older files kept, as `NAME.1` (newest) to `NAME.KEEP`. */
  readonly keep: number
}

/**
 * A text file for its owner alone that cannot fill the disk. Lines are written before `write`
 * returns, so that the last line before a crash is there. A full disk drops lines, never the host.
 */
export class RotatingFile {
  readonly #path: string
  readonly #options: RotatingFileOptions
  #file: number | null = null
  #bytes = 0

  constructor(path: string, options: RotatingFileOptions) {
    this.#path = path
    this.#options = options
  }

  write(line: string): void {
    try {
      const bytes = Buffer.from(line, 'utf8')
      const file = this.#fileFor(bytes.length)
      writeSync(file, bytes)
      this.#bytes += bytes.length
    } catch {
      this.close()
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #fileFor(more: number): number {
    this.#file ??= this.#open()
    if (this.#bytes === 0 || this.#bytes + more <= this.#options.maxBytes) return this.#file
    this.close()
    for (let age = this.#options.keep; age > 0; age -= 1) {
      rename(age === 1 ? this.#path : `${this.#path}.${age - 1}`, `${this.#path}.${age}`)
    }
    this.#file = this.#open()
    return this.#file
  }

  #open(): number {
    ensurePrivateDir(dirname(this.#path))
    const file = openSync(this.#path, 'a', 0o600)
    this.#bytes = fstatSync(file).size
    return file
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
