import type Database from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import type { Migration } from './migrations/migration.ts'
import { storeError } from './store-error.ts'

/** A list with a gap or a repeat would leave two consoles of one version with two schemas. */
export function checkNumbering(migrations: readonly Migration[]): void {
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1)
      throw new AppError('store.migration-failed', { detail: { version, name, why: 'number' } })
  })
}

/**
 * Runs what is newer than `from`, one transaction each, so that a failure leaves the schema of the
 * last step that succeeded. Throws `store.migration-failed`, or `disk.full` and its like.
 */
export function migrate(sqlite: Database.Database, migrations: readonly Migration[], from: number): void {
  for (const { version, name, sql } of migrations.slice(from)) {
    try {
      sqlite
        .transaction(() => {
          sqlite.exec(sql)
          sqlite.pragma(`user_version = ${version}`)
        })
        .immediate()
    } catch (error) {
      const coded = storeError(error, { version })
      if (coded instanceof AppError) throw coded
      throw new AppError('store.migration-failed', { detail: { version, name, why: 'sql' }, cause: error })
    }
  }
}
