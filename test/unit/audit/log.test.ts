import { expect, test } from 'vitest'
import { epochStart } from '../../../electron/host/audit/chain.ts'
import { followRows } from '../../../electron/host/audit/chain-stretch.ts'
import { AuditLog } from '../../../electron/host/audit/log.ts'
import type { EntryDraft } from '../../../electron/host/audit/recorder.ts'
import { MAX_DETAIL_BYTES } from '../../../electron/host/audit/seal-detail.ts'
import { type AgeSealer, ageOpener, ageSealer, generateAgeIdentity } from '../../../electron/host/crypto/age-seal.ts'
import { auditQueries } from '../../../electron/host/store/audit.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { AppError } from '../../../shared/errors.ts'
import { testTime } from '../../fixtures/audit/console.ts'

async function newLog(options: { sealer?: () => AgeSealer | null; onCommit?: (count: number) => void } = {}) {
  const db = Db.open(':memory:', options.onCommit ? { onCommit: options.onCommit } : {})
  const queries = auditQueries(db)
  const log = new AuditLog({ db, queries, time: testTime().read, sealer: options.sealer ?? (() => null), tip: null })
  await log.openEpoch({ epoch: 1, firstSeq: 1, reason: 'first-start' }, null)
  return { db, queries, log, facts: factQueries(db) }
}

const note = (subject: string, detail?: unknown): EntryDraft => ({ actor: 'ada', action: 'run.phase', subject, detail })
const subjects = (queries: ReturnType<typeof auditQueries>) =>
  queries.after(1, 1, 1000).map(({ clear }) => (JSON.parse(clear) as { subject: string }).subject)
const sound = (queries: ReturnType<typeof auditQueries>) =>
  followRows(epochStart(1, 1), queries.after(1, 0, 1000)).problem

test('an entry and its change are one transaction', async () => {
  const { log, facts, queries } = await newLog()
  expect(
    await log.record(note('a'), () => {
      facts.set('run', 'writing')
      return 42
    }),
  ).toBe(42)
  expect(facts.get('run')).toBe('writing')

  const failing = log.record(note('b'), () => {
    facts.set('run', 'done')
    throw new AppError('run.interrupted')
  })
  await expect(failing).rejects.toThrow(expect.objectContaining({ code: 'run.interrupted' }))
  expect(facts.get('run')).toBe('writing')
  expect(subjects(queries)).toEqual(['a'])
  await log.record(note('c'))
  expect(subjects(queries)).toEqual(['a', 'c'])
  expect(sound(queries)).toBeNull()
})

test('an entry that cannot be written undoes its change', async () => {
  const { log, facts, queries } = await newLog()
  const bad = log.record([note('a'), { ...note('b'), actor: 'No Such Actor!' }], () => facts.set('x', '1'))
  await expect(bad).rejects.toThrow(expect.objectContaining({ code: 'internal' }))
  expect(facts.get('x')).toBeNull()
  expect(subjects(queries)).toEqual([])
})

test('records that overlap keep the order of the calls and share commits; one that fails harms no other', async () => {
  const commits: number[] = []
  const { recipient } = await generateAgeIdentity()
  const sealer = ageSealer([recipient])
  const { log, queries, facts } = await newLog({ sealer: () => sealer, onCommit: (count) => commits.push(count) })
  const before = commits.length
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) =>
      // Sizes differ so that sealing finishes out of order.
      log.record(note(`n${i}`, { text: 'x'.repeat(i % 3 === 0 ? 30_000 : 1) }), () => {
        facts.set(`n${i}`, 'changed')
        if (i % 7 === 3) throw new AppError('run.interrupted')
      }),
    ),
  )
  const failed = results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))
  expect(failed).toEqual([3, 10, 17, 24, 31, 38, 45, 52, 59])
  const kept = Array.from({ length: 60 }, (_, i) => i).filter((i) => i % 7 !== 3)
  expect(subjects(queries)).toEqual(kept.map((i) => `n${i}`))
  expect(facts.get('n3')).toBeNull()
  expect(facts.get('n4')).toBe('changed')
  expect(sound(queries)).toBeNull()
  expect(commits.length - before).toBeLessThan(20)
})

test('a batch in which everything fails is no commit', async () => {
  let commits = 0
  const { log } = await newLog({
    onCommit: (count) => {
      commits = count
    },
  })
  const before = commits
  const fail = () =>
    log.record(note('x'), () => {
      throw new AppError('run.interrupted')
    })
  await Promise.allSettled([fail(), fail()])
  expect(commits).toBe(before)
})

test('detail is sealed to whoever may read it, and left out until somebody may', async () => {
  const { identity, recipient } = await generateAgeIdentity()
  let sealer: AgeSealer | null = null
  const { log, queries } = await newLog({ sealer: () => sealer })
  await log.record(note('before', { secret: 1 }))
  sealer = ageSealer([recipient])
  await log.record(note('after', { secret: 2 }))
  await log.record(note('nothing to say'))
  const [before, after, nothing] = queries.after(1, 1, 10)
  expect(before?.sealed).toHaveLength(0)
  expect(nothing?.sealed).toHaveLength(0)
  const opened = await ageOpener([identity]).open(after?.sealed ?? new Uint8Array())
  expect(JSON.parse(Buffer.from(opened ?? []).toString())).toEqual({ secret: 2 })
  expect(Buffer.from(after?.sealed ?? []).includes('secret')).toBe(false)
})

test('detail without bounds is cut and says so; detail that is no JSON is refused with its change', async () => {
  const { identity, recipient } = await generateAgeIdentity()
  const sealer = ageSealer([recipient])
  const { log, queries, facts } = await newLog({ sealer: () => sealer })
  await log.record(note('long', { text: 'y'.repeat(MAX_DETAIL_BYTES) }))
  const opened = await ageOpener([identity]).open(queries.after(1, 1, 1)[0]?.sealed ?? new Uint8Array())
  expect(JSON.parse(Buffer.from(opened ?? []).toString())).toMatchObject({ tooLong: MAX_DETAIL_BYTES + 11 })

  await expect(log.record(note('big', { n: 1n }), () => facts.set('x', '1'))).rejects.toThrow(TypeError)
  expect(facts.get('x')).toBeNull()
  await log.record(note('next'))
  expect(subjects(queries)).toEqual(['long', 'next'])
})

test('a hostile subject is made harmless, never a reason to lose the entry', async () => {
  const { log, queries } = await newLog()
  await log.record(note('line\nbreak\u0000'))
  await log.record(note(`\ud83d`))
  await log.record(note(`${'a'.repeat(299)}😀`))
  await log.record(note('"quotes" and \\ and ünïcode'))
  expect(subjects(queries)).toEqual([
    'line\ufffdbreak\ufffd',
    '\ufffd',
    `${'a'.repeat(299)}\ufffd`,
    '"quotes" and \\ and ünïcode',
  ])
  expect(sound(queries)).toBeNull()
})

test('a new epoch goes on counting and begins a chain of its own', async () => {
  const { log, queries } = await newLog()
  await log.record(note('a'))
  const problem = new AppError('audit.chain-broken').toData()
  await log.openEpoch({ epoch: 2, firstSeq: 3, reason: 'chain-broken' }, { epoch: 1, problem })
  await log.record(note('b'))
  expect(log.tip).toMatchObject({ epoch: 2, seq: 4 })
  expect(queries.epochs()).toEqual([
    expect.objectContaining({ epoch: 1, broken: problem }),
    expect.objectContaining({ epoch: 2, reason: 'chain-broken', firstSeq: 3, anchorSeq: 2, broken: null }),
  ])
  expect(queries.after(1, 0, 10).map(({ seq }) => seq)).toEqual([1, 2])
  expect(followRows(epochStart(2, 3), queries.after(2, 0, 10))).toMatchObject({ end: { seq: 4 }, problem: null })
})

test('closing lets through what was recorded and takes no more', async () => {
  const { log, queries } = await newLog()
  const last = log.record(note('last words'))
  await log.close()
  await last
  expect(subjects(queries)).toEqual(['last words'])
  await expect(log.record(note('too late'))).rejects.toThrow(expect.objectContaining({ code: 'host.unavailable' }))
})
