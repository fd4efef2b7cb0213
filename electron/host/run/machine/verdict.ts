import { z } from 'zod'
import { Moment } from '../../../../shared/model/plan.ts'

/** The moment of an event. `host` names one life of the host process: its monotonic clock is worth nothing in another. */
export interface Now {
  readonly host: string
  /** Monotonic ms of that host. */
  readonly mono: number
  /** The console's best idea of the date, ms since 1970. */
  readonly wall: number
}

/**
 * The proof that the machine was in its safe state: for one act, for a short time, in one life of the
 * host. It is consumed by the act that it allows and is never stored for later use.
 */
export const Verdict = z.object({
  moment: Moment,
  host: z.string(),
  /** When the readings were judged, monotonic ms. */
  at: z.number(),
  /** How long after `at` the readings stay fresh, ms. */
  goodForMs: z.number(),
  /** The measured conditions that held. */
  conditions: z.array(z.string()),
})
export type Verdict = z.infer<typeof Verdict>

/** However long readings may age, what was proved is acted on at once or proved again, ms. */
export const VERDICT_MAX_MS = 5_000

export function isFresh(verdict: Verdict, moment: Moment, now: Pick<Now, 'host' | 'mono'>): boolean {
  const age = now.mono - verdict.at
  return (
    verdict.moment === moment &&
    verdict.host === now.host &&
    age >= 0 &&
    age <= Math.min(verdict.goodForMs, VERDICT_MAX_MS)
  )
}
