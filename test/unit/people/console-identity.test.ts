import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EntryDraft } from '../../../electron/host/audit/recorder.ts'
import { verifyEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { noteConsole, openConsoleIdentity } from '../../../electron/host/people/console-identity.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { AppError } from '../../../shared/errors.ts'
import { plainProtector } from '../../fixtures/people/people.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

function setting() {
  const dataDir = tempDir()
  const facts = factQueries(Db.open(':memory:'))
  const open = (freshDatabase = false, protector = plainProtector, store = facts) =>
    openConsoleIdentity({ dataDir, protector, facts: store, freshDatabase, name: 'bridge laptop' })
  return { dataDir, facts, open, file: join(dataDir, 'keys', 'console.json') }
}

const drafts: EntryDraft[] = []
const recorder = {
  record<T>(entry: EntryDraft | readonly EntryDraft[], change?: () => T): Promise<T> {
    drafts.push(...[entry].flat())
    return Promise.resolve(change?.() as T)
  },
}

test('the first start makes a key, for its owner alone and under the keystore; later starts open it', async () => {
  const { file, facts, open } = setting()
  const first = await open(true)
  expect(first).toMatchObject({ key: 'new', name: 'bridge laptop' })
  expect(first.console).toMatch(/^console-[0-9a-f]{12}$/)
  expect(process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777).toBe(0o600)
  await noteConsole(first, facts, recorder)
  expect(drafts.at(-1)).toMatchObject({ action: 'console.created', subject: first.console })

  const second = await open()
  expect(second).toMatchObject({ key: 'known', console: first.console })
  const message = Buffer.from('head')
  expect(verifyEd25519(Buffer.from(second.publicKey, 'hex'), message, second.sign(message))).toBe(true)
  const before = drafts.length
  await noteConsole(second, facts, recorder)
  expect(drafts).toHaveLength(before)
})

test('a first start that was cut short is still a first start; a database that is gone is not', async () => {
  const { open } = setting()
  const first = await open(true)
  expect(await open(false)).toMatchObject({ key: 'new', console: first.console })
  expect(await open(true)).toMatchObject({ key: 'known', console: first.console })
})

test('a key that is gone, or another one in its place, is noticed by the database', async () => {
  const { open, facts, file } = setting()
  const first = await open(true)
  await noteConsole(first, facts, recorder)
  const kept = readFileSync(file)
  rmSync(file)
  const second = await open()
  expect(second.key).toBe('lost')
  expect(second.console).not.toBe(first.console)
  await noteConsole(second, facts, recorder)
  expect((await open()).key).toBe('known')
  writeFileSync(file, kept)
  expect(await open()).toMatchObject({ key: 'lost', console: first.console })
})

test('a key that cannot be opened is never replaced', async () => {
  const { open, file } = setting()
  await open(true)
  const before = readFileSync(file)
  const shut = { ...plainProtector, unprotect: () => Promise.reject(new AppError('host.no-keystore')) }
  await expect(open(false, shut)).rejects.toThrow(expect.objectContaining({ code: 'host.no-keystore' }))
  const wrong = { ...plainProtector, unprotect: () => Promise.resolve(new Uint8Array(32)) }
  await expect(open(false, wrong)).rejects.toThrow(expect.objectContaining({ code: 'file.unreadable' }))
  expect(readFileSync(file).equals(before)).toBe(true)
  for (const text of ['', '{}', before.toString().replace('publicKey', 'publikKey')]) {
    writeFileSync(file, text)
    await expect(open()).rejects.toThrow(expect.objectContaining({ code: 'file.unreadable' }))
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
})
