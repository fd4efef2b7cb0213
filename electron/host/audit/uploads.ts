import type { AuditState } from '../../../shared/contract/audit.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { AuditHead } from '../../../shared/model/audit.ts'
import { type AgeSealer, ageSealer } from '../crypto/age-seal.ts'
import type { CarriedLogs } from './carried/carried-logs.ts'
import { isRefusal } from './intake-answer.ts'
import { backlog, prepareNext } from './outbox.ts'
import { type AuditParts, goOnAfter } from './parts.ts'
import type { AuditPolicy, AuditPolicySource } from './policy.ts'
import { prune } from './prune.ts'
import { uploadAll } from './uploader.ts'

export interface UploadsOptions {
  readonly parts: AuditParts
  readonly policy: AuditPolicySource
  readonly offline: () => boolean
  /** Signs how far the log reaches now. */
  readonly sign: () => AuditHead
  /** Others' logs, which go after our own. */
  readonly carried: CarriedLogs
  readonly onChange: () => void
}

/** One upload at a time, and what is known of the last one. */
export class AuditUploads {
  readonly #options: UploadsOptions
  #running: Promise<void> | null = null
  #progress: AuditState['uploading'] = null
  #lastError: ErrorData | null = null

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  get progress(): AuditState['uploading'] {
    return this.#progress
  }

  get lastError(): ErrorData | null {
    return this.#lastError
  }

  /** Calls that overlap share one upload, which the first caller's signal ends. */
  async upload(signal: AbortSignal, again: boolean): Promise<void> {
    this.#running ??= this.#upload(signal, again).finally(() => {
      this.#running = null
      this.#progress = null
      this.#options.onChange()
    })
    await this.#running
  }

  /** Makes segments of everything that waits, without sending them. */
  async prepareAll(signal?: AbortSignal): Promise<void> {
    const { parts } = this.#options
    const sealer = this.#intake(this.#policy())
    for (const { epoch, end } of backlog(parts)) {
      for (let last = 0; last < end; ) {
        const state = backlog(parts).find((candidate) => candidate.epoch.epoch === epoch.epoch)
        const prepared = state && (await prepareNext(parts, state, sealer, null, signal))
        if (!prepared?.segment) break
        last = prepared.segment.last
      }
    }
  }

  async #upload(signal: AbortSignal, again: boolean): Promise<void> {
    const { parts, offline, sign, carried, onChange } = this.#options
    try {
      if (offline()) throw new AppError('sync.offline')
      const policy = this.#policy()
      if (policy.endpoint === null) throw new AppError('sync.no-server')
      if (again) {
        for (const { id, refused } of parts.outbox.segments()) if (refused) parts.outbox.setRefused(id, null)
      }
      await parts.log.settled()
      const { endpoint } = policy
      const onProgress = (progress: AuditState['uploading']) => {
        this.#progress = progress
        onChange()
      }
      // Our own trouble with the server is no reason to hold up what others have given us.
      const refusal = await uploadAll(parts, {
        sealer: this.#intake(policy),
        head: sign,
        shipment: { endpoint, receiptKeys: policy.recipients.receiptKeys, signal },
        onProgress,
        onParted: (epoch, reason) => this.#parted(epoch, reason),
        onBroken: (epoch, problem) => goOnAfter(parts, { epoch, problem, reason: 'chain-broken' }),
      }).then(
        () => null,
        (error: unknown) => {
          if (isRefusal(error)) return error
          throw error
        },
      )
      await carried.bring(
        { endpoint, idleMs: parts.idleMs, pauses: parts.pauses, agent: parts.agent, signal },
        { again, onProgress },
      )
      if (refusal !== null) throw refusal
      await prune(parts, policy.retentionDays, parts.now())
      this.#lastError = null
    } catch (error) {
      const data = toErrorData(error)
      if (data.code !== 'cancelled') this.#lastError = data
      throw error
    }
  }

  async #parted(epoch: number, refusal: AppError): Promise<void> {
    const { heldEpoch, heldSeq } = refusal.detail
    const beyond = {
      epoch: typeof heldEpoch === 'number' ? heldEpoch : 0,
      seq: typeof heldSeq === 'number' ? heldSeq : 0,
    }
    await goOnAfter(this.#options.parts, { epoch, problem: refusal.toData(), reason: 'refused-by-server', beyond })
  }

  #policy(): AuditPolicy {
    const policy = this.#options.policy.current()
    if (policy === null) throw new AppError('audit.no-recipients')
    return policy
  }

  #intake({ recipients }: AuditPolicy): AgeSealer {
    return ageSealer(recipients.intake)
  }
}
