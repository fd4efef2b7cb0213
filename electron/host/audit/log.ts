import { AppError, type ErrorData, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { AuditTime } from '../../../shared/model/audit.ts'
import type { AgeSealer } from '../crypto/age-seal.ts'
import type { AuditQueries, EntryRow } from '../store/audit.ts'
import type { Db } from '../store/db.ts'
import { type ChainPoint, canonicalClear, entryHash, epochStart } from './chain.ts'
import { clearPart } from './clear-part.ts'
import type { NewEpoch } from './epoch.ts'
import type { AuditRecorder, EntryDraft } from './recorder.ts'
import { sealDetail } from './seal-detail.ts'

/** Records that one commit may carry. */
const MAX_BATCH = 32

export interface AuditLogOptions {
  readonly db: Db
  readonly queries: AuditQueries
  readonly time: () => AuditTime
  /** Who may read the detail now; null while nobody is known. */
  readonly sealer: () => AgeSealer | null
  /** Where the chain goes on. Null on an empty log: the first record must be {@link AuditLog.openEpoch}. */
  readonly tip: ChainPoint | null
  readonly onAppend?: () => void
  /** Somebody else has written to the log: it must go on elsewhere. */
  readonly onTaken?: (epoch: number, problem: ErrorData) => void
}

/** One call of `record`: sealed on its own, committed in the order of the calls. */
interface Job {
  readonly drafts: readonly EntryDraft[]
  readonly time: AuditTime
  readonly epoch: NewEpoch | null
  readonly change: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  sealed: readonly Uint8Array[] | null
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/**
 * Appends to the chain. Records that wait at the same time share one durable commit, each in a
 * savepoint of its own: devices that are updated in parallel do not queue for the disk one by one.
 */
export class AuditLog implements AuditRecorder {
  readonly #options: AuditLogOptions
  readonly #queue: Job[] = []
  #tip: ChainPoint | null
  #scheduled = false
  #closed = false
  #idle: (() => void)[] = []

  constructor(options: AuditLogOptions) {
    this.#options = options
    this.#tip = options.tip
  }

  /** The newest entry of the log. */
  get tip(): ChainPoint | null {
    return this.#tip
  }

  async record<T = void>(entries: EntryDraft | readonly EntryDraft[], change?: () => T): Promise<T> {
    const drafts = isList(entries) ? entries : [entries]
    return (await this.#enqueue(drafts, null, change ?? (() => undefined))) as T
  }

  /** Begins a new epoch, and marks the one before as broken when a problem is given. */
  async openEpoch(
    next: NewEpoch,
    broken: { readonly epoch: number; readonly problem: ErrorData } | null,
  ): Promise<void> {
    const { queries } = this.#options
    const detail = { reason: next.reason, before: this.#tip, problem: broken?.problem ?? null }
    const opened: EntryDraft = { actor: 'console', action: 'audit.epoch-opened', subject: next.reason, detail }
    await this.#enqueue([opened], next, () => {
      if (broken !== null) queries.setBroken(broken.epoch, broken.problem)
    })
  }

  /** Resolves when everything that was recorded so far is durable or has failed. */
  async settled(): Promise<void> {
    if (this.#queue.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Lets what waits go through and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    await this.settled()
  }

  async #enqueue(drafts: readonly EntryDraft[], epoch: NewEpoch | null, change: () => unknown): Promise<unknown> {
    if (this.#closed) throw new AppError('host.unavailable', { detail: { what: 'audit-log' } })
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const job: Job = { drafts, time: this.#options.time(), epoch, change, resolve, reject, sealed: null }
    this.#queue.push(job)
    void this.#seal(job)
    return await promise
  }

  async #seal(job: Job): Promise<void> {
    const sealer = this.#options.sealer()
    try {
      job.sealed = await Promise.all(job.drafts.map(({ detail }) => sealDetail(detail, sealer)))
    } catch (error) {
      this.#queue.splice(this.#queue.indexOf(job), 1)
      job.reject(error)
    }
    this.#schedule()
  }

  /** Not in the same turn: whoever is about to record as well gets into the same commit. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#drain()
    })
  }

  #drain(): void {
    const waiting = this.#queue.findIndex(({ sealed }) => sealed === null)
    const ready = waiting === -1 ? this.#queue.length : waiting
    const batch = this.#queue.splice(0, Math.min(ready, MAX_BATCH))
    if (batch.length > 0) {
      this.#settle(batch, this.#commit(batch))
      if (this.#queue[0]?.sealed) this.#schedule()
    }
    if (this.#queue.length > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #commit(batch: readonly Job[]): readonly Outcome[] {
    const { db } = this.#options
    let tip = this.#tip
    const outcomes: Outcome[] = []
    try {
      db.tx(() => {
        for (const job of batch) {
          try {
            const done = db.savepoint(() => this.#apply(job, tip))
            tip = done.tip
            outcomes.push({ ok: true, value: done.value })
          } catch (error) {
            if (!db.inTx) throw error
            outcomes.push({ ok: false, error })
          }
        }
        // Nothing of it is to be kept: then it is no commit either.
        if (!outcomes.some(({ ok }) => ok)) throw new NothingToKeep()
      })
    } catch (error) {
      if (error instanceof NothingToKeep) return outcomes
      return batch.map(() => ({ ok: false, error }))
    }
    this.#tip = tip
    return outcomes
  }

  #apply(job: Job, before: ChainPoint | null): { readonly tip: ChainPoint; readonly value: unknown } {
    const { queries } = this.#options
    let tip = before
    if (job.epoch !== null) {
      const { epoch, firstSeq, reason } = job.epoch
      tip = epochStart(epoch, firstSeq)
      queries.openEpoch({ epoch, reason, firstSeq, openedAt: job.time.wall, anchorSeq: tip.seq, anchorHash: tip.hash })
    }
    if (tip === null) throw new AppError('internal', { detail: { what: 'audit-log-not-opened' } })
    const value = job.change()
    for (const [i, draft] of job.drafts.entries()) {
      const clear = clearPart(draft, tip, job.time)
      const canonical = canonicalClear(clear)
      const sealed = job.sealed?.[i] ?? new Uint8Array()
      const row: EntryRow = {
        seq: clear.seq,
        epoch: clear.epoch,
        clear: canonical,
        hash: entryHash(clear.prev, canonical, sealed),
        sealed,
      }
      queries.append(row)
      tip = { epoch: row.epoch, seq: row.seq, hash: row.hash }
    }
    return { tip, value }
  }

  #settle(batch: readonly Job[], outcomes: readonly Outcome[]): void {
    for (const [i, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[i]
      if (outcome?.ok) resolve(outcome.value)
      else reject(outcome?.error)
    }
    if (outcomes.some(({ ok }) => ok)) this.#options.onAppend?.()
    const taken = outcomes.find((outcome) => !outcome.ok && isAppError(outcome.error, 'audit.chain-broken'))
    if (taken && !taken.ok && this.#tip !== null) this.#options.onTaken?.(this.#tip.epoch, toErrorData(taken.error))
  }
}

/** Undoes a transaction in which every record has failed by itself. Never leaves this file. */
class NothingToKeep extends Error {
  override readonly name = 'NothingToKeep'
}

function isList(entries: EntryDraft | readonly EntryDraft[]): entries is readonly EntryDraft[] {
  return Array.isArray(entries)
}
