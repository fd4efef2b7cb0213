import { AppError, type ErrorData } from '../../../shared/errors.ts'

/**
 * What time it is, at least. The wall clock may be wrong in either direction; a signed time of issue cannot be
 * in the future, and uptime only runs forward. So the effective time is the latest of three: setting the clock
 * back never extends validity, and a clock set forward by accident moves nothing that was signed.
 */
export interface TimeState {
  /** The latest signed time of issue that was ever verified, ms; 0 before the first. */
  readonly floor: number
  /** Uptime that is known to have passed since, ms: a lower bound. */
  readonly elapsed: number
  /** The highest wall clock that was ever seen, ms. Unsigned: a sync sets it back to what is true. */
  readonly highWater: number
  /** Of the last sample, to measure the next from. Uptime counts from `boot`. */
  readonly boot: string
  readonly uptime: number
}

export interface TimeSample {
  /** Wall clock, ms since 1970. */
  readonly wall: number
  /** Names the current start of the machine or process that `uptime` counts from. */
  readonly boot: string
  /** ms since `boot`. Never runs backwards within one boot. */
  readonly uptime: number
}

export type TimeSource = 'wall' | 'floor' | 'high-water'

export interface EffectiveTime {
  /** ms since 1970 */
  readonly now: number
  readonly source: TimeSource
  /** How far the wall clock may be off, ms; null when nothing vouches for it. */
  readonly uncertainty: number | null
  /** The wall clock is behind what is known to have passed by more than {@link CLOCK_TOLERANCE_MS}. */
  readonly clockBehind: boolean
  /** How far it is behind, ms; 0 when it is not. */
  readonly behindMs: number
}

/** Clocks drift and are set by hand: this much is no sign of trouble (TRUST-AND-SYNC A3). */
export const CLOCK_TOLERANCE_MS = 5 * 60_000

export const NO_TIME: TimeState = { floor: 0, elapsed: 0, highWater: 0, boot: '', uptime: 0 }

/** Folds a sample in. Called at start, before decisions, and now and then in between; order does not matter. */
export function observeTime(state: TimeState, sample: TimeSample): TimeState {
  // Another boot: its uptime so far is a lower bound of what passed. The same: the difference is.
  const passed = sample.boot === state.boot ? sample.uptime - state.uptime : sample.uptime
  return {
    floor: state.floor,
    elapsed: state.floor === 0 ? 0 : state.elapsed + Math.max(0, passed),
    highWater: Math.max(state.highWater, sample.wall),
    boot: sample.boot,
    uptime: sample.boot === state.boot ? Math.max(state.uptime, sample.uptime) : sample.uptime,
  }
}

/**
 * A time of issue was verified by signature: the floor moves up to it, never down. `sync`: the whole
 * repository was verified just now at `sample`, so a high-water mark from a clock accident is forgotten.
 */
export function raiseFloor(state: TimeState, issuedAt: number, sample: TimeSample, sync: boolean): TimeState {
  const seen = observeTime(state, sample)
  const reached = seen.floor + seen.elapsed
  const raised = issuedAt > reached ? { ...seen, floor: issuedAt, elapsed: 0 } : seen
  return sync ? { ...raised, highWater: Math.max(sample.wall, raised.floor + raised.elapsed) } : raised
}

export function effectiveTime(state: TimeState, sample: TimeSample): EffectiveTime {
  const seen = observeTime(state, sample)
  const floor = seen.floor === 0 ? 0 : seen.floor + seen.elapsed
  const now = Math.max(sample.wall, floor, state.highWater)
  const clockBehind = now - sample.wall > CLOCK_TOLERANCE_MS
  const source: TimeSource = now === sample.wall ? 'wall' : now === floor ? 'floor' : 'high-water'
  return { now, source, uncertainty: floor === 0 ? null : now - floor, clockBehind, behindMs: now - sample.wall }
}

/** What a person is told of a clock that is not believed; null when it is. Work that the time allows goes on. */
export function clockTrouble({ clockBehind, source, behindMs }: EffectiveTime): ErrorData | null {
  if (!clockBehind) return null
  const code = source === 'high-water' ? 'trust.clock-set-back' : 'trust.clock-behind'
  return new AppError(code, { detail: { byMs: behindMs } }).toData()
}

/**
 * The time at which a refresh is judged. Without the high-water mark, which nobody signed: a clock that once ran
 * far ahead would otherwise make everything look expired, and the server could never be heard again.
 */
export function refreshTime(state: TimeState, sample: TimeSample): number {
  const seen = observeTime(state, sample)
  return Math.max(sample.wall, seen.floor === 0 ? 0 : seen.floor + seen.elapsed)
}
