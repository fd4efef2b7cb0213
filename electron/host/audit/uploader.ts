import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { AuditHead } from '../../../shared/model/audit.ts'
import type { AgeSealer } from '../crypto/age-seal.ts'
import type { SegmentRow } from '../store/outbox.ts'
import { type DeliveryOptions, deliver, discard, refuse, type Shipment } from './delivery.ts'
import { isRefusal } from './intake-answer.ts'
import { backlog, type EpochBacklog, type OutboxOptions, prepareNext } from './outbox.ts'

/** Refusals that a person at the server can lift: the same segment is good once they did. */
const LIFTABLE: ReadonlySet<string> = new Set(['audit.unknown-console', 'audit.bad-head', 'audit.refused'])

export interface UploadRound {
  readonly sealer: AgeSealer
  readonly head: () => AuditHead
  readonly shipment: Omit<Shipment, 'head' | 'onProgress'>
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
  /** The server's history and this one part here: the log must go on in a new epoch. */
  readonly onParted: (epoch: number, refusal: AppError) => Promise<void>
  /** An entry does not verify: what comes after it in this epoch can never be sent. */
  readonly onBroken: (epoch: number, problem: ErrorData) => Promise<void>
}

/**
 * Sends everything that waits, oldest first, one segment after the other. A refused epoch does not
 * hold up the next; the first refusal is thrown once the rest has been sent.
 */
export async function uploadAll(options: OutboxOptions & DeliveryOptions, round: UploadRound): Promise<void> {
  let refusal: AppError | null = null
  let done = 0
  const progressOf = (segment: SegmentRow) => (sent: number) => {
    const waiting = options.outbox.segments().reduce((sum, { bytes }) => sum + bytes, 0)
    round.onProgress({ done: done + sent, total: done + Math.max(waiting, segment.bytes) })
  }
  // An epoch that is opened meanwhile, because the server refused one, is sent in the same round.
  for (let next = oldestAfter(options, 0); next !== null; next = oldestAfter(options, next.epoch.epoch)) {
    try {
      await uploadEpoch(options, round, next, (segment, sent) => {
        progressOf(segment)(sent)
        if (sent === segment.bytes) done += sent
      })
    } catch (error) {
      if (!isRefusal(error)) throw error
      refusal ??= error
    }
  }
  if (refusal !== null) throw refusal
}

function oldestAfter(options: OutboxOptions, epoch: number): EpochBacklog | null {
  return backlog(options).find((candidate) => candidate.epoch.epoch > epoch) ?? null
}

async function uploadEpoch(
  options: OutboxOptions & DeliveryOptions,
  round: UploadRound,
  first: EpochBacklog,
  onProgress: (segment: SegmentRow, sent: number) => void,
): Promise<void> {
  const { signal } = round.shipment
  const { epoch } = first.epoch
  let restartAt: number | null = null
  let restarted = false
  for (;;) {
    signal.throwIfAborted()
    const segment = await nextSegment(options, round, epoch, restartAt)
    restartAt = null
    if (segment === null) return
    try {
      await deliver(options, segment, {
        ...round.shipment,
        head: round.head(),
        onProgress: (sent) => onProgress(segment, sent),
      })
      onProgress(segment, segment.bytes)
    } catch (error) {
      if (error instanceof AppError && error.code === 'file.not-found' && error.detail.what === 'segment') {
        // The entries are still in the database: make the file again.
        discard(options, segment)
        continue
      }
      const again = restarted ? null : serverLost(error, first)
      if (again !== null) {
        restarted = true
        restartAt = again
        for (const waiting of options.outbox.segments()) if (waiting.epoch === epoch) discard(options, waiting)
        continue
      }
      if (isRefusal(error) && !LIFTABLE.has(error.code)) {
        refuse(options, segment, toErrorData(error))
        await round.onParted(segment.epoch, error)
      }
      throw error
    }
  }
}

async function nextSegment(
  options: OutboxOptions,
  { sealer, shipment, onBroken }: UploadRound,
  epoch: number,
  restartAt: number | null,
): Promise<SegmentRow | null> {
  const waiting = options.outbox.segments().find((segment) => segment.epoch === epoch)
  if (waiting) return waiting.refused === null ? waiting : null
  const state = backlog(options).find((candidate) => candidate.epoch.epoch === epoch)
  if (!state) return null
  const { segment, problem } = await prepareNext(options, state, sealer, restartAt, shipment.signal)
  if (problem !== null) await onBroken(epoch, problem)
  return segment
}

/** Where to begin again when the server has less than it once signed for, and it is still here. */
function serverLost(error: unknown, { epoch }: EpochBacklog): number | null {
  if (!(error instanceof AppError) || error.code !== 'audit.gap') return null
  const { expected } = error.detail
  return typeof expected === 'number' && expected > epoch.anchorSeq ? expected - 1 : null
}
