import { type Judgeable, judgeable } from '../../../shared/conditions/judge.ts'
import { type ErrorData, isAppError, toErrorData } from '../../../shared/errors.ts'
import { durationMs } from '../../../shared/model/duration.ts'
import { isAttested, type Plan } from '../../../shared/model/plan.ts'
import type { DeviceSession } from '../device/device-access.ts'
import type { Frozen } from './frozen.ts'
import type { Live } from './live.ts'
import type { Refusal, RunEvent, Transition } from './machine/event.ts'
import { type RunState, spent } from './machine/state.ts'
import type { Now } from './machine/verdict.ts'
import type { RunPorts } from './ports.ts'
import type { ImageShelf } from './shelf.ts'

/** How often a waiting run looks at the machine, ms. */
export const POLL_MS = 1_000

/** What the parts of the engine share while they work on one run. */
export interface Work {
  readonly run: string
  readonly ports: RunPorts
  readonly frozen: Frozen
  readonly rules: Rules
  readonly images: ImageShelf
  readonly live: Live
  /** Fires when the host stops. */
  readonly closing: AbortSignal
  state(): RunState
  now(): Now
  /** Durable before it returns. */
  commit(event: RunEvent): Promise<Transition | Refusal>
  /** Something that a screen shows has changed. */
  touch(): void
}

/** The plan's expressions, read once. */
export interface Rules {
  readonly conditions: readonly Judgeable[]
  readonly watched: readonly Judgeable[]
  readonly checks: readonly (Judgeable & { readonly withinMs: number })[]
}

export function rulesOf(plan: Plan): Rules {
  const measured = plan.conditions.flatMap((condition) => (isAttested(condition) ? [] : [condition]))
  return {
    conditions: measured.map((condition) => judgeable(condition)),
    watched: measured.filter(({ watch }) => watch).map((condition) => judgeable(condition)),
    checks: plan.checks.map((check) => ({ ...judgeable(check), withinMs: durationMs(check.within) })),
  }
}

export function restartWithinMs({ frozen }: Work): number {
  return durationMs(frozen.profile.timing.restartWithin)
}

/** Notices the end of the plan's longest duration. The machine decides where that matters. */
export async function noticeTime(work: Work): Promise<void> {
  const { maxDuration } = work.frozen.plan.limits
  const state = work.state()
  if (maxDuration === undefined || state.timeUp) return
  if (spent(state, work.now()) > durationMs(maxDuration)) await work.commit({ type: 'time-up' })
}

export type Reached<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: ErrorData }

/**
 * Does something with the device, waiting up to `withinMs` for it to be there. What `job` throws is its
 * own, unless it only `looks`: looking can be tried again.
 */
export async function reach<T>(
  work: Work,
  withinMs: number,
  signal: AbortSignal,
  job: (session: DeviceSession) => Promise<T>,
  looks = false,
): Promise<Reached<T>> {
  const { ports, frozen } = work
  const until = ports.clock.monotonic() + withinMs
  for (;;) {
    let begun = false
    let reason: ErrorData
    try {
      const value = await ports.devices.use(
        frozen.device.key,
        (session) => {
          begun = true
          setLinkNote(work, null)
          return job(session)
        },
        signal,
      )
      return { ok: true, value }
    } catch (error) {
      if ((begun && !looks) || signal.aborted) throw error
      reason = reasonFor(work, error, 'device.no-answer')
      setLinkNote(work, reason)
    }
    const left = until - ports.clock.monotonic()
    if (left <= 0) return { ok: false, reason }
    await ports.sleep(Math.min(POLL_MS, left), signal)
  }
}

function setLinkNote(work: Work, note: ErrorData | null): void {
  if (work.live.linkNote?.code === note?.code) return
  work.live.linkNote = note
  work.touch()
}

/** What was thrown, as a reason for people; what is not ours goes into the log. */
export function reasonFor(work: Work, error: unknown, fallback: ErrorData['code']): ErrorData {
  const stopped = error instanceof Error && error.name === 'AbortError'
  if (!isAppError(error) && !stopped) work.ports.log(error, `run ${work.run}`)
  return toErrorData(error, fallback)
}
