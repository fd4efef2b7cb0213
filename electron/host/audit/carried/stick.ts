import type { ErrorData } from '../../../../shared/errors.ts'
import type { ReceiptBag, Waybill } from '../../../../shared/model/audit.ts'

/** A segment that a stick offers. Everything about it is a stranger's word until it was checked. */
export interface OfferedSegment {
  /** The folder in which it lies, and its name without ending. */
  readonly console: string
  readonly name: string
  /** Throws `pack.*`, `trust.too-large`; null when there is none. */
  waybill(maxBytes: number): Promise<Uint8Array | null>
  open(): Promise<AsyncIterable<Uint8Array> | null>
}

/** Receipts for a console that a stick offers. */
export interface OfferedBag {
  readonly console: string
  readonly name: string
  bytes(maxBytes: number): Promise<Uint8Array | null>
}

/** Something on a stick that was not taken, and why. */
export interface NotTaken {
  readonly target: string
  readonly reason: ErrorData
}

export interface Offered {
  readonly segments: readonly OfferedSegment[]
  readonly bags: readonly OfferedBag[]
  /** Folders that could not be looked through. */
  readonly refused: readonly NotTaken[]
}

/** What this console puts on a stick: its own log, those that it carries for others, and receipts. */
export interface Outgoing {
  readonly console: string
  readonly segments: readonly { readonly waybill: Waybill; readonly path: string }[]
  readonly bags: readonly ReceiptBag[]
}
