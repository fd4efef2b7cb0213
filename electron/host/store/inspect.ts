import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'

/** What is known of a database file before anything may write to it. */
export interface Inspection {
  /** `user_version`; 0 is a database that has yet to be made. */
  readonly version: number
  /** The last process to use it did not close it. */
  readonly unclean: boolean
}

/**
 * Looks at a database through a read-only connection, so that a file which must not be touched is
 * not touched. Throws `store.from-the-future` when its schema is newer than `known`, and
 * `store.corrupt` when SQLite cannot vouch for it.
 */
export function inspectDatabase(path: string, known: number): Inspection {
  if (sizeOf(path) === 0) return { version: 0, unclean: false }
  // A clean close folds the write-ahead log into the file and removes it.
  const unclean = sizeOf(`${path}-wal`) > 0
  const reader = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 })
  try {
    const version = Number(reader.pragma('user_version', { simple: true }))
    if (version > known) throw new AppError('store.from-the-future', { detail: { found: version, known } })
    if (version === 0 && reader.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
      throw new AppError('store.corrupt', { detail: { why: 'not-our-database' } })
    }
    if (unclean) quickCheck(reader)
    return { version, unclean }
  } finally {
    reader.close()
  }
}

function quickCheck(reader: Database.Database): void {
  const found = reader.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new AppError('store.corrupt', { detail: { why: 'quick-check', found: String(found) } })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
