import { rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { AuditHead, Receipt } from '../../../shared/model/audit.ts'
import { hashFile } from '../crypto/hash.ts'
import type { AuditQueries } from '../store/audit.ts'
import type { OutboxQueries, SegmentRow } from '../store/outbox.ts'
import { checkReceipt, type ReceiptKeys } from './chain-receipt.ts'
import { fetchReceipt, isRefusal } from './intake-answer.ts'
import type { AuditRecorder } from './recorder.ts'
import type { AgentFor } from './tus-http-stack.ts'

/** Asking again for a receipt that the intake is still making: this often, this long apart, ms. */
const RECEIPT_TRIES = 4
const RECEIPT_PAUSE_MS = 500

export interface DeliveryOptions {
  readonly queries: AuditQueries
  readonly outbox: OutboxQueries
  readonly recorder: AuditRecorder
  readonly console: string
  readonly outboxDir: string
  readonly now: () => number
  /** Silence after which a connection is given up, ms. */
  readonly idleMs: number
  readonly agent?: AgentFor | undefined
}

export interface Shipment {
  readonly endpoint: URL
  readonly receiptKeys: ReceiptKeys
  /** How far the whole log reaches: the intake learns it even when the segment ends before. */
  readonly head: AuditHead
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Brings one segment to the intake and takes the receipt for it. Nothing local is deleted before the
 * receipt has been verified and stored. Throws what `tusUpload` and {@link fetchReceipt} throw,
 * `audit.bad-receipt`, and `file.not-found` when the file in the outbox is no longer what was made.
 */
export async function deliver(options: DeliveryOptions, segment: SegmentRow, shipment: Shipment): Promise<void> {
  const { outbox } = options
  const { endpoint, signal } = shipment
  const ask = { idleMs: options.idleMs, agent: options.agent, signal }
  // It may be there already: carried on a stick, or sent whole when only the answer was lost.
  let receipt = await fetchReceipt(endpoint, segment.id, ask).catch(unlessRefused)
  if (receipt === null) {
    const path = await intactFile(options.outboxDir, segment)
    // Read only here: a start sends nothing, and the library is a sixth of what a host would have to read.
    const { tusUpload } = await import('./tus-upload.ts')
    await tusUpload({
      endpoint,
      path,
      size: segment.bytes,
      metadata: { console: options.console, segment: segment.id, head: JSON.stringify(shipment.head) },
      uploadUrl: segment.uploadUrl,
      onUrl: (url) => outbox.setUploadUrl(segment.id, url),
      onProgress: shipment.onProgress,
      idleMs: options.idleMs,
      agent: options.agent,
      signal,
    })
    receipt = await patiently(() => fetchReceipt(endpoint, segment.id, ask), signal)
  }
  if (receipt === null)
    throw new AppError('audit.bad-receipt', { retry: 'now', detail: { what: 'missing', segment: segment.id } })
  await accept(options, segment, receipt, shipment.receiptKeys)
}

async function accept(
  options: DeliveryOptions,
  segment: SegmentRow,
  receipt: Receipt,
  keys: ReceiptKeys,
): Promise<void> {
  const { queries, outbox, recorder, now } = options
  const { id, epoch, first, last } = segment
  const head = queries.hashAt(epoch, last)
  if (head === null) throw new AppError('audit.bad-receipt', { detail: { what: 'unknown-entry', segment: id } })
  checkReceipt(receipt, { console: options.console, epoch, first, last, head, segment: id }, keys)
  const detail = { epoch, first, last, keyid: receipt.keyid }
  await recorder.record({ actor: 'console', action: 'audit.receipt-accepted', subject: id, detail }, () => {
    outbox.addReceipt(receipt, now())
    outbox.removeSegment(id)
  })
  // After the commit. A kill in between leaves an orphan, which the next start removes.
  rmSync(join(options.outboxDir, id), { force: true })
}

/** What the intake refused once it judges anew when it is sent again: a person may have mended what was wrong. */
function unlessRefused(error: unknown): null {
  if (isRefusal(error)) return null
  throw error
}

/** Remembers a refusal, so that the same bytes are not sent again and again. */
export function refuse({ outbox }: DeliveryOptions, segment: SegmentRow, reason: ErrorData): void {
  outbox.setRefused(segment.id, reason)
}

/** Drops a segment whose entries will be sent in another one. */
export function discard({ outbox, outboxDir }: DeliveryOptions, segment: SegmentRow): void {
  outbox.removeSegment(segment.id)
  rmSync(join(outboxDir, segment.id), { force: true })
}

/** The file of a segment. Its name is its hash: a disk that lost part of it must not send the rest. */
async function intactFile(outboxDir: string, { id, bytes }: SegmentRow): Promise<string> {
  const path = join(outboxDir, id)
  const found = await stat(path).catch(() => null)
  if (found?.size !== bytes || (await hashFile(path)).sha256 !== id) {
    throw new AppError('file.not-found', { detail: { what: 'segment', segment: id } })
  }
  return path
}

async function patiently(ask: () => Promise<Receipt | null>, signal: AbortSignal): Promise<Receipt | null> {
  for (let left = RECEIPT_TRIES; ; left -= 1) {
    const receipt = await ask()
    if (receipt !== null || left <= 1) return receipt
    await pause(RECEIPT_PAUSE_MS, signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => settle(resolve), ms)
    const abort = () => settle(() => reject(new AppError('cancelled')))
    const settle = (how: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      how()
    }
    signal.addEventListener('abort', abort, { once: true })
  })
}
