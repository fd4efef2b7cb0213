import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

/**
 * May a plan with this maintenance window act now? Hours are the wall clock's of the place, whatever
 * daylight saving does to it: a window that the clocks skip or repeat is shorter or longer that day.
 * `plan.outside-window` { from, to, zone, local, opensAt }; `plan.wrong-site` when the hours are the
 * site's and no site is chosen; `plan.invalid` for a zone that does not exist.
 */
export function outsideWindow(window: Plan['window'], site: Pick<Site, 'zone'> | null, now: number): ErrorData | null {
  if (!window) return null
  const zone = window.zone === 'site' ? site?.zone : window.zone
  if (zone === undefined) return new AppError('plan.wrong-site', { detail: { site: null } }).toData()
  const minutes = localClock(zone)
  if (!minutes) return new AppError('plan.invalid', { detail: { why: `no time zone ${zone}` } }).toData()
  const inside = (at: number) => isInside(minutes(at), minuteOf(window.from), minuteOf(window.to))
  if (inside(now)) return null
  const { from, to } = window
  const opensAt = nextMinute(now, inside)
  return new AppError('plan.outside-window', {
    detail: { from, to, zone, local: hhmm(minutes(now)), opensAt },
  }).toData()
}

/** From `from` up to, not including, `to`; `22:00` to `04:00` goes over midnight. */
function isInside(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}

/** Minutes since local midnight, by the wall clocks of `zone`. Null: there is no such zone. */
function localClock(zone: string): ((at: number) => number) | null {
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

/** The next whole minute for which `inside` holds, ms; null when none does within two days. */
function nextMinute(now: number, inside: (at: number) => boolean): number | null {
  const first = Math.ceil(now / MINUTE_MS)
  for (let minute = first; minute < first + 2 * DAY_MINUTES; minute += 1) {
    if (inside(minute * MINUTE_MS)) return minute * MINUTE_MS
  }
  return null
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}

function hhmm(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
