import { type DayWindow, isInside, type LocalClock, minuteOf, nextMinute } from '../../../../shared/day-window.ts'
import { AppError } from '../../../../shared/errors.ts'

/**
 * When files may be fetched. `now` is the time at which a refresh would be judged: never behind what was signed, and
 * without a clock's accident ahead that only a sync could mend.
 */
export interface WindowState {
  readonly open: boolean
  /** When it closes or opens next, ms; null: not within two days. */
  readonly changesAt: number | null
}

/** Hours of the day by the clocks on the wall; without a window it is always open. */
export function windowState(window: DayWindow | null, local: LocalClock, now: number): WindowState {
  if (!window) return { open: true, changesAt: null }
  const inside = (at: number) => isInside(local(at), window)
  const open = inside(now)
  return { open, changesAt: nextMinute(now, (at) => inside(at) !== open) }
}

const HOUR_MS = 3_600_000
const MAX_SPAN_MS = 7 * 24 * HOUR_MS

/** For how long from now, ms: so many hours, or until a time of day or an instant. Throws `rpc.bad-input`. */
export function spanOf(
  wish: { hours?: number | undefined; until?: string | undefined },
  local: LocalClock,
  now: number,
) {
  if (wish.until === undefined) return wish.hours === undefined ? null : wish.hours * HOUR_MS
  const end = /^\d\d:\d\d$/.test(wish.until) ? nextTimeOfDay(wish.until, local, now) : Date.parse(wish.until)
  const span = Math.min(end - now, (wish.hours ?? Number.POSITIVE_INFINITY) * HOUR_MS)
  if (span > 0 && span <= MAX_SPAN_MS) return span
  throw new AppError('rpc.bad-input', {
    detail: { method: 'sync.start', at: 'until', why: 'within the next seven days' },
  })
}

/** On a day on which the clocks skip it, the first minute after the gap: a day late would be a surprise. */
function nextTimeOfDay(text: string, local: LocalClock, now: number): number {
  const wanted = minuteOf(text)
  let before = local(now)
  const passed = (at: number) => {
    const minute = local(at)
    const crossed = minute >= before ? before < wanted && wanted <= minute : wanted > before || wanted <= minute
    before = minute
    return crossed
  }
  return nextMinute(now + 1, passed) ?? Number.NaN
}
