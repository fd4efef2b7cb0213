import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { attestationBefore, holdBefore, measuredFor } from '../../../electron/host/run/machine/demands.ts'
import type { Effect, RunEvent } from '../../../electron/host/run/machine/event.ts'
import { recoveryClass } from '../../../electron/host/run/machine/recover.ts'
import { isPaused, RunState, type Traits } from '../../../electron/host/run/machine/state.ts'
import { isFresh, type Verdict } from '../../../electron/host/run/machine/verdict.ts'
import type { Observation } from '../../../electron/host/run/observe.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import { AnswerChoice, isFinal } from '../../../shared/model/run.ts'
import { cranePlan } from '../../fixtures/crane.ts'
import { BEFORE, MachineDriver, runImage, seen as runsOld, TRAITS } from '../../fixtures/run-machine.ts'

const data = (code: ErrorCode) => new AppError(code).toData()

const plan: fc.Arbitrary<Plan> = fc
  .record({
    hold: fc.subarray(['before-write', 'before-restart', 'before-confirm'] as const),
    attest: fc.subarray(['detach', 'write', 'restart', 'confirm'] as const),
    onCheckFail: fc.constantFrom('rollback' as const, 'ask' as const),
  })
  .map(({ hold, attest, onCheckFail }) =>
    cranePlan({
      holds: hold,
      onCheckFail,
      conditions: [
        { id: 'm1', at: ['detach', 'write'], expr: 'true', override: { roles: ['supervisor'] } },
        { id: 'm2', at: ['restart', 'confirm'], expr: 'true' },
        ...(attest.length > 0 ? [{ id: 'a1', at: attest, attest: { text: 'clear' } }] : []),
      ],
    }),
  )

const traits: fc.Arbitrary<Traits> = fc.record({
  trialBoot: fc.boolean(),
  stoppable: fc.boolean(),
  detach: fc.boolean(),
  confirm: fc.boolean(),
  rollback: fc.boolean(),
  restore: fc.boolean(),
  restartsItself: fc.boolean(),
})

const observation: fc.Arbitrary<Observation> = fc.record({
  runs: fc.constantFrom(
    'new' as const,
    'old' as const,
    'old' as const,
    'mixed' as const,
    'other' as const,
    'not-known' as const,
  ),
  mode: fc.constantFrom('application' as const, 'bootloader' as const, 'unknown' as const),
  confirmed: fc.constantFrom(true, false, null),
  pending: fc.boolean(),
  held: fc.constantFrom(true, false, null),
  foreign: fc.constantFrom(null, null, null, { component: 'app', version: '9' }),
  lie: fc.constantFrom(null, null, { component: 'app', said: '2.5.0', expected: '2.5.0' }),
  versions: fc.constantFrom({ app: '2.4.1' }, { app: null }),
})

const act = fc.constantFrom(
  'detach' as const,
  'write' as const,
  'restart' as const,
  'confirm' as const,
  'roll-back' as const,
  'restore' as const,
)
const error = fc
  .constantFrom<ErrorCode>(
    'link.lost',
    'device.refused',
    'device.no-answer',
    'device.image-rejected',
    'plan.expired',
    'reading.stale',
  )
  .map(data)

/** Anything that may happen, in any order, with verdicts that are good, old, foreign, or about something else. */
type Move = (driver: MachineDriver) => RunEvent | 'tick' | 'crash'
const bad: fc.Arbitrary<Partial<Verdict>> = fc.constantFrom(
  { at: -20_000 },
  { host: 'other' },
  { moment: 'confirm' as const },
  { conditions: [] },
  { goodForMs: -1 },
)
const fixed = (event: RunEvent): fc.Arbitrary<Move> => fc.constant(() => event)
const OLD = runsOld()

/** What a device does that works. */
function wellBehaved({ phase }: RunState): Observation {
  if (phase === 'verifying') return { ...OLD, runs: 'new', confirmed: false, held: true }
  return phase === 'confirming' ? { ...OLD, runs: 'new', confirmed: true, held: true } : OLD
}

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 90,
    // Everything goes well, but for every third set of checks.
    arbitrary: fc.tuple(error, fc.nat(2)).map(
      ([reason, luck]): Move =>
        (driver) => {
          const { state, effect } = driver
          const { question } = state
          if (question) {
            const choice = question.choices[0] ?? 'go'
            return { type: 'answered', question: question.id, choice, by: 'anna', note: 'seen' }
          }
          if (effect?.do === 'prove') return { type: 'proved', verdict: driver.verdict() }
          return reply(effect, wellBehaved(state), reason, effect?.do !== 'run-checks' || luck > 0)
        },
    ),
  },
  {
    weight: 2,
    arbitrary: bad.map(
      (change): Move =>
        (driver) => ({ type: 'proved', verdict: driver.verdict(change) }),
    ),
  },
  {
    weight: 6,
    // What an engine would answer to the effect it was given.
    arbitrary: fc.tuple(observation, error, fc.boolean()).map(
      ([seen, reason, well]): Move =>
        (driver) =>
          reply(driver.effect, seen, reason, well),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...AnswerChoice.options).map(
      (choice): Move =>
        ({ state }) => ({ type: 'answered', question: state.question?.id ?? 'q', choice, by: 'anna', note: 'seen' }),
    ),
  },
  {
    weight: 6,
    arbitrary: error.map(
      (reason): Move =>
        () => ({ type: 'checks-failed', reason }),
    ),
  },
  {
    weight: 1,
    arbitrary: observation.map(
      (seen): Move =>
        () => ({ type: 'observed', seen, health: {} }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(act, error, fc.boolean()).map(
      ([which, reason, progressed]): Move =>
        () => ({ type: 'act-failed', act: which, error: reason, progressed }),
    ),
  },
  {
    weight: 1,
    arbitrary: act.map(
      (which): Move =>
        () => ({ type: 'act-done', act: which }),
    ),
  },
  {
    weight: 1,
    arbitrary: error.map(
      (reason): Move =>
        () => ({ type: 'blocked', reason }),
    ),
  },
  {
    weight: 1,
    arbitrary: error.map(
      (reason): Move =>
        () => ({ type: 'no-answer', reason }),
    ),
  },
  { weight: 1, arbitrary: fixed({ type: 'overridden', condition: 'm1', by: 'sven', second: null, reason: 'why' }) },
  { weight: 1, arbitrary: fixed({ type: 'cancel-wished', by: 'anna' }) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (on): Move =>
        () => ({ type: 'pause-wished', on, by: 'anna' }),
    ),
  },
  { weight: 1, arbitrary: fixed({ type: 'check-again', by: 'anna' }) },
  { weight: 1, arbitrary: fixed({ type: 'device-back' }) },
  { weight: 1, arbitrary: fixed({ type: 'time-up' }) },
  { weight: 1, arbitrary: fc.constant<Move>(() => 'tick') },
  { weight: 1, arbitrary: fc.constant<Move>(() => 'crash') },
)

function reply(
  effect: Effect | null,
  seen: Observation,
  reason: AppError | ReturnType<typeof data>,
  well: boolean,
): RunEvent {
  const why = reason instanceof AppError ? reason.toData() : reason
  switch (effect?.do) {
    case undefined:
      return { type: 'start' }
    case 'check':
      return well ? { type: 'checked', traits: TRAITS, before: BEFORE, seen } : { type: 'refused', reason: why }
    case 'stage':
      return well ? { type: 'staged', health: {} } : { type: 'refused', reason: why }
    case 'await-return':
      return well ? { type: 'returned' } : { type: 'no-answer', reason: why }
    case 'observe':
      return well ? { type: 'observed', seen, health: {} } : { type: 'no-answer', reason: why }
    case 'run-checks':
      return well ? { type: 'checks-passed' } : { type: 'checks-failed', reason: why }
    case 'detach':
    case 'write':
    case 'restart':
    case 'confirm':
    case 'roll-back':
    case 'restore':
      return well ? { type: 'act-done', act: effect.do } : { type: 'act-stopped', act: effect.do, reason: why }
    case 'prove':
    case 'wait':
    case 'end':
      return { type: 'device-back' }
  }
}

const MOMENT = {
  detach: 'detach',
  write: 'write',
  restart: 'restart',
  confirm: 'confirm',
  'roll-back': 'restart',
} as const

/** What must never be: a sentence for each claim that does not hold. */
type Check = (driver: MachineDriver, before: RunState, event: RunEvent, effect: Effect | null) => Claims
type Claims = readonly (readonly [claim: string, holds: boolean])[]

const always = (check: Check) =>
  fc.property(scenario, ([rules, can, two, moves]) => {
    const driver = new MachineDriver(rules, two ? [runImage(), runImage({ component: 'radio' })] : [runImage()])
    const broken: string[] = []
    const step = (event: RunEvent) => {
      const before = driver.state
      const length = driver.trace.length
      driver.send(event)
      const effect = driver.trace.length > length ? (driver.trace.at(-1)?.effect ?? null) : null
      for (const [claim, holds] of check(driver, before, event, effect)) if (!holds) broken.push(claim)
    }
    step({ type: 'start' })
    step({ type: 'checked', traits: can, before: BEFORE, seen: OLD })
    step({ type: 'staged', health: {} })
    for (const [at, one] of moves.entries()) {
      const event = one(driver)
      driver.now = { ...driver.now, mono: driver.now.mono + (event === 'tick' ? 130_000 : 10) }
      if (event === 'crash') driver.now = { ...driver.now, host: `h${at + 2}`, mono: at }
      if (event !== 'tick') step(event === 'crash' ? { type: 'host-restarted' } : event)
    }
    expect(broken).toEqual([])
  })
const scenario = fc.tuple(plan, traits, fc.boolean(), fc.array(move, { minLength: 15, maxLength: 60, size: 'max' }))
const OFTEN = { numRuns: 300 }

it('nothing irreversible without a fresh verdict for that very act, every condition, hold and word behind it', () => {
  const acts = new Map<string, number>()
  fc.assert(
    always((driver, before, event, effect) => {
      if (!effect || !('verdict' in effect)) return []
      acts.set(effect.do, (acts.get(effect.do) ?? 0) + 1)
      const moment = MOMENT[effect.do]
      const { verdict } = effect
      return [
        ['it follows from a proof', event.type === 'proved' && event.verdict === verdict],
        ['fresh, for this act, of this host', isFresh(verdict, moment, driver.now)],
        [
          'every measured condition',
          measuredFor(driver.plan, moment, before).every((id) => verdict.conditions.includes(id)),
        ],
        ['every hold', holdBefore(driver.plan, moment, before, driver.now) === null],
        ['every attestation', attestationBefore(driver.plan, moment, before, driver.now) === null],
        ['not paused', !isPaused(before)],
        ['remembered as touched', driver.state.touched],
        ['all images before the restart', effect.do !== 'restart' || before.image === driver.images.length],
        ['an image that there is', effect.do !== 'write' || effect.image < driver.images.length],
        ['only the new version is confirmed', effect.do !== 'confirm' || before.seen?.runs === 'new'],
        ['what only looks for the truth writes no more', !before.closing || !['detach', 'write'].includes(effect.do)],
      ]
    }),
    OFTEN,
  )
  // The walk went through every door often enough to mean something.
  expect(Object.keys(MOMENT).filter((one) => (acts.get(one) ?? 0) < 5)).toEqual([])
})

it('what it says at the end is what the device said after the last act', () => {
  fc.assert(
    always((driver, before) => {
      const { phase, result, seen, touched } = driver.state
      const claims: Claims = [['an ending has a result, and nothing else has', isFinal(phase) === (result !== null)]]
      if (!result || before.result) return claims
      const is = (outcome: string, holds: boolean): readonly [string, boolean] => [
        outcome,
        result.outcome !== outcome || holds,
      ]
      return [
        ...claims,
        ['named like its phase', result.outcome === phase],
        ['read back', result.readBack === (seen?.versions ?? null)],
        is('succeeded', seen?.runs === 'new' && seen.confirmed !== false),
        is('rolled-back', seen?.runs === 'old'),
        is('cancelled', seen?.runs === 'old' && !(touched && seen.pending)),
        is('failed', !touched || (seen !== null && seen.runs !== 'not-known')),
        is('unknown', result.device === 'not-known'),
      ]
    }),
    OFTEN,
  )
})

it('a stop never ends without an attempt to restore, and never falls between restart and confirmation', () => {
  fc.assert(
    always((driver, before, event) => {
      const { state, trace } = driver
      const late = event.type === 'cancel-wished' && before.restart !== 'none' && !before.cancelWished
      const stopped = state.phase === 'cancelled' && before.phase !== 'cancelled' && state.touched
      return [
        ['no wish after the restart', !late || isFinal(before.phase) || !state.cancelWished],
        [
          'restored',
          !stopped || trace.some(({ effect }) => effect?.do === 'restore') || state.traits?.restore === false,
        ],
      ]
    }),
    OFTEN,
  )
})

it('every state can be stored, read back, and recovered without repeating an act', () => {
  fc.assert(
    always(({ state, plan: rules, images, now }) => {
      const stored = RunState.parse(JSON.parse(JSON.stringify(state)))
      const revived = new MachineDriver(rules, images)
      revived.state = stored
      revived.now = { host: 'later', mono: 1, wall: now.wall }
      revived.send({ type: 'host-restarted' })
      const doing = revived.effect?.do ?? 'nothing'
      return [
        ['stored whole', JSON.stringify(stored) === JSON.stringify(RunState.parse(state))],
        ['every phase that is not an ending has a way on', (recoveryClass(state) === 'none') === isFinal(state.phase)],
        ['and it is no act', ['check', 'stage', 'prove', 'observe', 'wait', 'end'].includes(doing)],
        ['no word of the last life counts', isFinal(state.phase) || revived.state.consents.length === 0],
      ]
    }),
    OFTEN,
  )
})

it('an ending stays an ending, but for unknown, which may look again', () => {
  fc.assert(
    always(({ state }, before, event) => {
      if (!isFinal(before.phase)) return []
      if (before.phase === 'unknown' && event.type === 'check-again') {
        return [['it asks, and only that', state.asking && state.closing && state.result === null]]
      }
      return [['as it was', state.phase === before.phase && state.result === before.result]]
    }),
    OFTEN,
  )
})
