import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { FactQueries } from '../store/facts.ts'
import { readJson } from '../store/json-column.ts'
import {
  type EffectiveTime,
  effectiveTime,
  NO_TIME,
  observeTime,
  raiseFloor,
  refreshTime,
  type TimeSample,
  type TimeState,
} from '../trust/effective-time.ts'

const FACT = 'time.state'
const Stored = z.object({
  floor: z.number(),
  elapsed: z.number(),
  highWater: z.number(),
  boot: z.string(),
  uptime: z.number(),
}) satisfies z.ZodType<TimeState>

/** How long the machine has been up, and since which start. */
export interface Boot {
  readonly id: string
  uptimeMs(): number
}

/** The effective time of this console, kept in the database. */
export class TrustedTime {
  readonly #clock: Clock
  readonly #boot: Boot
  readonly #facts: FactQueries
  #state: TimeState

  constructor(options: { clock: Clock; boot: Boot; facts: FactQueries }) {
    this.#clock = options.clock
    this.#boot = options.boot
    this.#facts = options.facts
    const stored = this.#facts.get(FACT)
    this.#state = stored === null ? NO_TIME : readJson(Stored, stored, 'fact.time.state')
  }

  /** What was told once is never taken back, not even within the minute that {@link observe} leaves open. */
  now(): EffectiveTime {
    const sample = this.#sample()
    this.#state = observeTime(this.#state, sample)
    return effectiveTime(this.#state, sample)
  }

  /** For the judgement of a refresh, ms. */
  refreshTime(): number {
    return refreshTime(this.#state, this.#sample())
  }

  /** Writes down how late it is. Called now and then, so that a restart does not forget what has passed. */
  observe(): void {
    this.#keep(observeTime(this.#state, this.#sample()))
  }

  /**
   * A time of issue was verified: from the server itself (`live`), or out of a pack, which proves that it is at least
   * that late and no more. Called in the transaction that stores the refresh.
   */
  heard(issuedAt: number, live: boolean): void {
    this.#keep(raiseFloor(this.#state, issuedAt, this.#sample(), live))
  }

  #keep(state: TimeState): void {
    this.#facts.set(FACT, JSON.stringify(state))
    this.#state = state
  }

  #sample(): TimeSample {
    return { wall: this.#clock.now(), boot: this.#boot.id, uptime: this.#boot.uptimeMs() }
  }
}

/**
 * The machine's own count of time since its start, which goes on while it sleeps (Linux). Where the system gives
 * a start no name, this process is taken for one: then less is known to have passed, never more.
 */
export function machineBoot(clock: Clock, processId: string): Boot {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return { id, uptimeMs: () => Math.floor(uptime() * 1000) }
  } catch {
    const start = clock.monotonic()
    return { id: processId, uptimeMs: () => Math.floor(clock.monotonic() - start) }
  }
}
