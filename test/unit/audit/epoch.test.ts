import { expect, test } from 'vitest'
import { epochAfter, epochAtStart, type FoundAtStart } from '../../../electron/host/audit/epoch.ts'
import { AppError } from '../../../shared/errors.ts'

const at = (epoch: number, seq: number, hash = 'a'.repeat(64)) => ({ epoch, seq, hash })
const mark = (epoch: number, seq: number, hash?: string): FoundAtStart['mark'] => ({
  kind: 'head',
  head: { format: 'slipway.audit-head/1', console: 'c', time: 0, signature: '', ...at(epoch, seq, hash) },
})
const whole: FoundAtStart = {
  tip: at(2, 40),
  tailProblem: null,
  hasHeads: true,
  mark: mark(2, 30),
  hashAtMark: 'a'.repeat(64),
  key: 'known',
  now: 1_790_000_000,
}
const none = { kind: 'none' } as const

test.each<[string, Partial<FoundAtStart>, ReturnType<typeof epochAtStart>]>([
  ['nothing is missing', {}, null],
  ['the mark is older than a pruned entry', { hashAtMark: null }, null],
  ['a crash came before the first head was signed', { mark: none, hasHeads: false, hashAtMark: null }, null],
  [
    'a console that never was',
    { tip: null, mark: none, hasHeads: false, key: 'new' },
    { epoch: 1, firstSeq: 1, reason: 'first-start' },
  ],
  [
    'the database is gone, the mark is not',
    { tip: null, mark: mark(3, 70), hasHeads: false },
    { epoch: 4, firstSeq: 71, reason: 'database-lost' },
  ],
  [
    'database and mark are gone, the key is not',
    { tip: null, mark: none, hasHeads: false },
    { epoch: 1_790_000_000, firstSeq: 1, reason: 'database-lost' },
  ],
  ['a database from last week', { mark: mark(2, 90) }, { epoch: 3, firstSeq: 91, reason: 'database-rolled-back' }],
  [
    'a database from an earlier epoch',
    { mark: mark(5, 90) },
    { epoch: 6, firstSeq: 91, reason: 'database-rolled-back' },
  ],
  [
    'another history than the one that was signed',
    { hashAtMark: 'b'.repeat(64) },
    { epoch: 3, firstSeq: 41, reason: 'database-rolled-back' },
  ],
  ['the mark was removed', { mark: none }, { epoch: 3, firstSeq: 41, reason: 'head-lost' }],
  ['the mark is garbage', { mark: { kind: 'unreadable' } }, { epoch: 3, firstSeq: 41, reason: 'head-lost' }],
  [
    'the end of the chain was edited',
    { tailProblem: new AppError('audit.chain-broken').toData() },
    { epoch: 3, firstSeq: 41, reason: 'chain-broken' },
  ],
  ['a first start that was cut short after its first entry', { key: 'new' }, null],
  ['another key', { key: 'lost' }, { epoch: 3, firstSeq: 41, reason: 'key-lost' }],
])('%s', (_, found, expected) => {
  expect(epochAtStart({ ...whole, ...found })).toEqual(expected)
})

test('a new epoch is beyond all that is known here and at the server', () => {
  expect(epochAfter(at(2, 40), 'chain-broken')).toEqual({ epoch: 3, firstSeq: 41, reason: 'chain-broken' })
  expect(epochAfter(at(2, 40), 'refused-by-server', { epoch: 7, seq: 900 })).toMatchObject({ epoch: 8, firstSeq: 901 })
  expect(epochAfter(at(2, 40), 'refused-by-server', { epoch: 1, seq: 9 })).toMatchObject({ epoch: 3, firstSeq: 41 })
})
