import { type ErrorCode, isAppError } from '../../../../shared/errors.ts'
import { type CarriedQueries, type CarriedSegment, KEPT_RECEIPTS } from '../../store/carried.ts'
import { bring, type Road } from '../bring.ts'
import { checkReceipt, type ReceiptKeys } from '../chain-receipt.ts'
import { isRefusal } from '../intake-answer.ts'
import type { AuditRecorder } from '../recorder.ts'

/** Refusals that somebody at the server can lift without the segment being sent differently. */
const LIFTABLE: ReadonlySet<ErrorCode> = new Set(['audit.unknown-console', 'audit.refused'])

export interface OnwardOptions {
  readonly rows: CarriedQueries
  readonly dir: string
  /** This console: it says who carries. */
  readonly console: string
  readonly recorder: AuditRecorder
  readonly now: () => number
  readonly drop: (id: string) => void
}

export interface OnwardRound extends Omit<Road, 'onProgress'> {
  readonly receiptKeys: ReceiptKeys
  /** Also sends what the server has refused before. */
  readonly again: boolean
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

/**
 * Brings every segment that is carried to the intake, in its console's name and by that console's own signed head, and
 * keeps the receipts for the way home. What the intake refuses stays here and holds nothing else up. Throws what ends a
 * connection, `cancelled`, `disk.full`.
 */
export async function bringOthers(options: OnwardOptions, round: OnwardRound): Promise<void> {
  const { rows } = options
  const waiting = rows.segments()
  const total = waiting.reduce((sum, { waybill }) => sum + waybill.bytes, 0)
  let done = 0
  for (const segment of waiting) {
    round.signal.throwIfAborted()
    const { bytes } = segment.waybill
    const settled = segment.refused !== null && !round.again && !LIFTABLE.has(segment.refused.code)
    try {
      await bringOne(options, segment, settled, round, (sent) => round.onProgress({ done: done + sent, total }))
    } catch (error) {
      if (!isRefusal(error) && !isAppError(error, 'audit.bad-receipt') && !isAppError(error, 'file.not-found'))
        throw error
      rows.setRefused(segment.id, error.toData())
    }
    done += bytes
    round.onProgress({ done, total })
  }
}

async function bringOne(
  { rows, dir, console: carrier, recorder, now, drop }: OnwardOptions,
  { id, waybill, uploadUrl }: CarriedSegment,
  settled: boolean,
  round: OnwardRound,
  onProgress: (sent: number) => void,
): Promise<void> {
  const { console, epoch, first, last, hash: head, bytes } = waybill
  const metadata = { console, segment: id, head: JSON.stringify(waybill.head), carrier }
  const onUrl = (url: string) => rows.setUploadUrl(id, url)
  // What was refused for good is only asked after: another carrier may have closed the gap before it meanwhile.
  const onceRefused = settled ? 'leave' : 'send-again'
  const receipt = await bring({ id, bytes, dir, uploadUrl, onUrl, metadata, onceRefused }, { ...round, onProgress })
  checkReceipt(receipt, { console, epoch, first, last, head, segment: id }, round.receiptKeys)
  const detail = { console, epoch, first, last, keyid: receipt.keyid }
  await recorder.record({ actor: 'console', action: 'audit.delivered', subject: id, detail }, () =>
    rows.delivered(receipt, now(), KEPT_RECEIPTS),
  )
  drop(id)
}
