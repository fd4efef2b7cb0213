import { describe, expect, it } from 'vitest'
import { createHasher, sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { compareHealth, healthSignals } from '../../../electron/host/run/health.ts'
import { initialState, type RunState } from '../../../electron/host/run/machine/state.ts'
import { ProgressMeter } from '../../../electron/host/run/progress.ts'
import { ImageShelf } from '../../../electron/host/run/shelf.ts'
import { BLOCK, VerifiedFile } from '../../../electron/host/run/verified-file.ts'
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

describe('an artifact on its way out', () => {
  const bytes = Uint8Array.from({ length: BLOCK * 2 + 1_000 }, (_, at) => (at * 7) % 253)
  const image = runImage({ length: bytes.length, sha256: sha256Hex(bytes) })
  const source = (of: Uint8Array) => {
    const state = { closed: 0, reads: 0 }
    const file = {
      length: of.length,
      read: async (offset: number, length: number) => {
        state.reads += 1
        return of.slice(offset, offset + length)
      },
      close: async () => {
        state.closed += 1
      },
    }
    return { file, state }
  }
  const open = (of: Uint8Array) => VerifiedFile.open(source(of).file, image, createHasher, NEVER)

  it('gives out any stretch, and only what was hashed', async () => {
    const file = await open(bytes)
    for (const [offset, length] of [
      [0, 10],
      [BLOCK - 5, 10],
      [BLOCK * 2 + 990, 50],
      [bytes.length, 5],
      [0, bytes.length],
    ] as const) {
      expect(await file.read(offset, length)).toEqual(bytes.slice(offset, offset + length))
    }
  })

  it('is refused, and closed, when it is not what was signed', async () => {
    const changed = bytes.slice()
    changed[BLOCK] = 1
    for (const wrong of [changed, bytes.slice(1), bytes.slice(0, -1)]) {
      const { file, state } = source(wrong)
      await expect(VerifiedFile.open(file, image, createHasher, NEVER)).rejects.toMatchObject({
        code: 'artifact.corrupt',
      })
      expect(state.closed).toBe(1)
    }
  })

  it('that changes after it was verified gives out no changed byte', async () => {
    const disk = bytes.slice()
    const file = await open(disk)
    disk[BLOCK + 17] = (disk[BLOCK + 17] ?? 0) ^ 1
    expect(await file.read(0, 100)).toEqual(bytes.slice(0, 100))
    await expect(file.read(BLOCK, 10)).rejects.toMatchObject({ code: 'artifact.corrupt' })
  })

  it('tells how far the hashing is, and stops when told', async () => {
    const seen: number[] = []
    await VerifiedFile.open(source(bytes).file, image, createHasher, NEVER, (done) => seen.push(done))
    expect(seen).toEqual([BLOCK, BLOCK * 2, bytes.length])
    const stop = new AbortController()
    stop.abort()
    await expect(VerifiedFile.open(source(bytes).file, image, createHasher, stop.signal)).rejects.toThrow('aborted')
  })

  it('is verified once for all its readers, and anew after it was dropped', async () => {
    const { file, state } = source(bytes)
    const shelf = new ImageShelf(
      [image],
      { held: () => true, open: async () => file, facts: async () => image.facts },
      createHasher,
    )
    expect(() => shelf.image(0).read(0, 1)).toThrow('artifact.missing')
    await shelf.verify(NEVER)
    const reads = state.reads
    await shelf.verify(NEVER)
    expect(state.reads).toBe(reads)
    expect(await shelf.image(0).read(5, 3)).toEqual(bytes.slice(5, 8))
    await shelf.drop(0)
    await shelf.verify(NEVER)
    expect([state.reads > reads + 1, state.closed]).toEqual([true, 1])
    await shelf.close()
    expect(state.closed).toBe(2)
  })
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
