import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  canonicalClear,
  entryHash,
  epochStart,
  follow,
  readClear,
  ZERO_HASH,
} from '../../../electron/host/audit/chain.ts'
import { checkHeadAgainst, checkHeadSignature, signHead } from '../../../electron/host/audit/chain-head.ts'
import { checkReceipt, signReceipt } from '../../../electron/host/audit/chain-receipt.ts'
import { readMark, writeMark } from '../../../electron/host/audit/mark-file.ts'
import type { AuditEntryClear } from '../../../shared/model/audit.ts'
import { testKey, testSigner } from '../../fixtures/audit/console.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const first: AuditEntryClear = {
  seq: 1,
  epoch: 1,
  time: { wall: 1_790_000_000_000, mono: 12, source: 'wall', uncertainty: null },
  actor: 'console',
  action: 'audit.epoch-opened',
  subject: 'first-start',
  prev: ZERO_HASH,
}
const sealed = Buffer.from('sealed')
const hash = entryHash(first.prev, canonicalClear(first), sealed)
const point = { epoch: 1, seq: 1, hash }

test('the hash of an entry is the documented one', () => {
  const canonical =
    '{"action":"audit.epoch-opened","actor":"console","epoch":1,"prev":"' +
    `${ZERO_HASH}","seq":1,"subject":"first-start","time":{"mono":12,"source":"wall","uncertainty":null,"wall":1790000000000}}`
  expect(canonicalClear(first)).toBe(canonical)
  const inner = createHash('sha256').update('sealed').digest()
  const whole = Buffer.concat([Buffer.from('slipway.audit/1'), Buffer.alloc(32), Buffer.from(canonical), inner])
  expect(hash).toBe(createHash('sha256').update(whole).digest('hex'))
})

test('an entry that follows moves the chain on; each way of not following has its name', () => {
  expect(follow(epochStart(1, 1), { clear: first, hash, sealed })).toEqual(point)
  const second = { ...first, seq: 2, prev: hash }
  const entry = (clear: AuditEntryClear) => ({
    clear,
    hash: entryHash(clear.prev, canonicalClear(clear), sealed),
    sealed,
  })
  const why = (work: () => unknown) => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }
  const broken = (what: string) =>
    expect.objectContaining({ code: 'audit.chain-broken', detail: expect.objectContaining({ what }) })

  expect(why(() => follow(point, entry(second)))).toMatchObject({ seq: 2 })
  expect(why(() => follow(point, entry({ ...second, epoch: 2 })))).toEqual(broken('epoch'))
  expect(why(() => follow(point, entry(first)))).toEqual(broken('order'))
  expect(why(() => follow(point, entry({ ...second, prev: ZERO_HASH })))).toEqual(broken('prev'))
  expect(why(() => follow(point, { ...entry(second), sealed: Buffer.from('other') }))).toEqual(broken('content'))
  expect(why(() => follow(point, { ...entry(second), clear: { ...second, actor: 'eve' } }))).toEqual(broken('content'))
  expect(why(() => follow(point, { ...entry(second), clear: { ...second, subject: '\ud800' } }))).toEqual(
    broken('unreadable'),
  )
  expect(why(() => follow(point, entry({ ...second, seq: 4 })))).toEqual(
    expect.objectContaining({ code: 'audit.gap', detail: { epoch: 1, expected: 2, found: 4 } }),
  )
})

test('a stored clear part must be byte for byte what was hashed', () => {
  expect(readClear(canonicalClear(first), 1)).toEqual(first)
  const spellings = [
    JSON.stringify(first),
    ` ${canonicalClear(first)}`,
    canonicalClear(first).replace('"seq":1', '"seq":1.0'),
    '{',
    '',
  ]
  for (const text of spellings) {
    expect(() => readClear(text, 1)).toThrow(expect.objectContaining({ code: 'audit.chain-broken' }))
  }
})

test('the head beside the database counts when this console signed it for itself, and otherwise proves nothing', () => {
  const path = join(tempDir(), 'audit-head.json')
  const signer = testSigner()
  expect(readMark(path, signer)).toEqual({ kind: 'none' })
  const head = signHead(signer, point, 5)
  writeMark(path, head)
  expect(readMark(path, signer)).toEqual({ kind: 'head', head })
  writeMark(path, { ...head, seq: 2 })
  expect(readMark(path, signer)).toEqual({ kind: 'unreadable' })
  // One key under two names is two consoles.
  writeMark(path, signHead({ ...signer, console: 'other' }, point, 5))
  expect(readMark(path, signer)).toEqual({ kind: 'unreadable' })
})

test('a head is the console’s word for one place of one chain', () => {
  const signer = testSigner()
  const head = signHead(signer, point, 5)
  checkHeadSignature(head, signer.publicKey)
  for (const forged of [
    { ...head, seq: 2 },
    { ...head, hash: ZERO_HASH },
    { ...head, console: 'other' },
    { ...head, time: 6 },
  ]) {
    expect(() => checkHeadSignature(forged, signer.publicKey)).toThrow(
      expect.objectContaining({ code: 'audit.bad-head' }),
    )
  }
  expect(() => checkHeadSignature(head, testKey().publicKey)).toThrow(
    expect.objectContaining({ code: 'audit.bad-head' }),
  )

  const elsewhere = () => null
  checkHeadAgainst(head, point, elsewhere)
  checkHeadAgainst(head, { ...point, epoch: 2 }, elsewhere)
  expect(() => checkHeadAgainst({ ...head, seq: 9 }, point, elsewhere)).toThrow(
    expect.objectContaining({ code: 'audit.truncated', detail: { epoch: 1, expected: 9, found: 1 } }),
  )
  expect(() => checkHeadAgainst(head, { ...point, hash: ZERO_HASH }, elsewhere)).toThrow(
    expect.objectContaining({ code: 'audit.fork' }),
  )
  expect(() => checkHeadAgainst(head, { epoch: 1, seq: 7, hash: ZERO_HASH }, () => 'f'.repeat(64))).toThrow(
    expect.objectContaining({ code: 'audit.fork' }),
  )
})

test('a receipt holds for exactly what was sent, by a key that the policy names', () => {
  const key = { keyid: 'r1', ...testKey() }
  const sent = { console: 'console-1', epoch: 1, first: 1, last: 9, head: hash, segment: 'a'.repeat(64) }
  const receipt = signReceipt({ ...sent, time: 7 }, key)
  const keys = [{ keyid: 'r1', publicKey: key.publicKey }]
  checkReceipt(receipt, sent, keys)

  const what = (work: () => void) => {
    try {
      work()
      return null
    } catch (error) {
      return (error as { detail: { what: string } }).detail.what
    }
  }
  expect(what(() => checkReceipt(receipt, sent, []))).toBe('key')
  expect(what(() => checkReceipt(receipt, sent, [{ keyid: 'r1', publicKey: testKey().publicKey }]))).toBe('signature')
  expect(what(() => checkReceipt({ ...receipt, last: 10 }, { ...sent, last: 10 }, keys))).toBe('signature')
  const others = { console: 'console-2', epoch: 2, first: 2, last: 8, head: ZERO_HASH, segment: 'b'.repeat(64) }
  for (const [field, value] of Object.entries(others)) {
    expect(what(() => checkReceipt(signReceipt({ ...sent, time: 7, [field]: value }, key), sent, keys))).toBe(field)
  }
})
