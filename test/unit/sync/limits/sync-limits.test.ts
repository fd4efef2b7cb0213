import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../../electron/host/store/settings.ts'
import { LinkWatch } from '../../../../electron/host/sync/limits/link-watch.ts'
import { SyncLimits } from '../../../../electron/host/sync/limits/sync-limits.ts'
import { NO_TIME, raiseFloor, refreshTime } from '../../../../electron/host/trust/effective-time.ts'
import type { Settings } from '../../../../shared/contract/settings.ts'
import { localClock } from '../../../../shared/day-window.ts'
import { TestClock } from '../../../fixtures/test-clock.ts'

const HOUR = 3_600_000
const NIGHT = { from: '01:00', to: '05:00' }
const MIDNIGHT = Date.parse('2026-11-20T23:00:00Z')

function limits(clock: TestClock, settings: Partial<Settings> = {}) {
  const local = localClock('Europe/Oslo')
  if (!local) throw new Error('zone')
  const facts = { get: () => null, set: () => undefined, remove: () => undefined }
  const link = new LinkWatch({ facts, recorder: { record: async () => undefined as never }, probe: async () => null })
  // A floor was signed a minute before the test began; uptime goes on with the monotonic clock.
  const sample = () => ({ wall: clock.now(), boot: 'b', uptime: clock.monotonic() })
  const state = raiseFloor(NO_TIME, clock.now() - 60_000, sample(), true)
  const time = { refreshTime: () => refreshTime(state, sample()) }
  return new SyncLimits({ clock, time, link, local, settings: () => ({ ...DEFAULT_SETTINGS, ...settings }) })
}
const why = (of: ReturnType<SyncLimits['begin']>) => of.over()?.code ?? null

describe('the limits of a sync in time', () => {
  it('end with its hours, and say when they begin again', () => {
    const clock = new TestClock(MIDNIGHT + 3 * HOUR)
    const of = limits(clock, { syncWindow: NIGHT }).begin({})
    expect(of.view(0).window).toEqual({ ...NIGHT, open: true, changesAt: MIDNIGHT + 5 * HOUR })
    clock.advance(2 * HOUR - 1)
    expect(why(of)).toBeNull()
    clock.advance(1)
    expect(of.over()).toMatchObject({
      code: 'sync.outside-window',
      detail: { from: '01:00', to: '05:00', opensAt: MIDNIGHT + 25 * HOUR },
    })
  })

  it('begin when the person says so, whatever the hours are', () => {
    const clock = new TestClock(MIDNIGHT + 12 * HOUR)
    const all = limits(clock, { syncWindow: NIGHT })
    expect(all.begin({}).rules.open).toBe(false)
    const now = all.begin({ hours: 1 })
    expect(now.rules.open).toBe(true)
    expect(now.view(7)).toMatchObject({ endsAt: clock.now() + HOUR, used: 7, window: null })
    clock.advance(HOUR)
    expect(now.over()).toMatchObject({ code: 'sync.time-over' })
  })

  it.each([
    ['back', -6 * HOUR],
    ['far back', -Date.parse('2026-11-20T23:00:00Z')],
    ['on', 6 * HOUR],
  ])('are not made longer by a clock that is set %s', (_, step) => {
    const clock = new TestClock(MIDNIGHT + 2 * HOUR)
    const all = limits(clock, { syncWindow: NIGHT })
    const [window, hours] = [all.begin({}), all.begin({ hours: 3 })]
    clock.advance(HOUR)
    clock.wall += step
    clock.advance(2 * HOUR)
    expect([why(window), why(hours)]).toEqual(['sync.outside-window', 'sync.time-over'])
  })

  it('last no longer than was said, however the clock jumps', () => {
    const moves = fc.array(fc.record({ passes: fc.nat(HOUR), jumps: fc.integer({ min: -9 * HOUR, max: 9 * HOUR }) }))
    fc.assert(
      fc.property(moves, fc.boolean(), (list, byWindow) => {
        const clock = new TestClock(MIDNIGHT + 2 * HOUR)
        const of = limits(clock, { syncWindow: NIGHT }).begin(byWindow ? {} : { hours: 3 })
        let passed = 0
        for (const { passes, jumps } of list) {
          clock.advance(passes)
          clock.wall += jumps
          passed += passes
          expect(passed < 3 * HOUR || of.over() !== null).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('go by what was signed where the clock lost its time', () => {
    const clock = new TestClock(MIDNIGHT + 2 * HOUR)
    const all = limits(clock, { syncWindow: NIGHT })
    clock.wall = 0
    expect(all.begin({}).rules.open).toBe(true)
    clock.mono += 4 * HOUR
    expect(all.begin({}).rules.open).toBe(false)
  })
})
