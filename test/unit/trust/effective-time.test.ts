import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLOCK_TOLERANCE_MS,
  clockTrouble,
  effectiveTime,
  NO_TIME,
  observeTime,
  raiseFloor,
  type TimeState,
} from '../../../electron/host/trust/effective-time.ts'

const DAY = 86_400_000
const T = Date.parse('2026-11-20T12:00:00Z')
const at = (wall: number, uptime = 0, boot = 'a') => ({ wall, uptime, boot })
const synced = raiseFloor(NO_TIME, T, at(T), true)

describe('effective time', () => {
  it('is the wall clock while nothing is known', () => {
    expect(effectiveTime(NO_TIME, at(T))).toEqual({
      now: T,
      source: 'wall',
      uncertainty: null,
      clockBehind: false,
      behindMs: 0,
    })
  })

  it('runs with the wall clock', () => {
    expect(effectiveTime(synced, at(T + DAY, DAY))).toMatchObject({ now: T + DAY, source: 'wall', uncertainty: 0 })
  })

  it('never goes back with a clock that is set back', () => {
    const seen = observeTime(synced, at(T + 2 * DAY, 2 * DAY))
    expect(effectiveTime(seen, at(T - DAY, 2 * DAY))).toMatchObject({ now: T + 2 * DAY, clockBehind: true })
  })

  it('goes on by uptime when the clock is dead', () => {
    expect(effectiveTime(synced, at(0, 3 * DAY))).toMatchObject({
      now: T + 3 * DAY,
      source: 'floor',
      clockBehind: true,
    })
  })

  it('counts the uptime of every start', () => {
    let state = observeTime(synced, at(0, 5000, 'b'))
    state = observeTime(state, at(0, 9000, 'b'))
    state = observeTime(state, at(0, 1000, 'c'))
    expect(effectiveTime(state, at(0, 1500, 'c')).now).toBe(T + 10_500)
  })

  it('loses nothing to samples that come in the wrong order', () => {
    const seen = observeTime(observeTime(synced, at(0, 5000)), at(0, 3000))
    expect(effectiveTime(seen, at(0, 3000)).now).toBe(T + 5000)
    expect(effectiveTime(seen, at(0, 6000)).now).toBe(T + 6000)
  })

  it('forgives a clock that ran ahead once the server has been heard, and not before', () => {
    const ahead = observeTime(synced, at(T + 3650 * DAY, 1000))
    expect(effectiveTime(ahead, at(T + 2000, 2000))).toMatchObject({ source: 'high-water', clockBehind: true })
    const healed = raiseFloor(ahead, T + 1500, at(T + 2000, 2000), true)
    expect(effectiveTime(healed, at(T + 2000, 2000))).toMatchObject({
      now: T + 2000,
      source: 'wall',
      clockBehind: false,
    })
    expect(healed.floor).toBeLessThan(T + DAY)
  })

  it('does not make a fuss about a few minutes', () => {
    const seen = observeTime(synced, at(T + DAY, DAY))
    expect(effectiveTime(seen, at(T + DAY - CLOCK_TOLERANCE_MS, DAY)).clockBehind).toBe(false)
    expect(effectiveTime(seen, at(T + DAY - CLOCK_TOLERANCE_MS - 1, DAY)).clockBehind).toBe(true)
  })

  it('speaks of a clock that is six minutes behind, and not of one that is four', () => {
    const seen = observeTime(synced, at(T + DAY, DAY))
    const trouble = (minutes: number) => clockTrouble(effectiveTime(seen, at(T + DAY - minutes * 60_000, DAY)))
    expect(trouble(4)).toBeNull()
    expect(trouble(6)).toMatchObject({ code: 'trust.clock-behind', detail: { byMs: 360_000 } })
  })

  it('a floor never moves down, and an older issue never resets what has passed', () => {
    const seen = observeTime(synced, at(T, DAY))
    const older = raiseFloor(seen, T - 5 * DAY, at(T, DAY), true)
    expect(effectiveTime(older, at(0, DAY)).now).toBe(T + DAY)
  })
})

it('never decreases, whatever the clock, the uptime and restarts do', () => {
  const step = fc.record({
    wall: fc.integer({ min: 0, max: 4e12 }),
    passed: fc.integer({ min: -1000, max: 1e9 }),
    restart: fc.boolean(),
    issued: fc.option(fc.integer({ min: 1e12, max: 2e12 })),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state: TimeState = NO_TIME
      let [uptime, boot, last] = [0, 0, 0]
      for (const { wall, passed, restart, issued } of steps) {
        if (restart) [uptime, boot] = [0, boot + 1]
        uptime = Math.max(0, uptime + passed)
        const sample = { wall, uptime, boot: String(boot) }
        state = issued === null ? observeTime(state, sample) : raiseFloor(state, issued, sample, false)
        const { now } = effectiveTime(state, sample)
        expect(now).toBeGreaterThanOrEqual(last)
        expect(now).toBeGreaterThanOrEqual(wall)
        last = now
      }
    }),
  )
})
