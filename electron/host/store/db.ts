import Database from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { MIGRATIONS } from './migrations/index.ts'

export interface DbOptions {
  /** Called after each commit, with the count of commits so far. */
  readonly onCommit?: (count: number) => void
}

/** The console's one database connection. Every write goes through {@link Db.tx}. */
export class Db {
  readonly #sqlite: Database.Database
  readonly #onCommit: ((count: number) => void) | undefined
  #commits = 0

  private constructor(sqlite: Database.Database, options: DbOptions) {
    this.#sqlite = sqlite
    this.#onCommit = options.onCommit
  }

  /** Opens or creates the database and brings its schema up to date. Throws `store.*`, `disk.full`. */
  static open(path: string, options: DbOptions = {}): Db {
    const sqlite = new Database(path)
    sqlite.pragma('journal_mode = WAL')
    // A journal whose last commit a power cut may lose is no journal (STYLE: NORMAL may lose it).
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    const version = sqlite.pragma('user_version', { simple: true }) as number
    if (version > MIGRATIONS.length) {
      throw new AppError('store.from-the-future', { detail: { found: version, known: MIGRATIONS.length } })
    }
    for (const migration of MIGRATIONS.slice(version)) {
      sqlite.transaction(() => {
        sqlite.exec(migration.sql)
        sqlite.pragma(`user_version = ${migration.version}`)
      })()
    }
    return new Db(sqlite, options)
  }

  prepare<P extends unknown[] | object = unknown[], R = unknown>(
    sql: string,
  ): Database.Statement<P extends unknown[] ? P : [P], R> {
    return this.#sqlite.prepare(sql) as unknown as Database.Statement<P extends unknown[] ? P : [P], R>
  }

  /** Runs `work` in one durable transaction; a throw undoes all of it. Nested calls join the outer one. */
  tx<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work()
    const result = this.#sqlite.transaction(work).immediate()
    this.#commits += 1
    this.#onCommit?.(this.#commits)
    return result
  }

  close(): void {
    this.#sqlite.close()
  }
}
