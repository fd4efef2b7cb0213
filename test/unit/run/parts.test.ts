import { describe, expect, it } from 'vitest'
import { compareHealth, healthSignals } from '../../../electron/host/run/health.ts'
import { initialState, type RunState } from '../../../electron/host/run/machine/state.ts'
import { ProgressMeter } from '../../../electron/host/run/progress.ts'
import { ImageShelf } from '../../../electron/host/run/shelf.ts'
import { conditionView, stepsOf } from '../../../electron/host/run/views.ts'
import { craneProfile } from '../../fixtures/crane.ts'
import { runImage, TRAITS } from '../../fixtures/run-machine.ts'

const NEVER = new AbortController().signal

describe('progress', () => {
  it('never goes backwards within a step, and starts anew with the next image', () => {
    const meter = new ProgressMeter()
    const done = (part: string, n: number, at: number) => meter.report('write', part, n, 100, true, at).done
    expect([done('app', 10, 0), done('app', 5, 100), done('app', 130, 200)]).toEqual([10, 10, 100])
    expect(done('radio', 3, 300)).toBe(3)
  })

  it('knows its rate from the last seconds alone, and the time left from it', () => {
    const meter = new ProgressMeter()
    const report = (n: number, at: number) => meter.report('write', 'app', n, 100_000, true, at)
    expect(report(0, 0)).toMatchObject({ rate: null, etaMs: null, index: 4, of: 7 })
    for (let second = 1; second <= 10; second += 1) report(second * 1_000, second * 1_000)
    expect(report(30_000, 11_000)).toMatchObject({ rate: 4_800, etaMs: 14_583 })
    for (let second = 12; second <= 17; second += 1) report(30_000, second * 1_000)
    expect(report(30_000, 18_000)).toMatchObject({ rate: 0, etaMs: null })
  })

  it('of parts that are no bytes has no rate', () => {
    expect(new ProgressMeter().report('verify', '', 1, 2, false, 10_000).rate).toBeNull()
  })
})

describe('health', () => {
  const profile = craneProfile()

  it('reads what has thresholds first', () => {
    expect(healthSignals(profile)[0]).toBe('battery.percent')
  })

  it.each([
    [82, 60, 'same'],
    [82, 39, 'worse'],
    [30, 10, 'worse'],
    [10, 50, 'better'],
    [82, null, 'unknown'],
    [null, 50, 'unknown'],
  ] as const)('battery %s -> %s: %s', (before, after, verdict) => {
    const marks = compareHealth(profile, { 'battery.percent': before }, { 'battery.percent': after })
    expect(marks).toMatchObject([{ signal: 'battery.percent', verdict }])
  })

  it('a word that changed is worth a look', () => {
    const marks = (after: string) => compareHealth(profile, { 'health.selftest': 'pass' }, { 'health.selftest': after })
    expect([marks('pass')[0]?.verdict, marks('degraded')[0]?.verdict]).toEqual(['same', 'changed'])
  })
})

it('an artifact is verified once for all its readers, anew after it was dropped, and closed in the end', async () => {
  const image = runImage({ length: 3 })
  const calls: string[] = []
  const file = { length: 3, read: async () => new Uint8Array([1, 2, 3]), close: async () => void calls.push('close') }
  const source = {
    has: () => true,
    open: async (sha256: string) => {
      calls.push(sha256 === image.sha256 ? 'open' : 'open something else')
      return file
    },
    facts: async () => image.facts,
  }
  const shelf = new ImageShelf([image], source)
  await expect(shelf.image(0).read(0, 1)).rejects.toMatchObject({ code: 'artifact.missing' })
  await shelf.verify(NEVER)
  await shelf.verify(NEVER)
  expect(await shelf.image(0).read(0, 3)).toEqual(new Uint8Array([1, 2, 3]))
  await shelf.drop(0)
  await shelf.verify(NEVER)
  await shelf.close()
  expect(calls).toEqual(['open', 'close', 'open', 'close'])
})

it('an artifact of another length than was signed is not written', async () => {
  const image = runImage({ length: 4 })
  const file = { length: 3, read: async () => new Uint8Array(), close: async () => {} }
  const shelf = new ImageShelf([image], { has: () => true, open: async () => file, facts: async () => image.facts })
  await expect(shelf.verify(NEVER)).rejects.toMatchObject({ code: 'artifact.corrupt' })
})

describe('steps', () => {
  const NOW = { host: 'h', mono: 0, wall: 0 }
  const steps = (change: Partial<RunState>) =>
    stepsOf({ ...initialState(NOW), ...change }, 1)
      .map(({ state }) => state[0])
      .join('')

  it.each<[string, Partial<RunState>, string]>([
    ['beginning', { phase: 'checking' }, 'ntttttt'],
    ['staging', { phase: 'staging', traits: TRAITS }, 'dnttttt'],
    ['at the door of the write', { phase: 'awaiting-safe', moment: 'write', traits: TRAITS, staged: true }, 'ddntttt'],
    ['writing', { phase: 'writing', touched: true }, 'dddnttt'],
    ['at the door again', { phase: 'awaiting-safe', moment: 'write', touched: true }, 'dddnttt'],
    ['at the door of the restart', { phase: 'awaiting-safe', moment: 'restart', touched: true }, 'ddddntt'],
    ['verifying', { phase: 'verifying', restart: 'done' }, 'dddddnt'],
    ['confirming', { phase: 'confirming', restart: 'done' }, 'ddddddn'],
    ['succeeded', { phase: 'succeeded' }, 'ddddddd'],
    ['failed before anything', { phase: 'failed' }, 'fssssss'],
    ['failed while writing', { phase: 'failed', traits: TRAITS, touched: true, staged: true }, 'dddfsss'],
    ['rolled back', { phase: 'rolled-back', traits: TRAITS, touched: true, restart: 'done' }, 'dddddfs'],
    ['cancelled at the door', { phase: 'cancelled', traits: TRAITS, staged: true }, 'ddsssss'],
    ['not back from the restart', { phase: 'unknown', traits: TRAITS, touched: true, restart: 'ordered' }, 'ddddfss'],
    ['asked after the checks', { phase: 'attention', traits: TRAITS, touched: true, restart: 'done' }, 'dddddnt'],
  ])('%s', (_, change, expected) => {
    expect(steps(change)).toBe(expected)
  })
})

it('a condition that nobody looked at yet does not hold, and readings grow older while they are shown', () => {
  const condition = { id: 'c', at: ['write' as const], expr: 'signal.a', maxAge: '5s', watch: false }
  const now = { host: 'h', mono: 10_000 }
  const nobody = { consents: [], overrides: [] }
  expect(conditionView(condition, nobody, null, now)).toMatchObject({ state: 'fails', reason: null, readings: [] })
  const reading = { signal: 'a', title: 'A', value: true, unit: '', ageMs: 100 }
  const judgement = { holds: true, reason: null, readings: [reading], goodForMs: 4_000 }
  const judged = new Map([['c', { judgement, at: 9_000 }]])
  expect(conditionView(condition, nobody, { judged }, now)).toMatchObject({
    state: 'holds',
    readings: [{ ageMs: 1_100 }],
  })
})
