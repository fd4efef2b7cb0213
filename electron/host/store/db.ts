import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { backUp } from './backup.ts'
import { type Inspection, inspectDatabase } from './inspect.ts'
import { type Lock, takeLock } from './lock.ts'
import { checkNumbering, migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { ensurePrivateFile } from './private-files.ts'
import { type Statement, statement } from './statement.ts'
import { storeError } from './store-error.ts'

export interface DbOptions {
  /** Called after each commit, with the count of commits so far. */
  readonly onCommit?: (count: number) => void
  /** Called when everything of a transaction is written and only the commit is missing. */
  readonly beforeCommit?: () => void
  /** Names backup files; ms since 1970. */
  readonly now?: () => number
  readonly migrations?: readonly Migration[]
}

/** A transaction may wait this long for another process, a support tool for instance, ms. */
const BUSY_TIMEOUT_MS = 2000
/** The write-ahead log is cut back to this after a checkpoint, bytes. */
const WAL_LIMIT = 16 * 1024 * 1024

/** The console's one database connection. Every write goes through {@link Db.tx}. */
export class Db {
  /** The last host did not close the database: whoever cares about loose ends should look for them. */
  readonly unclean: boolean
  readonly #sqlite: Database.Database
  readonly #lock: Lock | null
  readonly #onCommit: ((count: number) => void) | undefined
  readonly #beforeCommit: (() => void) | undefined
  #commits = 0

  private constructor(sqlite: Database.Database, lock: Lock | null, found: Inspection, options: DbOptions) {
    this.#sqlite = sqlite
    this.#lock = lock
    this.unclean = found.unclean
    this.#onCommit = options.onCommit
    this.#beforeCommit = options.beforeCommit
  }

  /**
   * Opens or creates the database, checks it after an unclean end, keeps a backup before it changes
   * an older schema, and brings the schema up to date. `:memory:` is for tests.
   *
   * Throws `host.already-running`, `store.from-the-future`, `store.corrupt` (with where backups are),
   * `store.locked`, `store.read-only`, `store.migration-failed`, `disk.full`. A file that is refused
   * is left as it was.
   */
  static open(path: string, options: DbOptions = {}): Db {
    const migrations = options.migrations ?? MIGRATIONS
    checkNumbering(migrations)
    if (path === ':memory:') {
      const sqlite = new Database(path)
      migrate(configured(sqlite), migrations, 0)
      return new Db(sqlite, null, { version: 0, unclean: false }, options)
    }
    const backups = join(dirname(path), 'backups')
    return coded({ file: path, backups }, () => {
      const lock = takeLock(`${path}.lock`)
      try {
        const found = inspectDatabase(path, migrations.length)
        const { version } = found
        ensurePrivateFile(path)
        const sqlite = new Database(path, { timeout: BUSY_TIMEOUT_MS })
        try {
          configured(sqlite)
          const outdated = version > 0 && version < migrations.length
          if (outdated) backUp(sqlite, backups, version, (options.now ?? Date.now)())
          migrate(sqlite, migrations, version)
          return new Db(sqlite, lock, found, options)
        } catch (error) {
          sqlite.close()
          throw error
        }
      } catch (error) {
        lock.release()
        throw error
      }
    })
  }

  /**
   * Compiles a statement once, for use as often as one likes. Its failures are coded like those of
   * {@link Db.tx}; a write outside of a transaction becomes one of its own.
   */
  prepare<P extends unknown[] | object = unknown[], R = unknown>(
    sql: string,
  ): Statement<P extends unknown[] ? P : [P], R> {
    return statement(this.#sqlite.prepare(sql), (work) => this.tx(work)) as Statement<P extends unknown[] ? P : [P], R>
  }

  /**
   * Runs `work` in one durable transaction; a throw undoes all of it. Nested calls join the outer one.
   * Throws what `work` threw, and `disk.full`, `store.corrupt`, `store.read-only`, `store.locked`.
   */
  tx<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work()
    const whole = () => {
      const done = work()
      this.#beforeCommit?.()
      return done
    }
    const result = coded({}, () => this.#sqlite.transaction(whole).immediate())
    this.#commits += 1
    this.#onCommit?.(this.#commits)
    return result
  }

  /**
   * Inside of {@link Db.tx}: a throw of `work` undoes `work` alone. When SQLite had to undo the whole
   * transaction (a full disk), the rest of it fails as well.
   */
  savepoint<T>(work: () => T): T {
    if (!this.#sqlite.inTransaction) throw new AppError('internal', { detail: { what: 'savepoint-outside-tx' } })
    // better-sqlite3 turns a nested transaction into a savepoint.
    return coded({}, () => this.#sqlite.transaction(work)())
  }

  /** False inside of {@link Db.tx} once SQLite has undone it by itself. */
  get inTx(): boolean {
    return this.#sqlite.inTransaction
  }

  close(): void {
    if (!this.#sqlite.open) return
    this.#sqlite.close()
    this.#lock?.release()
  }
}

function configured(sqlite: Database.Database): Database.Database {
  sqlite.pragma('journal_mode = WAL')
  // A journal whose last commit a power cut may lose is no journal: NORMAL may lose it under WAL.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma(`journal_size_limit = ${WAL_LIMIT}`)
  // What an old version wrote into a column, and what a damaged page claims, is not to be believed.
  sqlite.pragma('cell_size_check = ON')
  sqlite.pragma('trusted_schema = OFF')
  return sqlite
}

function coded<T>(detail: ErrorDetail, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const known = storeError(error)
    // Where the file and its backups are is what a person needs to mend it.
    throw known instanceof AppError && known.code.startsWith('store.') && Object.keys(detail).length > 0
      ? new AppError(known.code, { retry: known.retry, detail: { ...detail, ...known.detail }, cause: known.cause })
      : known
  }
}
