import { z } from 'zod'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { FactQueries } from '../../store/facts.ts'
import { readJson } from '../../store/json-column.ts'

const PAUSED = 'sync.paused'
const WAITING = 'sync.waiting'

const Paused = z.object({ by: z.string(), since: z.number() })
export type Paused = z.infer<typeof Paused>

/** A sync that the hour or the link holds back, and that goes on by itself in the name of whoever began it. */
const Waiting = z.object({ by: z.string(), when: z.enum(['window', 'unmetered']) })
export type Waiting = z.infer<typeof Waiting>

/** What people wanted of syncs, beyond the life of the process. */
export class SyncWishes {
  readonly #facts: FactQueries
  readonly #recorder: AuditRecorder
  #paused: Paused | null
  #waiting: Waiting | null

  constructor(facts: FactQueries, recorder: AuditRecorder) {
    this.#facts = facts
    this.#recorder = recorder
    this.#paused = this.#read(Paused, PAUSED)
    this.#waiting = this.#read(Waiting, WAITING)
  }

  get paused(): Paused | null {
    return this.#paused
  }

  get waiting(): Waiting | null {
    return this.#waiting
  }

  /** `since`: ms since 1970. Who paused first is who paused, also where two do so at once. */
  async pause(by: string, since: number): Promise<void> {
    if (this.#paused) return
    const paused = { by, since }
    this.#paused = paused
    try {
      await this.#recorder.record({ actor: by, action: 'sync.paused', subject: 'sync' }, () =>
        this.#facts.set(PAUSED, JSON.stringify(paused)),
      )
    } catch (error) {
      this.#paused = null
      throw error
    }
  }

  async resume(by: string): Promise<void> {
    if (!this.#paused) return
    const detail = { pausedBy: this.#paused.by, since: this.#paused.since }
    await this.#recorder.record({ actor: by, action: 'sync.resumed', subject: 'sync', detail }, () =>
      this.#facts.remove(PAUSED),
    )
    this.#paused = null
  }

  /** Null: nothing is waited for. */
  wait(waiting: Waiting | null): void {
    if (waiting?.by === this.#waiting?.by && waiting?.when === this.#waiting?.when) return
    if (waiting) this.#facts.set(WAITING, JSON.stringify(waiting))
    else this.#facts.remove(WAITING)
    this.#waiting = waiting
  }

  #read<T>(schema: z.ZodType<T>, fact: string): T | null {
    const stored = this.#facts.get(fact)
    return stored === null ? null : readJson(schema, stored, `fact.${fact}`)
  }
}
