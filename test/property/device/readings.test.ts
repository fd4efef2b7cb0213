import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { interpret, levelOf, type Meaning, readingOf } from '../../../electron/host/device/readings.ts'
import { AppError } from '../../../shared/errors.ts'
import { SignalSpec } from '../../../shared/model/profile.ts'
import { Reading } from '../../../shared/model/reading.ts'

const raw = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom('open', 'closed', ' 12 ', '1e3', 'NaN', '0x10', ''),
)
const meaning: fc.Arbitrary<Meaning> = fc.record(
  {
    type: fc.constantFrom('bool' as const, 'number' as const, 'text' as const),
    map: fc.option(
      fc.dictionary(fc.constantFrom('open', 'closed', '1', 'true'), fc.oneof(fc.boolean(), fc.integer(), fc.string())),
      { nil: undefined },
    ),
    scale: fc.option(fc.constantFrom(0.001, 2, -1, 1e308), { nil: undefined }),
    range: fc.option(fc.constant({ min: 0, max: 100 }), { nil: undefined }),
  },
  { requiredKeys: ['type'] },
)
const TYPE = { bool: 'boolean', number: 'number', text: 'string' } as const

test('a value is always of the type that the profile says, in its range, and finite; otherwise there is none', () => {
  fc.assert(
    fc.property(raw, meaning, (said, means) => {
      const { value, fault } = interpret(said, means)
      if (value === null) return fault !== null
      if (typeof value !== TYPE[means.type]) return false
      if (typeof value !== 'number') return true
      return Number.isFinite(value) && (!means.range || (value >= means.range.min && value <= means.range.max))
    }),
    { numRuns: 2000 },
  )
})

test('a word outside the map is never a value', () => {
  fc.assert(
    fc.property(fc.string(), (word) => {
      const { value } = interpret(word, { type: 'bool', map: { closed: true, open: false } })
      return value === null || word.trim() === 'closed' || word.trim() === 'open'
    }),
  )
})

test.each([
  ['closed', { type: 'bool', map: { closed: true, open: false } }, true, null],
  [' open\r\n', { type: 'bool', map: { closed: true, open: false } }, false, null],
  ['CLOSED', { type: 'bool', map: { closed: true, open: false } }, null, 'unreadable'],
  ['true', { type: 'bool' }, null, 'unreadable'],
  [1, { type: 'bool' }, null, 'unreadable'],
  [1, { type: 'bool', map: { '1': true } }, true, null],
  ['constructor', { type: 'text', map: {} }, null, 'unreadable'],
  ['12.5', { type: 'number' }, 12.5, null],
  ['12.5 V', { type: 'number' }, null, 'unreadable'],
  ['', { type: 'number' }, null, 'unreadable'],
  ['0x10', { type: 'number' }, null, 'unreadable'],
  [12_000, { type: 'number', scale: 0.001, range: { min: 0, max: 400 } }, 12, null],
  [401_000, { type: 'number', scale: 0.001, range: { min: 0, max: 400 } }, null, 'out-of-range'],
  [Number.NaN, { type: 'number' }, null, 'unreadable'],
  [true, { type: 'number' }, null, 'unreadable'],
  ['pass', { type: 'text' }, 'pass', null],
] as const)('%j as %j is %j', (said, means, value, fault) => {
  expect(interpret(said, means)).toEqual({ value, fault })
})

const spec = SignalSpec.parse({
  id: 'battery.percent',
  title: 'Battery',
  type: 'number',
  source: { from: 'smp.stat', group: 'power', field: 'pct' },
  range: { min: 0, max: 100 },
  warn: { below: 40 },
  alarm: { below: 20, above: 99 },
})

test.each([
  [50, 'normal'],
  [40, 'normal'],
  [39, 'warn'],
  [19, 'alarm'],
  [100, 'alarm'],
  [null, 'unknown'],
] as const)('%s is %s', (value, level) => {
  expect(levelOf(spec, value)).toBe(level)
})

test.each([
  ['device.no-answer', {}, 'no-answer'],
  ['link.lost', {}, 'no-answer'],
  ['link.unsupported', {}, 'not-supported'],
  ['device.refused', { reason: 'not-supported' }, 'not-supported'],
  ['device.refused', { reason: 'invalid' }, 'unreadable'],
  ['reading.unreadable', {}, 'unreadable'],
  ['reading.missing', {}, 'unreadable'],
] as const)('%s %j is the fault %s', (code, detail, fault) => {
  const asked = { at: 5, time: 7 }
  const reading = readingOf(spec, new AppError(code, { detail }), asked)
  expect(Reading.parse(reading)).toEqual({ signal: spec.id, unit: '', value: null, fault, raw: code, ...asked })
})
