import type { ErrorData } from '../../../shared/errors.ts'
import { Receipt } from '../../../shared/model/audit.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'

export interface SegmentRow {
  /** SHA-256 of the file, hex; its name in the outbox. */
  readonly id: string
  readonly epoch: number
  readonly first: number
  readonly last: number
  readonly bytes: number
  readonly uploadUrl: string | null
  readonly refused: ErrorData | null
  readonly createdAt: number
  /** When it was first put on a stick; null: never. */
  readonly handedAt: number | null
}

/** A receipt with when it came, and with the console that carried it here when it came by stick. */
export type ReceiptRow = Receipt & { readonly receivedAt: number; readonly carrier: string | null }
type ReceiptColumns = { json: string; receivedAt: number; carrier: string | null }
type SegmentColumns = Omit<SegmentRow, 'refused'> & { refusedJson: string | null }

/** Segments on their way to the server, and the receipts for those that arrived. */
export function outboxQueries(db: Db) {
  const all = db.prepare<[], SegmentColumns>(
    `SELECT id, epoch, first, last, bytes, upload_url AS uploadUrl, refused_json AS refusedJson,
       created_at AS createdAt, handed_at AS handedAt FROM audit_segment ORDER BY epoch, first`,
  )
  const add = db.prepare<[string, number, number, number, number, number]>(
    'INSERT INTO audit_segment (id, epoch, first, last, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const setUrl = db.prepare<[string | null, string]>('UPDATE audit_segment SET upload_url = ? WHERE id = ?')
  const setRefused = db.prepare<[string | null, string]>('UPDATE audit_segment SET refused_json = ? WHERE id = ?')
  const setHanded = db.prepare<[number, string]>(
    'UPDATE audit_segment SET handed_at = ifnull(handed_at, ?) WHERE id = ?',
  )
  const remove = db.prepare<[string]>('DELETE FROM audit_segment WHERE id = ?')

  const addReceipt = db.prepare<[string, number, number, number, string, number, string | null]>(
    'INSERT INTO audit_receipt (segment, epoch, first, last, json, received_at, carrier) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const receipts = db.prepare<[], ReceiptColumns>(
    'SELECT json, received_at AS receivedAt, carrier FROM audit_receipt ORDER BY epoch, first',
  )
  const given = db.prepare<[string], { found: number }>('SELECT 1 AS found FROM audit_receipt WHERE segment = ?')
  const fetched = db.prepare<[], { found: number }>(
    'SELECT 1 AS found FROM audit_receipt WHERE carrier IS NULL LIMIT 1',
  )
  const newest = db.prepare<[], ReceiptColumns>(
    'SELECT json, received_at AS receivedAt, carrier FROM audit_receipt ORDER BY epoch DESC, last DESC LIMIT 1',
  )
  const held = db.prepare<[number], { last: number | null }>(
    'SELECT max(last) AS last FROM audit_receipt WHERE epoch = ?',
  )
  const ripe = db.prepare<[number, number], { last: number | null }>(
    'SELECT max(last) AS last FROM audit_receipt WHERE epoch = ? AND received_at <= ?',
  )

  return {
    /** Oldest first. */
    segments: (): SegmentRow[] =>
      all.all().map(({ refusedJson, ...row }) => ({
        ...row,
        refused: refusedJson === null ? null : readJson(ErrorDataSchema, refusedJson, 'audit_segment.refused_json'),
      })),
    addSegment({
      id,
      epoch,
      first,
      last,
      bytes,
      createdAt,
    }: Omit<SegmentRow, 'uploadUrl' | 'refused' | 'handedAt'>): void {
      add.run(id, epoch, first, last, bytes, createdAt)
    },
    setUploadUrl(id: string, url: string | null): void {
      setUrl.run(url, id)
    },
    setRefused(id: string, reason: ErrorData | null): void {
      setRefused.run(reason === null ? null : JSON.stringify(reason), id)
    },
    setHanded(id: string, at: number): void {
      setHanded.run(at, id)
    },
    removeSegment(id: string): void {
      remove.run(id)
    },

    addReceipt(receipt: Receipt, receivedAt: number, carrier: string | null = null): void {
      const { segment, epoch, first, last } = receipt
      addReceipt.run(segment, epoch, first, last, JSON.stringify(receipt), receivedAt, carrier)
    },
    hasReceipt: (segment: string): boolean => given.get(segment) !== undefined,
    /** Whether a receipt ever came from the server itself. */
    hasFetched: (): boolean => fetched.get() !== undefined,
    /** Oldest first. */
    receipts: (): ReceiptRow[] => receipts.all().map(readReceipt),
    newestReceipt(): ReceiptRow | null {
      const row = newest.get()
      return row ? readReceipt(row) : null
    },
    /** The last entry of an epoch that the server has signed for; null when it has for none. */
    heldThrough: (epoch: number): number | null => held.get(epoch)?.last ?? null,
    /** The same, counting only receipts that came at or before `time`. */
    heldThroughSince: (epoch: number, time: number): number | null => ripe.get(epoch, time)?.last ?? null,
  }
}
export type OutboxQueries = ReturnType<typeof outboxQueries>

function readReceipt({ json, receivedAt, carrier }: ReceiptColumns): ReceiptRow {
  return { ...readJson(Receipt, json, 'audit_receipt.json'), receivedAt, carrier }
}
