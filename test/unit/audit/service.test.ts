import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type ConsoleSigner, signHead } from '../../../electron/host/audit/chain-head.ts'
import { signReceipt } from '../../../electron/host/audit/chain-receipt.ts'
import { writeMark } from '../../../electron/host/audit/mark-file.ts'
import type { EntryDraft } from '../../../electron/host/audit/recorder.ts'
import type { AuditService } from '../../../electron/host/audit/service.ts'
import { auditQueries } from '../../../electron/host/store/audit.ts'
import type { Db } from '../../../electron/host/store/db.ts'
import { outboxQueries } from '../../../electron/host/store/outbox.ts'
import { openConsole, testKey, testSigner, testTime, testTrust } from '../../fixtures/audit/console.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const note = (subject: string): EntryDraft => ({ actor: 'ada', action: 'run.phase', subject, detail: { subject } })

async function recordSome(audit: AuditService, count: number, prefix = 'n'): Promise<void> {
  for (let i = 0; i < count; i += 1) await audit.recorder.record(note(`${prefix}${i}`))
}

/** Changes the database behind the console's back. */
function tamper(path: string, sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

async function setting() {
  const dir = tempDir()
  const options = { signer: testSigner(), policy: (await testTrust()).policy }
  return { dir, options, open: (key: 'known' | 'new' = 'known') => openConsole(dir, { ...options, key }) }
}

test('a first start opens the first epoch; a restart goes on in it', async () => {
  const { open } = await setting()
  const first = await open('new')
  expect(first.audit.state()).toMatchObject({ epoch: 1, entries: 1, lastSeq: 1, toUpload: 1, sealing: true })
  await recordSome(first.audit, 3)
  await first.close()

  const second = await open()
  expect(second.audit.state()).toMatchObject({ epoch: 1, entries: 4, lastSeq: 4 })
  expect(second.audit.list({ limit: 2 }).map(({ subject }) => subject)).toEqual(['n2', 'n1'])
  expect(second.audit.list({ limit: 5, before: 3 }).map(({ seq }) => seq)).toEqual([2, 1])
  expect(await second.audit.verify('ada')).toMatchObject({ ok: true, entries: 4, first: 1, last: 4, reason: null })
  expect(second.audit.list({ limit: 1 })[0]).toMatchObject({ actor: 'ada', action: 'audit.verified', subject: 'ok' })
  await second.close()
})

test('a start does not sign again what is signed, and then signs as often as ever', async () => {
  const { dir, open } = await setting()
  const mark = () => JSON.parse(readFileSync(join(dir, 'audit-head.json'), 'utf8')) as { seq: number }
  const first = await open('new')
  await recordSome(first.audit, 299)
  await first.close()
  expect(mark().seq).toBe(300)

  const second = await open()
  await recordSome(second.audit, 255)
  expect(mark().seq).toBe(300)
  await recordSome(second.audit, 1)
  expect(mark().seq).toBe(556)
  await second.close()
})

test('a host that was killed goes on in the same epoch', async () => {
  const { open } = await setting()
  const killed = await open('new')
  await killed.audit.checkpoint()
  await recordSome(killed.audit, 5)
  // No close: the head on the disk is older than the log, as after a kill.
  killed.db.close()

  const next = await open()
  expect(next.audit.state()).toMatchObject({ epoch: 1, lastSeq: 6 })
  await next.close()
})

test('a database that was put back from a copy begins a new epoch, beyond every number that was used', async () => {
  const { dir, open } = await setting()
  const first = await open('new')
  await recordSome(first.audit, 3)
  await first.close()
  copyFileSync(join(dir, 'slipway.db'), join(dir, 'copy.db'))
  const second = await open()
  await recordSome(second.audit, 6)
  await second.close()
  copyFileSync(join(dir, 'copy.db'), join(dir, 'slipway.db'))

  const third = await open()
  expect(third.audit.list({ limit: 1 })).toEqual([
    expect.objectContaining({ epoch: 2, seq: 11, action: 'audit.epoch-opened', subject: 'database-rolled-back' }),
  ])
  await third.close()
})

test('a database that is gone, or a mark that is gone, begins a new epoch that says so', async () => {
  const { dir, open } = await setting()
  const first = await open('new')
  await first.close()
  rmSync(join(dir, 'slipway.db'))
  const second = await open()
  expect(second.audit.list({ limit: 1 })[0]).toMatchObject({ epoch: 2, seq: 2, subject: 'database-lost' })
  await second.close()

  for (const spoil of [
    () => rmSync(join(dir, 'audit-head.json')),
    () => writeFileSync(join(dir, 'audit-head.json'), '{}'),
  ]) {
    spoil()
    const next = await open()
    expect(next.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'audit.epoch-opened', subject: 'head-lost' })
    await next.close()
  }
})

test('an end of the chain that was edited between two starts begins a new epoch at once', async () => {
  const { open } = await setting()
  const first = await open('new')
  await recordSome(first.audit, 4)
  await first.close()
  tamper(first.path, `UPDATE audit_entry SET clear = replace(clear, '"ada"', '"eve"') WHERE seq = 3`)

  const second = await open()
  expect(second.audit.list({ limit: 1 })[0]).toMatchObject({ epoch: 2, subject: 'chain-broken' })
  const report = await second.audit.verify('console')
  expect(report).toMatchObject({
    ok: false,
    reason: { code: 'audit.chain-broken', detail: { seq: 3, what: 'content' } },
  })
  await second.close()
})

test('damage that a verification finds is named once, and the log goes on in a new epoch', async () => {
  const { open } = await setting()
  const { audit, path, close } = await open('new')
  await recordSome(audit, 10)
  tamper(path, 'DELETE FROM audit_entry WHERE seq = 5')
  expect(await audit.verify('ada')).toMatchObject({
    ok: false,
    reason: { code: 'audit.gap', detail: { expected: 5, found: 6 } },
  })
  expect(audit.state()).toMatchObject({ epoch: 2, chain: { ok: false } })
  await recordSome(audit, 1)
  await audit.verify('ada')
  // It stays broken, and no further epoch is opened for it.
  expect(audit.state()).toMatchObject({ epoch: 2, chain: { ok: false, reason: { code: 'audit.gap' } } })
  await close()
})

test('a chain that was rewritten as a whole contradicts the signed heads', async () => {
  const { dir, open, options } = await setting()
  const first = await open('new')
  await recordSome(first.audit, 3)
  await first.close()
  const mark = readFileSync(join(dir, 'audit-head.json'))
  // Another console's sound log, under the same key, in place of this one.
  const other = await openConsole(tempDir(), { ...options, key: 'new', time: testTime(5).read })
  await recordSome(other.audit, 3, 'forged')
  await other.close()
  copyFileSync(other.path, first.path)
  writeFileSync(join(dir, 'audit-head.json'), mark)

  const second = await open()
  expect(second.audit.list({ limit: 1 })[0]).toMatchObject({ subject: 'database-rolled-back' })
  await second.close()
})

test.each<[string, string, (log: { db: Db; signer: ConsoleSigner; hash: string }) => void]>([
  [
    'a signed head says another thing',
    'audit.fork',
    ({ db, signer }) => auditQueries(db).addHead(signHead(signer, { epoch: 1, seq: 2, hash: 'f'.repeat(64) }, 1)),
  ],
  [
    'the signature under a head is none',
    'audit.bad-head',
    ({ db, signer, hash }) =>
      auditQueries(db).addHead({ ...signHead(signer, { epoch: 1, seq: 2, hash }, 1), signature: 'a'.repeat(128) }),
  ],
  [
    'the server signed for another entry',
    'audit.fork',
    ({ db, signer }) => {
      const said = {
        console: signer.console,
        epoch: 1,
        first: 1,
        last: 2,
        head: 'f'.repeat(64),
        segment: 'e'.repeat(64),
      }
      outboxQueries(db).addReceipt(signReceipt({ ...said, time: 1 }, { keyid: 'receipt-1', ...testKey() }), 1)
    },
  ],
])('a log is proved by each of its witnesses alone: %s', async (_, code, bear) => {
  const { open, options } = await setting()
  const { audit, db, close } = await open('new')
  await recordSome(audit, 5)
  expect((await audit.verify('ada')).ok).toBe(true)
  bear({ db, signer: options.signer, hash: auditQueries(db).hashAt(1, 2) ?? '' })
  expect(await audit.verify('ada')).toMatchObject({ ok: false, reason: { code } })
  await close()
})

test.each<[string, string, (log: { dir: string; db: Db; signer: ConsoleSigner }) => void]>([
  [
    'the head beside the database is ahead of it',
    'audit.truncated',
    ({ dir, signer }) =>
      writeMark(join(dir, 'audit-head.json'), signHead(signer, { epoch: 1, seq: 99, hash: 'f'.repeat(64) }, 1)),
  ],
  ['that head cannot be read', 'audit.bad-head', ({ dir }) => writeFileSync(join(dir, 'audit-head.json'), '{')],
  [
    'the running log remembers an entry that is gone',
    'audit.truncated',
    ({ db }) => db.prepare('DELETE FROM audit_entry WHERE seq = 6').run(),
  ],
])('a log that runs is proved by what is not in its database too: %s', async (_, code, tamperWith) => {
  const { dir, open, options } = await setting()
  const { audit, db, close } = await open('new')
  await recordSome(audit, 5)
  tamperWith({ dir, db, signer: options.signer })
  expect(await audit.verify('ada')).toMatchObject({ ok: false, reason: { code } })
  await close()
})

test('detail is sealed to whom the policy named last, when the policy of this start cannot be read', async () => {
  const dir = tempDir()
  const { policy, full } = await testTrust()
  const signer = testSigner()
  const first = await openConsole(dir, { signer, policy, key: 'new' })
  await first.close()
  policy.set(null)
  const second = await openConsole(dir, { signer, policy })
  expect(second.audit.state().sealing).toBe(true)
  await recordSome(second.audit, 1)
  expect(second.audit.list({ limit: 1 })[0]?.sealedBytes).toBeGreaterThan(100)
  await second.close()

  const throwing = {
    ...policy,
    current: () => {
      throw new Error('cache corrupt')
    },
  }
  const third = await openConsole(dir, { signer, policy: throwing })
  expect(third.audit.state().sealing).toBe(true)
  await third.close()

  const fresh = await openConsole(tempDir(), { signer, policy, key: 'new' })
  expect(fresh.audit.state().sealing).toBe(false)
  let changes = 0
  fresh.audit.onChange(() => {
    changes += 1
  })
  policy.set(full)
  expect(fresh.audit.state().sealing).toBe(true)
  expect(changes).toBeGreaterThan(0)
  await fresh.close()
})

test('heads are signed as the log grows, without anybody asking', async () => {
  const { dir, open } = await setting()
  const { audit, close } = await open('new')
  await Promise.all(Array.from({ length: 600 }, (_, i) => audit.recorder.record(note(`n${i}`))))
  const head = JSON.parse(readFileSync(join(dir, 'audit-head.json'), 'utf8')) as { seq: number }
  expect(head.seq).toBeGreaterThan(500)
  await close()
})

test('offline, without a server or without trust nothing is sent and the reason is coded', async () => {
  const { signer, policy } = { signer: testSigner(), policy: (await testTrust()).policy }
  const here = await openConsole(tempDir(), { signer, policy, key: 'new', offline: () => true })
  const upload = (audit: AuditService) => audit.upload(new AbortController().signal)
  await expect(upload(here.audit)).rejects.toThrow(expect.objectContaining({ code: 'sync.offline' }))
  expect(here.audit.state().lastError).toMatchObject({ code: 'sync.offline' })
  await here.close()

  const alone = await openConsole(tempDir(), { signer, policy, key: 'new' })
  await expect(upload(alone.audit)).rejects.toThrow(expect.objectContaining({ code: 'sync.no-server' }))
  policy.set(null)
  await expect(upload(alone.audit)).rejects.toThrow(expect.objectContaining({ code: 'audit.no-recipients' }))
  await alone.close()
})

test('an export is the sealed segment that an upload would send, and writes over nothing', async () => {
  const { dir, open } = await setting()
  const { audit, close } = await open('new')
  await recordSome(audit, 4)
  const path = join(dir, 'for-the-stick.age')
  expect(await audit.export('ada', path)).toEqual({ path, entries: 6 })
  expect(readFileSync(path).subarray(0, 22).toString()).toBe('age-encryption.org/v1\n')
  await expect(audit.export('ada', path)).rejects.toThrow(expect.objectContaining({ code: 'file.unreadable' }))
  await expect(audit.export('ada', join(dir, 'no', 'folder'))).rejects.toThrow(
    expect.objectContaining({ code: 'file.not-found' }),
  )
  await close()
})

test('what a kill left in the outbox is swept at the next start', async () => {
  const { dir, open } = await setting()
  const first = await open('new')
  await first.audit.export('ada', join(dir, 'x.age'))
  await first.close()
  writeFileSync(join(dir, 'outbox', 'a'.repeat(64)), 'orphan')
  writeFileSync(join(dir, 'outbox', 'deadbeef.part'), 'half')
  const second = await open()
  expect(existsSync(join(dir, 'outbox', 'a'.repeat(64)))).toBe(false)
  expect(existsSync(join(dir, 'outbox', 'deadbeef.part'))).toBe(false)
  // The segment that is known is still there.
  expect(await second.audit.export('ada', join(dir, 'y.age'))).toMatchObject({ entries: 3 })
  await second.close()
})
