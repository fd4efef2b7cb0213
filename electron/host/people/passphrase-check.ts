import type { Clock } from '../../../shared/clock.ts'
import { AppError, toErrorData } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { OperatorRow, PeopleQueries } from '../store/people.ts'
import type { KeyProtector } from './key-protector.ts'
import { waitLeft } from './throttle.ts'
import { type OperatorKeys, openVault } from './vault.ts'

export interface PassphraseCheckOptions {
  readonly queries: PeopleQueries
  readonly recorder: AuditRecorder
  readonly protector: KeyProtector
  readonly clock: Clock
}

export interface Opened {
  readonly row: OperatorRow
  readonly keys: OperatorKeys
}

/**
 * Opens operators' keys by passphrase, one try at a time: a hundred calls at once are a hundred tries
 * in a row. Wrong ones are counted and recorded before the answer is given.
 */
export class PassphraseCheck {
  readonly #options: PassphraseCheckOptions
  readonly #failedMono = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: PassphraseCheckOptions) {
    this.#options = options
  }

  /**
   * The keys of an operator. Does not forget earlier failures: {@link PassphraseCheck.passed} does, in
   * the transaction of what the passphrase was for. Throws `people.unknown-operator`,
   * `people.too-many-attempts` (with `waitMs`), `people.wrong-passphrase`, `host.no-keystore`.
   */
  async open(operator: string, passphrase: string, purpose: string): Promise<Opened> {
    const turn = this.#turn.then(() => this.#open(operator, passphrase, purpose))
    this.#turn = turn.catch(() => undefined)
    return await turn
  }

  /** The passphrase was right: what failed before no longer counts. Call it inside the recording transaction. */
  passed(operator: string): void {
    this.#options.queries.clearFailures(operator)
    this.#failedMono.delete(operator)
  }

  async #open(operator: string, passphrase: string, purpose: string): Promise<Opened> {
    const { queries, protector, clock } = this.#options
    const row = queries.get(operator)
    if (row === null)
      return await this.#refuse(
        null,
        operator,
        purpose,
        new AppError('people.unknown-operator', { detail: { operator } }),
      )
    const attempts = { ...row, failedMono: this.#failedMono.get(operator) ?? null }
    const waitMs = waitLeft(attempts, clock.now(), clock.monotonic())
    // Not recorded each time: a loop that hammers at a closed door must not fill the log.
    if (waitMs > 0) throw new AppError('people.too-many-attempts', { detail: { operator, waitMs: Math.ceil(waitMs) } })
    const keys = await openVault(row.vault, operator, passphrase, protector)
    if (keys === null)
      return await this.#refuse(
        row,
        operator,
        purpose,
        new AppError('people.wrong-passphrase', { detail: { operator } }),
      )
    return { row, keys }
  }

  async #refuse(row: OperatorRow | null, operator: string, purpose: string, refusal: AppError): Promise<never> {
    const { queries, recorder, clock } = this.#options
    const detail = { purpose, reason: toErrorData(refusal), failures: (row?.failures ?? 0) + 1 }
    const actor = row === null ? 'console' : operator
    await recorder.record({ actor, action: 'people.sign-in-refused', subject: operator, detail }, () => {
      if (row === null) return
      queries.addFailure(operator, clock.now())
      this.#failedMono.set(operator, clock.monotonic())
    })
    throw refusal
  }
}
