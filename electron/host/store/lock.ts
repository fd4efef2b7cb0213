import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { ensurePrivateDir } from './private-files.ts'
import { storeError } from './store-error.ts'

export interface Lock {
  release(): void
}

/**
 * Takes the one lock of a data folder. It is a lock of the operating system, held through an empty
 * SQLite file, so it ends with the process however that ends; a second holder, in this process or
 * another, gets `host.already-running`.
 *
 * The file must never be opened in any other way while it is held: on POSIX systems closing another
 * descriptor of the same file drops the lock.
 */
export function takeLock(path: string): Lock {
  let holder: Database.Database | undefined
  try {
    ensurePrivateDir(dirname(path))
    holder = new Database(path, { timeout: 0 })
    // By name, not through a descriptor: see above.
    if (process.platform !== 'win32') chmodSync(path, 0o600)
    holder.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    holder?.close()
    const coded = storeError(error)
    if (coded instanceof AppError && coded.code === 'store.locked') {
      throw new AppError('host.already-running', { cause: error })
    }
    throw coded
  }
  const held = holder
  return { release: () => held.close() }
}
