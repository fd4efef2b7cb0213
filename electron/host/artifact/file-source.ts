import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import { fill } from '../crypto/hash.ts'
import type { ArtifactSource } from './source.ts'

export interface OpenFile extends ArtifactSource {
  close(): Promise<void>
}

/** A file of this laptop. Throws `file.not-found`, `file.unreadable` (also for what is no file), `cancelled` while it is read. */
export async function openFile(path: string, signal: AbortSignal): Promise<OpenFile> {
  let handle: FileHandle | null = null
  try {
    handle = await open(path, 'r')
    const stat = await handle.stat()
    // A pipe or a device would be read for ever.
    if (!stat.isFile()) throw new AppError('file.unreadable', { detail: { path } })
    return sourceOf(handle, stat.size, path, signal)
  } catch (error) {
    await handle?.close()
    throw fileError(error, path)
  }
}

function sourceOf(handle: FileHandle, length: number, path: string, signal: AbortSignal): OpenFile {
  return {
    length,
    async read(offset, wanted) {
      signal.throwIfAborted()
      const buffer = new Uint8Array(Math.max(0, Math.min(wanted, length - offset)))
      try {
        return buffer.subarray(0, await fill(handle, buffer, offset))
      } catch (error) {
        throw fileError(error, path)
      }
    },
    close: () => handle.close(),
  }
}

function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError || !('code' in error)) return error
  const code = error.code === 'ENOENT' ? 'file.not-found' : 'file.unreadable'
  return new AppError(code, { detail: { path }, cause: error })
}
