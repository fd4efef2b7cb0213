import Database from 'better-sqlite3'
import { AppError, type ErrorCode, type ErrorDetail } from '../../../shared/errors.ts'

/** SQLite result codes, by the longest prefix that fits (https://www.sqlite.org/rescode.html). */
const BY_SQLITE_CODE: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'disk.full'],
  // What was read is not what was written: the medium or the file system has lost something.
  ['SQLITE_IOERR_READ', 'store.corrupt'],
  ['SQLITE_IOERR_SHORT_READ', 'store.corrupt'],
  ['SQLITE_IOERR_CORRUPTFS', 'store.corrupt'],
  ['SQLITE_IOERR_DATA', 'store.corrupt'],
  ['SQLITE_IOERR', 'disk.full'],
  ['SQLITE_CORRUPT', 'store.corrupt'],
  ['SQLITE_NOTADB', 'store.corrupt'],
  ['SQLITE_READONLY', 'store.read-only'],
  ['SQLITE_CANTOPEN', 'store.read-only'],
  ['SQLITE_PERM', 'store.read-only'],
  ['SQLITE_BUSY', 'store.locked'],
  ['SQLITE_LOCKED', 'store.locked'],
]

const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk.full',
  EDQUOT: 'disk.full',
  EROFS: 'store.read-only',
  EACCES: 'store.read-only',
  EPERM: 'store.read-only',
}

function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof Database.SqliteError) {
    return BY_SQLITE_CODE.find(([prefix]) => error.code.startsWith(prefix))?.[1]
  }
  const errno = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof errno === 'string' ? BY_ERRNO[errno] : undefined
}

/**
 * What the database or the file system threw, as one of `disk.full`, `store.corrupt`,
 * `store.read-only`, `store.locked`; anything else (a broken constraint, a bug) comes back as it was.
 */
export function storeError(error: unknown, detail: ErrorDetail = {}): unknown {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const sqlite = error instanceof Database.SqliteError ? { sqlite: error.code } : {}
  return new AppError(code, { detail: { ...detail, ...sqlite }, cause: error })
}

/** Whether a row was refused by the schema itself: a key that is taken, a reference to nothing. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')
}
