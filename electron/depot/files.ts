import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

export interface WriteOptions {
  /** 0o600 for what nobody else may read. Public files are readable by a web server of another user. */
  readonly mode?: number
}

/** Writes a file so that its name never stands for half of it, and is on the disk when this returns. Throws `disk.full`. */
export async function writeFileDurably(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  const unfinished = `${path}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(unfinished, 'w', options.mode ?? 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw fileError(error, path)
  }
}

/** Makes a new name durable. Windows does so by itself, and refuses this. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Null when there is no such file. Throws `file.unreadable`. */
export async function readFileIfAny(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errno(error) === 'ENOENT') return null
    throw fileError(error, path)
  }
}

/** Paths of all files below a folder, relative to it, with `/`, in order. A folder that is not there holds none. */
export async function filesBelow(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const paths = files.map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    return paths.toSorted()
  } catch (error) {
    if (errno(error) === 'ENOENT') return []
    throw fileError(error, dir)
  }
}

/** What the file system threw, as a coded error. */
export function fileError(error: unknown, path: string): unknown {
  const code = errno(error)
  if (code === 'ENOENT') return new AppError('file.not-found', { detail: { path }, cause: error })
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk.full', { detail: { path }, cause: error })
  if (code !== '') return new AppError('file.unreadable', { detail: { path, reason: code }, cause: error })
  return error
}

function errno(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !(error instanceof AppError)
    ? error.code
    : ''
}
