import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import { MIGRATIONS } from '../../../electron/host/store/migrations/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { smallDisk } from '../../fixtures/tmpfs.ts'

function refusal(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** A process of its own that opens the database, writes `rows` rows, says so, and stays. */
async function holder(path: string, rows = 1): Promise<ChildProcess> {
  const module = new URL('../../../electron/host/store/db.ts', import.meta.url).href
  const program = `
    const { Db } = await import(${JSON.stringify(module)})
    const db = Db.open(${JSON.stringify(path)})
    const put = db.prepare('INSERT INTO fact (name, value) VALUES (?, ?)')
    for (let i = 0; i < ${rows}; i += 1) put.run('row-' + i, 'x'.repeat(2000))
    process.stdout.write('ready')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a second opener in the same process is refused, until the first has closed', () => {
  const path = join(tempDir(), 'slipway.db')
  const first = Db.open(path)
  expect(refusal(() => Db.open(path)).code).toBe('host.already-running')
  // The refusal itself must not have loosened the lock.
  expect(refusal(() => Db.open(path)).code).toBe('host.already-running')
  first.close()
  Db.open(path).close()
})

test('the lock holds against other processes and dies with the one that holds it', async () => {
  const path = join(tempDir(), 'slipway.db')
  const child = await holder(path)
  expect(refusal(() => Db.open(path)).code).toBe('host.already-running')
  await kill(child)

  const db = Db.open(path)
  expect(db.unclean).toBe(true)
  expect(db.prepare('SELECT name FROM fact').all()).toEqual([{ name: 'row-0' }])
  db.close()
})

test('a refused second opener in this process does not let another process in', async () => {
  const path = join(tempDir(), 'slipway.db')
  const first = Db.open(path)
  expect(refusal(() => Db.open(path)).code).toBe('host.already-running')
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { Db } = await import(${JSON.stringify(new URL('../../../electron/host/store/db.ts', import.meta.url).href)})
     try { Db.open(${JSON.stringify(path)}); process.exit(0) } catch (error) { process.exit(error.code === 'host.already-running' ? 7 : 1) }`,
  ])
  expect((await once(child, 'exit'))[0]).toBe(7)
  first.close()
})

test('a database from the future is refused, and not a byte of it changes', () => {
  const path = join(tempDir(), 'slipway.db')
  Db.open(path).close()
  const future = new Database(path)
  future.pragma(`user_version = ${MIGRATIONS.length + 6}`)
  future.close()
  const before = readFileSync(path)

  const error = refusal(() => Db.open(path))
  expect(error.code).toBe('store.from-the-future')
  expect(error.detail).toMatchObject({ found: MIGRATIONS.length + 6, known: MIGRATIONS.length, file: path })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('after an unclean end the file is checked; a damaged one is refused, kept, and the backups are named', async () => {
  const dir = tempDir()
  const path = join(dir, 'slipway.db')
  const seed = Db.open(path)
  const put = seed.prepare<[string, string]>('INSERT INTO fact (name, value) VALUES (?, ?)')
  seed.tx(() => {
    for (let i = 0; i < 300; i += 1) put.run(`seed-${i}`, 'y'.repeat(500))
  })
  seed.close()
  await kill(await holder(path, 2))
  const middle = Math.floor(statSync(path).size / 2 / 4096) * 4096
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(10 * 4096, 0xa5), 0, 10 * 4096, middle)
  closeSync(file)
  const before = [path, `${path}-wal`].map((name) => readFileSync(name))

  const error = refusal(() => Db.open(path))
  expect(error.code).toBe('store.corrupt')
  expect(error.detail).toMatchObject({ file: path, backups: join(dir, 'backups') })
  expect([path, `${path}-wal`].map((name, i) => readFileSync(name).equals(before[i]!))).toEqual([true, true])
  // The lock is free again: support tools can get at it.
  expect(refusal(() => Db.open(path)).code).toBe('store.corrupt')
})

test.each([
  ['a file that is no database', Buffer.from('not a database at all, but long enough to be read as one'.repeat(20))],
  ['somebody else’s database', null],
])('%s is refused and kept', (_, bytes) => {
  const path = join(tempDir(), 'slipway.db')
  if (bytes) writeFileSync(path, bytes)
  else {
    const other = new Database(path)
    other.exec('CREATE TABLE theirs (x)')
    other.close()
  }
  const before = readFileSync(path)
  expect(refusal(() => Db.open(path)).code).toBe('store.corrupt')
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('another program that holds a transaction is waited for, then named', () => {
  const path = join(tempDir(), 'slipway.db')
  const db = Db.open(path)
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  expect(refusal(() => db.prepare("INSERT INTO fact (name, value) VALUES ('a', 'b')").run()).code).toBe('store.locked')
  other.exec('ROLLBACK')
  other.close()
  db.prepare("INSERT INTO fact (name, value) VALUES ('a', 'b')").run()
  db.close()
})

test('a read-only disk is called that', (context) => {
  const disk = smallDisk(context, 4096)
  const path = join(disk.dir, 'slipway.db')
  Db.open(path).close()
  disk.remountReadOnly()
  expect(refusal(() => Db.open(path)).code).toBe('store.read-only')
})

test('a full disk is called that, loses nothing, and is over when there is room again', (context) => {
  const disk = smallDisk(context, 2048)
  const path = join(disk.dir, 'slipway.db')
  writeFileSync(join(disk.dir, 'somebody-elses-film'), Buffer.alloc(600 * 1024))
  const db = Db.open(path)
  const put = db.prepare<[string, string]>('INSERT INTO fact (name, value) VALUES (?, ?)')
  const held: string[] = []
  const error = refusal(() => {
    for (let i = 0; i < 5000; i += 1) {
      db.tx(() => put.run(`n-${i}`, 'z'.repeat(3000)))
      held.push(`n-${i}`)
    }
  })
  expect(error.code).toBe('disk.full')
  expect(held.length).toBeGreaterThan(5)

  const stored = () => db.prepare<[], { name: string }>('SELECT name FROM fact').all()
  expect(
    stored()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...held].sort())
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })

  rmSync(join(disk.dir, 'somebody-elses-film'))
  db.prepare("INSERT INTO fact (name, value) VALUES ('room', 'again')").run()
  db.close()
  const again = Db.open(path)
  expect(again.prepare("SELECT value FROM fact WHERE name = 'room'").get()).toEqual({ value: 'again' })
  again.close()
  expect(readdirSync(disk.dir).filter((name) => name.includes('part'))).toEqual([])
})
