import { z } from 'zod'

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hh:mm')

/** Hours of each day, from `from` up to, not including, `to`; `22:00` to `04:00` goes over midnight. */
export const DayWindow = z.strictObject({ from: TimeOfDay, to: TimeOfDay })
export type DayWindow = z.infer<typeof DayWindow>

/** Minutes since local midnight at an instant, ms since 1970. */
export type LocalClock = (at: number) => number

/** By the wall clocks of a zone, whatever daylight saving does to them. Null: there is no such zone. */
export function localClock(zone: string | undefined): LocalClock | null {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    return (at) => minuteOf(format.format(at))
  } catch {
    return null
  }
}

export function isInside(minute: number, window: DayWindow): boolean {
  const [from, to] = [minuteOf(window.from), minuteOf(window.to)]
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The next whole minute for which `test` holds, ms; null when none does within two days. */
export function nextMinute(now: number, test: (at: number) => boolean): number | null {
  const first = Math.ceil(now / MINUTE_MS)
  for (let minute = first; minute < first + 2 * DAY_MINUTES; minute += 1) {
    if (test(minute * MINUTE_MS)) return minute * MINUTE_MS
  }
  return null
}

export function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}

export function hhmm(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
