import type { Alert } from '../../../shared/contract/alerts.ts'
import { AppError } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { AlertQueries } from '../store/alerts.ts'
import { type AlertFacts, alertCauses } from './causes.ts'

export interface AlertServiceDeps {
  readonly queries: AlertQueries
  readonly recorder: AuditRecorder
  readonly now: () => number
  readonly facts: () => AlertFacts
}

/**
 * The one list of alerts. What causes them is looked at anew with every {@link update}; what was
 * raised stays, through restarts, until its cause is gone *and* a person has acknowledged it.
 */
export class AlertService {
  readonly #deps: AlertServiceDeps
  readonly #listeners = new Set<() => void>()
  #list: readonly Alert[]

  constructor(deps: AlertServiceDeps) {
    this.#deps = deps
    this.#list = deps.queries.list()
  }

  list(): readonly Alert[] {
    return this.#list
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Raises and clears as the facts say. Cheap when nothing changed: no write, no word to listeners. */
  update(): void {
    const { queries, facts, now } = this.#deps
    const causes = new Map(alertCauses(facts()).map((cause) => [cause.id, cause]))
    const held = new Map(this.#list.map((alert) => [alert.id, alert]))
    const raised = [...causes.values()].filter((cause) => {
      const alert = held.get(cause.id)
      return !alert?.active || alert.level !== cause.level || !sameReason(alert, cause)
    })
    const gone = this.#list.filter((alert) => alert.active && !causes.has(alert.id))
    if (raised.length === 0 && gone.length === 0) return
    for (const cause of raised) queries.raise({ ...cause, raisedAt: now() })
    for (const alert of gone) queries.clear(alert.id)
    queries.forgetSettled()
    this.#changed()
  }

  /** Throws `alert.unknown` when there is no such alert. Acknowledging twice is no fault. */
  async acknowledge(id: string, by: string): Promise<void> {
    const { queries, recorder, now } = this.#deps
    const alert = this.#list.find((one) => one.id === id)
    if (!alert) throw new AppError('alert.unknown')
    if (alert.acknowledgedAt !== null) return
    await recorder.record(
      { actor: by, action: 'alert.acknowledged', subject: id, detail: { reason: alert.reason } },
      () => {
        queries.acknowledge(id, by, now())
        queries.forgetSettled()
      },
    )
    this.#changed()
  }

  #changed(): void {
    this.#list = this.#deps.queries.list()
    for (const listener of this.#listeners) listener()
  }
}

function sameReason(alert: Alert, cause: { reason: Alert['reason'] }): boolean {
  return JSON.stringify(alert.reason) === JSON.stringify(cause.reason)
}
