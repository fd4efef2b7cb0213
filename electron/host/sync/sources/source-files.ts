import { open } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors.ts'

const PIECE = 1024 * 1024

/** A root that a person brings, of `limit` bytes at most. Throws `file.not-found`, `file.unreadable`, `trust.too-large`. */
export async function readRoot(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    const code = codeOf(cause)
    if (code === 'ENOENT') throw new AppError('file.not-found', { detail: { path }, cause })
    throw new AppError('file.unreadable', { detail: { path, reason: code }, cause })
  })
  try {
    const { size } = await file.stat()
    if (size > limit) throw new AppError('trust.too-large', { detail: { role: 'root', limit, length: size } })
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Never over a file that is there. Throws `file.unreadable`, `cancelled` and what reading throws. */
export async function writeNewFile(
  path: string,
  from: { readonly length: number; read(offset: number, length: number): Promise<Uint8Array> },
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw new AppError('file.unreadable', { detail: { path, reason: codeOf(cause) }, cause })
  })
  try {
    for (let at = 0; at < from.length; ) {
      signal.throwIfAborted()
      const bytes = await from.read(at, PIECE)
      await file.writeFile(bytes)
      at += bytes.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
