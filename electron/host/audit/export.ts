import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { SegmentRow } from '../store/outbox.ts'
import { storeError } from '../store/store-error.ts'

/**
 * Copies the sealed segments that wait for upload to `path`, for another machine to carry; from the
 * second on with a number before the extension. Never writes over a file: throws `file.unreadable`
 * (with `why: 'exists'`), `disk.full`, `store.read-only`.
 */
export async function exportSegments(
  outboxDir: string,
  segments: readonly SegmentRow[],
  path: string,
): Promise<number> {
  let entries = 0
  for (const [index, { id, first, last }] of segments.entries()) {
    const target = index === 0 ? path : numbered(path, index + 1)
    try {
      await copyFile(join(outboxDir, id), target, constants.COPYFILE_EXCL)
    } catch (error) {
      throw coded(error, target)
    }
    entries += last - first + 1
  }
  return entries
}

function numbered(path: string, n: number): string {
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}-${n}${ext}`)
}

function coded(error: unknown, path: string): unknown {
  const known = storeError(error, { path })
  if (known instanceof AppError) return known
  const errno = error instanceof Error && 'code' in error ? error.code : undefined
  if (errno === 'EEXIST') return new AppError('file.unreadable', { detail: { path, why: 'exists' }, cause: error })
  if (errno === 'ENOENT') return new AppError('file.not-found', { detail: { path }, cause: error })
  return new AppError('file.unreadable', { detail: { path }, cause: error })
}
