import { hhmm, isInside, localClock, nextMinute } from '../../../shared/day-window.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'

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
  const inside = (at: number) => isInside(minutes(at), window)
  if (inside(now)) return null
  const { from, to } = window
  const opensAt = nextMinute(now, inside)
  return new AppError('plan.outside-window', {
    detail: { from, to, zone, local: hhmm(minutes(now)), opensAt },
  }).toData()
}
