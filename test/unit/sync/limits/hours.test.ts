import { describe, expect, it } from 'vitest'
import { spanOf, windowState } from '../../../../electron/host/sync/limits/hours.ts'
import { localClock } from '../../../../shared/day-window.ts'

const HOUR = 3_600_000
const at = (text: string) => Date.parse(text)
const clock = (zone: string) => {
  const local = localClock(zone)
  if (!local) throw new Error(zone)
  return local
}
const OSLO = clock('Europe/Oslo')
const NIGHT = { from: '01:00', to: '05:00' }
const shown = (window: typeof NIGHT, text: string, local = OSLO) => {
  const { open, changesAt } = windowState(window, local, at(text))
  return [open, changesAt === null ? null : new Date(changesAt).toISOString()]
}

describe('the hours of a sync', () => {
  it('begin with their first minute and end before their last', () => {
    expect(shown(NIGHT, '2026-11-20T23:59:59.999Z')).toEqual([false, '2026-11-21T00:00:00.000Z'])
    expect(shown(NIGHT, '2026-11-21T00:00:00Z')).toEqual([true, '2026-11-21T04:00:00.000Z'])
    expect(shown(NIGHT, '2026-11-21T03:59:59.999Z')).toEqual([true, '2026-11-21T04:00:00.000Z'])
    expect(shown(NIGHT, '2026-11-21T04:00:00Z')).toEqual([false, '2026-11-22T00:00:00.000Z'])
  })

  it('go over midnight', () => {
    const late = { from: '22:00', to: '04:00' }
    expect(shown(late, '2026-11-20T20:59:00Z')).toEqual([false, '2026-11-20T21:00:00.000Z'])
    expect(shown(late, '2026-11-20T23:30:00Z')).toEqual([true, '2026-11-21T03:00:00.000Z'])
  })

  it('are by the clocks on the wall: shorter in the night that skips an hour, longer in the one that repeats it', () => {
    const inNight = (from: string, to: string) => (at(to) - at(from)) / HOUR
    expect(shown(NIGHT, '2026-03-29T00:00:00Z')).toEqual([true, '2026-03-29T03:00:00.000Z'])
    expect(inNight('2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z')).toBe(3)
    expect(shown(NIGHT, '2026-10-24T23:00:00Z')).toEqual([true, '2026-10-25T04:00:00.000Z'])
    // Wholly inside the hour that does not exist: not that night.
    expect(shown({ from: '02:10', to: '02:50' }, '2026-03-28T20:00:00Z')).toEqual([false, '2026-03-30T00:10:00.000Z'])
  })

  it('are those of the place', () => {
    expect(shown(NIGHT, '2026-11-20T19:30:00Z', clock('Asia/Kolkata'))).toEqual([true, '2026-11-20T23:30:00.000Z'])
  })

  it('are all day where none were set, and never change where they are none', () => {
    expect(windowState(null, OSLO, 0)).toEqual({ open: true, changesAt: null })
    expect(shown({ from: '03:00', to: '03:00' }, '2026-11-20T19:30:00Z')).toEqual([false, null])
  })
})

describe('the end of one sync', () => {
  const now = at('2026-11-20T20:00:00Z')
  it('is so many hours on, or the next time of day, whichever comes first', () => {
    expect(spanOf({}, OSLO, now)).toBeNull()
    expect(spanOf({ hours: 2.5 }, OSLO, now)).toBe(2.5 * HOUR)
    expect(spanOf({ until: '23:00' }, OSLO, now)).toBe(2 * HOUR)
    expect(spanOf({ until: '21:00' }, OSLO, now)).toBe(24 * HOUR)
    expect(spanOf({ until: '20:59' }, OSLO, now)).toBe(24 * HOUR - 60_000)
    expect(spanOf({ until: '05:00' }, OSLO, now)).toBe(8 * HOUR)
    expect(spanOf({ until: '05:00', hours: 3 }, OSLO, now)).toBe(3 * HOUR)
    expect(spanOf({ until: '2026-11-21T00:00:00Z' }, OSLO, now)).toBe(4 * HOUR)
  })

  it('is the first minute after a gap in which it would have been', () => {
    const eve = at('2026-03-28T22:00:00Z')
    expect(spanOf({ until: '02:30' }, OSLO, eve)).toBe(3 * HOUR)
  })

  it.each([['2026-11-20T19:59:59Z'], ['2026-12-20T00:00:00Z'], ['2026-13-40T00:00:00Z']])('is refused: %s', (until) => {
    expect(() => spanOf({ until }, OSLO, now)).toThrow(expect.objectContaining({ code: 'rpc.bad-input' }))
  })
})
