import { expect, test } from 'vitest'
import { judgeHead, judgeSegment, type KnownConsole, type Submission } from '../../../electron/depot/intake/judge.ts'
import { ZERO_HASH } from '../../../electron/host/audit/chain.ts'
import type { AuditAction } from '../../../shared/model/audit.ts'

const hash = (seq: number, history = 'a') => `${history}${seq}`.padEnd(64, '0')
const known = (held: [number, number][], announced: [number, number][] = []): KnownConsole => ({
  held: new Map(held.map(([epoch, seq]) => [epoch, { seq, hash: hash(seq) }])),
  announced: new Map(announced.map(([epoch, seq]) => [epoch, { seq, hash: hash(seq) }])),
})

interface Shape {
  epoch?: number
  first: number
  last: number
  prev?: string
  history?: string
  firstAction?: AuditAction
}

function submission({ epoch = 1, first, last, history = 'a', prev, firstAction = 'run.phase' }: Shape): Submission {
  const within = (seq: number) => (seq >= first && seq <= last ? hash(seq, history) : null)
  return {
    facts: {
      header: {
        format: 'slipway.audit-segment/1',
        console: 'c',
        epoch,
        first,
        last,
        prev: prev ?? hash(first - 1, history),
      },
      head: {
        format: 'slipway.audit-head/1',
        console: 'c',
        epoch,
        seq: last,
        hash: hash(last, history),
        time: 1,
        signature: '',
      },
      end: { epoch, seq: last, hash: hash(last, history) },
    },
    firstAction,
    hashAt: within,
    heldHashAt: (seq) => hash(seq),
  }
}

const opening = { prev: ZERO_HASH, firstAction: 'audit.epoch-opened' } as const
const outcome = (work: () => unknown) => {
  try {
    return work()
  } catch (error) {
    const { code, detail } = error as { code: string; detail: object }
    return { code, ...detail }
  }
}

test.each<[string, KnownConsole, Shape, unknown]>([
  ['the first of a console', known([]), { first: 1, last: 9, ...opening }, 'new'],
  ['the next', known([[1, 9]]), { first: 10, last: 12 }, 'new'],
  ['one that reaches back into what is held', known([[1, 9]]), { first: 5, last: 12 }, 'new'],
  ['one that is held already', known([[1, 9]]), { first: 5, last: 9 }, 'held'],
  ['a part of what is held', known([[1, 9]]), { first: 2, last: 4 }, 'held'],
  ['a new epoch', known([[1, 9]]), { epoch: 2, first: 10, last: 11, ...opening }, 'new'],
  ['a new epoch that jumps', known([[1, 9]]), { epoch: 5, first: 90, last: 91, ...opening }, 'new'],
  [
    'an older epoch that goes on',
    known([
      [1, 9],
      [2, 20],
    ]),
    { first: 10, last: 12 },
    'new',
  ],
  ['exactly what was announced', known([[1, 9]], [[1, 12]]), { first: 10, last: 12 }, 'new'],

  ['a gap', known([[1, 9]]), { first: 11, last: 12 }, { code: 'audit.gap', expected: 10, found: 11, heldSeq: 9 }],
  [
    'an epoch whose beginning never came',
    known([]),
    { first: 7, last: 9 },
    { code: 'audit.gap', expected: 0, found: 7 },
  ],
  ['another past', known([[1, 9]]), { first: 10, last: 12, history: 'b' }, { code: 'audit.fork', seq: 9 }],
  ['another past, overlapping', known([[1, 9]]), { first: 5, last: 12, history: 'b' }, { code: 'audit.fork', seq: 9 }],
  [
    'another past, inside what is held',
    known([[1, 9]]),
    { first: 5, last: 8, history: 'b' },
    { code: 'audit.fork', seq: 8 },
  ],
  [
    'another past than the one announced',
    known([], [[1, 6]]),
    { first: 1, last: 9, history: 'b', ...opening },
    { code: 'audit.fork', seq: 6 },
  ],
  [
    'an epoch that is not opened',
    known([[1, 9]]),
    { epoch: 2, first: 10, last: 11, prev: ZERO_HASH },
    { code: 'audit.bad-segment', what: 'epoch-start' },
  ],
  [
    'an epoch from before',
    known([[3, 9]]),
    { epoch: 2, first: 1, last: 2, ...opening },
    { code: 'audit.bad-segment', what: 'epoch-order', heldEpoch: 3 },
  ],
])('%s', (_, before, shape, expected) => {
  const verdict = outcome(() => judgeSegment(before, submission(shape)))
  expect({ verdict }).toMatchObject({ verdict: expected })
})

test.each<[string, KnownConsole, { epoch: number; seq: number; history?: string }, unknown]>([
  ['a console that is new', known([]), { epoch: 1, seq: 3 }, undefined],
  ['further than before', known([[1, 9]], [[1, 12]]), { epoch: 1, seq: 13 }, undefined],
  ['the same again', known([[1, 9]], [[1, 12]]), { epoch: 1, seq: 12 }, undefined],
  ['a new epoch', known([[1, 9]]), { epoch: 2, seq: 10 }, undefined],
  ['less than is held', known([[1, 9]]), { epoch: 1, seq: 8 }, { code: 'audit.truncated', expected: 9, found: 8 }],
  [
    'less than was announced',
    known([[1, 9]], [[1, 12]]),
    { epoch: 1, seq: 10 },
    { code: 'audit.truncated', expected: 12, heldSeq: 12 },
  ],
  [
    'an epoch from before',
    known([
      [1, 9],
      [2, 12],
    ]),
    { epoch: 1, seq: 50 },
    { code: 'audit.truncated', heldEpoch: 2 },
  ],
  ['another history', known([[1, 9]]), { epoch: 1, seq: 9, history: 'b' }, { code: 'audit.fork', seq: 9 }],
])('a head: %s', (_, before, { epoch, seq, history }, expected) => {
  const verdict = outcome(() => judgeHead(before, { epoch, seq, hash: hash(seq, history) }))
  expect({ verdict }).toMatchObject({ verdict: expected })
})
