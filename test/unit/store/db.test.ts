import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const put = (db: Db) => db.prepare<[string, string]>('INSERT INTO fact (name, value) VALUES (?, ?)')
const names = (db: Db) => db.prepare<[], { name: string }>('SELECT name FROM fact ORDER BY name').all()

test('what a transaction wrote is there after the process that wrote it', () => {
  const path = join(tempDir(), 'data', 'slipway.db')
  const first = Db.open(path)
  first.tx(() => put(first).run('site', 'harbour'))
  first.close()

  const second = Db.open(path)
  expect(second.prepare('SELECT value FROM fact').get()).toEqual({ value: 'harbour' })
  expect(second.unclean).toBe(false)
  second.close()
})

test('commits are durable: WAL with synchronous=FULL', () => {
  const db = Db.open(join(tempDir(), 'slipway.db'))
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  // 2 is FULL
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  db.close()
})

test('a throw undoes the whole transaction, nested ones included, and counts no commit', () => {
  const commits: number[] = []
  const db = Db.open(':memory:', { onCommit: (count) => commits.push(count) })
  expect(() =>
    db.tx(() => {
      put(db).run('a', '1')
      db.tx(() => put(db).run('b', '2'))
      throw new RangeError('no')
    }),
  ).toThrow(RangeError)
  expect(names(db)).toEqual([])
  expect(commits).toEqual([])

  db.tx(() => db.tx(() => put(db).run('c', '3')))
  expect(commits).toEqual([1])
})

test('a write outside of a transaction is a commit of its own', () => {
  const commits: number[] = []
  const db = Db.open(':memory:', { onCommit: (count) => commits.push(count) })
  put(db).run('a', '1')
  db.prepare('INSERT INTO fact (name, value) VALUES (?, ?) RETURNING name').get('b', '2')
  expect(commits).toEqual([1, 2])
})

test('a broken constraint is no trouble of the disk and comes as it is', () => {
  const db = Db.open(':memory:')
  put(db).run('a', '1')
  expect(() => put(db).run('a', '2')).toThrow(/UNIQUE/)
})

test.skipIf(process.platform === 'win32')('nobody but its owner reads the database', () => {
  const path = join(tempDir(), 'data', 'slipway.db')
  const db = Db.open(path)
  put(db).run('a', '1')
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
  expect([path, `${path}-wal`, `${path}.lock`].map(mode)).toEqual(['600', '600', '600'])
  expect(mode(join(path, '..'))).toBe('700')
  db.close()
})
