import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { AuditHead, Receipt } from '../../../shared/model/audit.ts'
import type { AuditQueries } from '../store/audit.ts'
import type { OutboxQueries, SegmentRow } from '../store/outbox.ts'
import { bring, type Road } from './bring.ts'
import { checkReceipt, type ReceiptKeys } from './chain-receipt.ts'
import type { AuditRecorder } from './recorder.ts'
import type { AgentFor } from './tus-http-stack.ts'

export interface DeliveryOptions {
  readonly queries: AuditQueries
  readonly outbox: OutboxQueries
  readonly recorder: AuditRecorder
  readonly console: string
  readonly outboxDir: string
  readonly now: () => number
  /** Silence after which a connection is given up, ms. */
  readonly idleMs: number
  /** Waits between attempts, ms. */
  readonly pauses: readonly number[]
  readonly agent?: AgentFor | undefined
}

export interface Shipment extends Pick<Road, 'endpoint' | 'onProgress' | 'signal'> {
  readonly receiptKeys: ReceiptKeys
  /** How far the whole log reaches: the intake learns it even when the segment ends before. */
  readonly head: AuditHead
}

/**
 * Brings one segment to the intake and takes the receipt for it. Nothing local is deleted before the
 * receipt has been verified and stored. Throws what {@link bring} throws, and `audit.bad-receipt`.
 */
export async function deliver(options: DeliveryOptions, segment: SegmentRow, shipment: Shipment): Promise<void> {
  const { outbox, console, outboxDir: dir, idleMs, pauses, agent } = options
  const { id, bytes, uploadUrl } = segment
  const onUrl = (url: string) => outbox.setUploadUrl(id, url)
  const metadata = { console, segment: id, head: JSON.stringify(shipment.head) }
  const goods = { id, bytes, dir, uploadUrl, onUrl, metadata, onceRefused: 'send-again' } as const
  const receipt = await bring(goods, { ...shipment, idleMs, pauses, agent })
  checkOwnReceipt(options, receipt, segment, shipment.receiptKeys)
  await acceptReceipt(options, receipt, [id], null)
}

/** Throws `audit.bad-receipt` unless the server signed for exactly these entries, as they stand here. */
export function checkOwnReceipt(
  { queries, console }: Pick<DeliveryOptions, 'queries' | 'console'>,
  receipt: Receipt,
  { id, epoch, first, last }: Pick<SegmentRow, 'id' | 'epoch' | 'first' | 'last'>,
  keys: ReceiptKeys,
): void {
  const head = queries.hashAt(epoch, last)
  if (head === null) throw new AppError('audit.bad-receipt', { detail: { what: 'unknown-entry', segment: id } })
  checkReceipt(receipt, { console, epoch, first, last, head, segment: id }, keys)
}

/** Stores a receipt that was checked, and forgets the segments that it covers. `carrier`: who brought it on a stick. */
export async function acceptReceipt(
  { outbox, outboxDir, recorder, now }: DeliveryOptions,
  receipt: Receipt,
  covered: readonly string[],
  carrier: string | null,
): Promise<void> {
  const { segment: subject, epoch, first, last, keyid } = receipt
  const detail = { epoch, first, last, keyid, ...(carrier !== null && { carrier }) }
  await recorder.record({ actor: 'console', action: 'audit.receipt-accepted', subject, detail }, () => {
    outbox.addReceipt(receipt, now(), carrier)
    for (const id of covered) outbox.removeSegment(id)
  })
  // After the commit. A kill in between leaves an orphan, which the next start removes.
  for (const id of covered) rmSync(join(outboxDir, id), { force: true })
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
