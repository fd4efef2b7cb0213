import { constants } from 'node:fs'
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError, type ErrorCode, isAppError } from '../../../../shared/errors.ts'

/** The folder that a pack is, wherever it is put. */
export const PACK_FOLDER = 'slipway-pack'
export const MANIFEST = 'pack.json'
/** Sealed logs and the receipts for them, a folder for each console in both. */
export const LOGS = 'logs'
export const RECEIPTS = 'receipts'

const READ_SIZE = 256 * 1024
/** A link is not followed, and a pipe that nobody writes to does not hold us. Windows has neither flag. */
const OPEN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * A folder that anybody may have written, read with suspicion: no links, no pipes, no devices, no names that climb.
 * What the bytes mean is for others to judge.
 */
export class PackFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** The pack in `chosen`, which may be the pack itself. Throws `pack.not-found`, `pack.bad-file`. */
  static async find(chosen: string): Promise<PackFolder> {
    for (const path of [chosen, join(chosen, PACK_FOLDER)]) {
      const folder = new PackFolder(path)
      if ((await folder.size(['metadata', 'timestamp.json'])) !== null) return folder
    }
    throw new AppError('pack.not-found', { detail: { folder: chosen } })
  }

  /** The same, and also a folder with nothing but logs and receipts. `whole`: it has signed files, too. */
  static async findAny(chosen: string): Promise<{ readonly folder: PackFolder; readonly whole: boolean }> {
    try {
      return { folder: await PackFolder.find(chosen), whole: true }
    } catch (error) {
      if (!isAppError(error, 'pack.not-found')) throw error
      const folder = new PackFolder(basename(chosen) === PACK_FOLDER ? chosen : join(chosen, PACK_FOLDER))
      for (const part of [LOGS, RECEIPTS]) if (await folder.#place([part], 'folder')) return { folder, whole: false }
      throw error
    }
  }

  /**
   * What lies in a folder, in order, `max` at the most; nothing when it is not there. Throws `pack.bad-file` (`why:
   * 'too-many'`), `pack.unreadable`.
   */
  async names(name: readonly string[], max: number): Promise<string[]> {
    const path = await this.#place(name, 'folder')
    if (path === null) return []
    const found: string[] = []
    try {
      for await (const entry of await opendir(path)) {
        if (found.length >= max) throw badFile(name, 'too-many')
        found.push(entry.name)
      }
    } catch (error) {
      throw isAppError(error) ? error : failure('pack.unreadable', name, error)
    }
    return found.sort()
  }

  /** Bytes of a file; null when it is not there. Throws `pack.bad-file`, `pack.unreadable`. */
  async size(name: readonly string[]): Promise<number | null> {
    const file = await this.#open(name)
    try {
      return file && (await file.stat()).size
    } finally {
      await file?.close()
    }
  }

  /** A small file, whole; null when it is not there. Throws `trust.too-large`, `pack.bad-file`, `pack.unreadable`. */
  async bytes(name: readonly string[], maxBytes: number): Promise<Uint8Array | null> {
    const file = await this.#open(name)
    if (!file) return null
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of this.#read(file, name, 0)) {
      length += part.length
      if (length > maxBytes) throw tooLarge(name, maxBytes)
      parts.push(part)
    }
    return Buffer.concat(parts)
  }

  /** A file from an offset to its end; null when it is not there. Ending early closes it. */
  async stream(name: readonly string[], from: number): Promise<AsyncGenerator<Uint8Array> | null> {
    const file = await this.#open(name)
    return file && this.#read(file, name, from)
  }

  async *#read(file: FileHandle, name: readonly string[], from: number): AsyncGenerator<Uint8Array> {
    try {
      for (let at = from; ; ) {
        const buffer = new Uint8Array(READ_SIZE)
        const { bytesRead } = await file.read(buffer, 0, READ_SIZE, at).catch((error: unknown) => {
          throw failure('pack.unreadable', name, error)
        })
        if (bytesRead === 0) return
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      // A stick that was pulled out fails here again; what matters was said above.
      await file.close().catch(() => {})
    }
  }

  /** Where something is, on a way of plain folders; null when it is not there. */
  async #place(name: readonly string[], kind: 'file' | 'folder'): Promise<string | null> {
    for (const part of name) requireName(part)
    let path = this.path
    for (const [index, part] of name.entries()) {
      path = join(path, part)
      const file = kind === 'file' && index === name.length - 1
      const found = await lstat(path).catch((error: unknown) => missing(error, name))
      if (!found) return null
      if (file ? !found.isFile() : !found.isDirectory()) throw badFile(name, file ? 'no-file' : 'no-folder')
    }
    return path
  }

  async #open(name: readonly string[]): Promise<FileHandle | null> {
    const path = await this.#place(name, 'file')
    if (path === null) return null
    const file = await open(path, OPEN).catch((error: unknown) => missing(error, name))
    if (file && !(await file.stat()).isFile()) {
      await file.close()
      throw badFile(name, 'no-file')
    }
    return file
  }
}

/** Refuses what could lead out of the folder on any system, and what not every file system can name. */
export function requireName(part: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (part === '' || /^\.\.?$|[/\\:*?"<>|\u0000-\u001f]|[. ]$/.test(part) || part.length > 255) {
    throw badFile([part.slice(0, 60)], 'name')
  }
}

export function failure(code: ErrorCode, name: readonly string[], cause: unknown): AppError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  return new AppError(code, { detail: { file: name.join('/').slice(0, 300), reason }, cause })
}

function missing(error: unknown, name: readonly string[]): null {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return null
  // The system's word for a link where none may be.
  if (code === 'ELOOP' || code === 'EMLINK') throw badFile(name, 'no-file')
  throw failure('pack.unreadable', name, error)
}

function badFile(name: readonly string[], why: string): AppError {
  return new AppError('pack.bad-file', { detail: { file: name.join('/').slice(0, 300), why } })
}

function tooLarge(name: readonly string[], limit: number): AppError {
  return new AppError('trust.too-large', { detail: { role: name.join('/').slice(0, 100), limit } })
}
