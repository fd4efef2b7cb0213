import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import type { Migration } from '../../../electron/host/store/migrations/migration.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const one: Migration = { version: 1, name: 'one', sql: 'CREATE TABLE t (x TEXT NOT NULL) STRICT' }
const two: Migration = { version: 2, name: 'two', sql: "ALTER TABLE t ADD COLUMN y TEXT; UPDATE t SET y = 'two'" }
const broken: Migration = { version: 3, name: 'broken', sql: "UPDATE t SET y = 'half'; SELECT * FROM nowhere" }

function madeAt(path: string, migrations: readonly Migration[]): void {
  const db = Db.open(path, { migrations })
  db.prepare("INSERT INTO t (x) VALUES ('kept')").run()
  db.close()
}

test('an existing database is backed up before its schema changes; a new one has nothing to lose', () => {
  const dir = tempDir()
  const path = join(dir, 'slipway.db')
  madeAt(path, [one])
  expect(existsSync(join(dir, 'backups'))).toBe(false)

  const db = Db.open(path, { migrations: [one, two], now: () => 1_760_000_000_000 })
  expect(db.prepare('SELECT * FROM t').all()).toEqual([{ x: 'kept', y: 'two' }])
  db.close()

  const backup = join(dir, 'backups', 'slipway-v1-1760000000000.db')
  const copy = new Database(backup, { readonly: true })
  expect(copy.pragma('user_version', { simple: true })).toBe(1)
  expect(copy.prepare('SELECT * FROM t').all()).toEqual([{ x: 'kept' }])
  copy.close()
  expect(process.platform === 'win32' ? 0o600 : statSync(backup).mode & 0o777).toBe(0o600)
})

test('a migration that fails leaves the last good schema, all data, and the backup', () => {
  const dir = tempDir()
  const path = join(dir, 'slipway.db')
  madeAt(path, [one])
  expect(() => Db.open(path, { migrations: [one, two, broken], now: () => 5 })).toThrow(
    expect.objectContaining({ code: 'store.migration-failed', detail: expect.objectContaining({ version: 3 }) }),
  )
  expect(readdirSync(join(dir, 'backups'))).toEqual(['slipway-v1-5.db'])

  const db = Db.open(path, { migrations: [one, two] })
  expect(db.prepare('SELECT * FROM t').all()).toEqual([{ x: 'kept', y: 'two' }])
  db.close()
})

test('only the newest few backups stay', () => {
  const dir = tempDir()
  const path = join(dir, 'slipway.db')
  madeAt(path, [one])
  for (let now = 1; now <= 5; now += 1) {
    expect(() => Db.open(path, { migrations: [one, { ...broken, version: 2 }], now: () => now })).toThrow(
      /migration-failed/,
    )
  }
  expect(readdirSync(join(dir, 'backups')).sort()).toEqual(['slipway-v1-3.db', 'slipway-v1-4.db', 'slipway-v1-5.db'])
})

test('a list with a gap is a programming error and opens nothing', () => {
  const path = join(tempDir(), 'slipway.db')
  expect(() => Db.open(path, { migrations: [one, { ...two, version: 3 }] })).toThrow(
    expect.objectContaining({ code: 'store.migration-failed' }),
  )
  expect(existsSync(path)).toBe(false)
})
