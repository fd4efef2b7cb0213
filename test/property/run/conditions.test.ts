import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseExpression } from '../../../shared/conditions/expression.ts'
import type { FactSources } from '../../../shared/conditions/facts.ts'
import { judge, judgeable, signalsOf } from '../../../shared/conditions/judge.ts'
import { lintPlan } from '../../../shared/conditions/lint.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { Reading } from '../../../shared/model/reading.ts'
import { cranePlan, craneProfile, reading } from '../../fixtures/crane.ts'

const NOW = 1_000_000
const SIGNALS = ['a', 'b', 'c', 'd']
const profile = craneProfile({
  signals: SIGNALS.map((id) => ({ id, title: id, type: 'bool', source: { from: 'smp.stat', group: 'g', field: id } })),
})

function sources(readings: readonly Reading[]): FactSources {
  return {
    profile,
    identity: { type: 'acme-crane', serial: '1', hardware: null },
    readings: new Map(readings.map((one) => [one.signal, one])),
    status: null,
    console: { battery: null, onMains: null, offlineDays: null },
    operator: { id: 'anna', roles: [] },
    now: 0,
  }
}

type Values = Readonly<Record<string, boolean>>
interface Sample {
  readonly text: string
  readonly value: (of: Values) => boolean
}

/** A random yes-or-no expression over the signals, with what it means. */
const tree = fc.letrec<{ node: Sample }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...SIGNALS).map((id): Sample => ({ text: `signal.${id}`, value: (of) => of[id] === true })),
    tie('node').map((a): Sample => ({ text: `!(${a.text})`, value: (of) => !a.value(of) })),
    fc
      .tuple(tie('node'), tie('node'))
      .map(([a, b]): Sample => ({ text: `(${a.text} && ${b.text})`, value: (of) => a.value(of) && b.value(of) })),
    fc
      .tuple(tie('node'), tie('node'))
      .map(([a, b]): Sample => ({ text: `(${a.text} || ${b.text})`, value: (of) => a.value(of) || b.value(of) })),
  ),
})).node

const quality = fc.constantFrom('fresh', 'stale', 'missing', 'fault', 'future')

it('holds exactly when it is true and every reading it names is there, fresh and whole', () => {
  fc.assert(
    fc.property(
      tree,
      fc.array(fc.record({ value: fc.boolean(), quality }), { minLength: 4, maxLength: 4 }),
      ({ text, value }, states) => {
        const of = Object.fromEntries(SIGNALS.map((id, at) => [id, states[at]!.value]))
        const readings = SIGNALS.flatMap((id, at): Reading[] => {
          const state = states[at]!
          if (state.quality === 'missing') return []
          const age = { fresh: 10, stale: 6_000, fault: 10, future: -10 }[state.quality]
          return [reading(id, state.value, NOW - age, state.quality === 'fault' ? { fault: 'unreadable' } : {})]
        })
        const condition = judgeable({ id: 'c', expr: text, maxAge: '5s' })
        const needed = signalsOf(condition)
        const proven = needed.every((id) => states[SIGNALS.indexOf(id)]!.quality === 'fresh')
        const judgement = judge(condition, sources(readings), NOW)
        expect(judgement.holds).toBe(proven && value(of))
        expect(judgement.reason === null).toBe(judgement.holds)
        // What it depends on is never guessed short: the signals it names are the ones in its text.
        expect(needed).toEqual(SIGNALS.filter((id) => text.includes(`signal.${id}`)))
      },
    ),
    { numRuns: 500 },
  )
})

const WORDS = [
  'signal .a .b ["a"] device .slots .versions now console .battery has size all ( ) [ ] { } , ? :',
  '&& || ! - + * / % == < in x 1 2.0 "s" \'\\ true null . // b" u 0x @result _ timestamp duration matches',
].flatMap((line) => line.split(' '))
const junk = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join('')),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join(' ')),
  fc.string({ maxLength: 1000, unit: 'binary' }),
)

/** Null: it parses, or is refused with its code. Otherwise what was thrown. */
function refusal(text: string): unknown {
  try {
    parseExpression(text)
    return null
  } catch (error) {
    return isAppError(error, 'condition.error') ? null : error
  }
}

it('whatever text stands in a plan, it is a verdict or a coded refusal', () => {
  fc.assert(
    fc.property(junk, (text) => {
      const judgement = judge(judgeable({ id: 'c', expr: text, maxAge: '5s' }), sources([reading('a', true, NOW)]), NOW)
      expect(judgement.holds).toBe(judgement.reason === null)
      expect(refusal(text)).toBe(null)
      const plan = {
        ...cranePlan(),
        conditions: [],
        checks: [{ id: 'c', title: 'C', expr: text, within: '1s', maxAge: '5s' }],
      }
      expect(Array.isArray(lintPlan(plan, new Map([['acme-crane', profile]])))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

it('what the publisher’s desk lets through over these signals never fails for its form at the machine', () => {
  const shapes = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(
      fc.oneof(
        shapes,
        tree.map(({ text }) => text),
      ),
      (text) => {
        const checks = [{ id: 'c', title: 'C', expr: text, within: '1s', maxAge: '5s' }]
        const found = lintPlan(
          { ...cranePlan(), conditions: [], checks, scope: { ...cranePlan().scope, from: {} } },
          new Map([['acme-crane', profile]]),
        )
        fc.pre(found.length === 0 && text.length > 0)
        const condition = judgeable({ id: 'c', expr: text, maxAge: '5s' })
        const readings = SIGNALS.map((id) => reading(id, true, NOW))
        const { reason } = judge(condition, sources(readings), NOW)
        expect(['condition.false', 'reading.missing', undefined]).toContain(reason?.code)
      },
    ),
    { numRuns: 300 },
  )
})
