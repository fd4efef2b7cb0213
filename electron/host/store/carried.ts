import type { ErrorData } from '../../../shared/errors.ts'
import { Receipt, Waybill } from '../../../shared/model/audit.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import type { Db } from './db.ts'
import { readJson } from './json-column.ts'

/** A sealed stretch of another console's log. */
export interface CarriedSegment {
  /** SHA-256 of the file, hex; its name in the folder. */
  readonly id: string
  readonly waybill: Waybill
  readonly uploadUrl: string | null
  readonly refused: ErrorData | null
  readonly takenAt: number
}

/** What one console's log takes here. */
export interface CarriedLoad {
  readonly console: string
  readonly segments: number
  readonly entries: number
  readonly bytes: number
  /** When the oldest of it was taken along. */
  readonly since: number
}

/** Receipts that are kept for one console until it is met: as many as one bag holds. The server gives an older one again. */
export const KEPT_RECEIPTS = 1000

interface Columns {
  id: string
  waybillJson: string
  uploadUrl: string | null
  refusedJson: string | null
  takenAt: number
}

const COLUMNS = `id, waybill_json AS waybillJson, upload_url AS uploadUrl, refused_json AS refusedJson, taken_at AS takenAt`

/** Other consoles' logs on their way through this one, and the receipts on their way home. */
export function carriedQueries(db: Db) {
  const all = db.prepare<[], Columns>(`SELECT ${COLUMNS} FROM carried_segment ORDER BY console, epoch, first`)
  const ids = db.prepare<[], { id: string }>('SELECT id FROM carried_segment')
  const one = db.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM carried_segment WHERE id = ?`)
  const loads = db.prepare<[], CarriedLoad>(
    `SELECT console, count(*) AS segments, sum(last - first + 1) AS entries, sum(bytes) AS bytes, min(taken_at) AS since
     FROM carried_segment GROUP BY console ORDER BY console`,
  )
  const add = db.prepare<[string, string, number, number, number, number, string, number]>(
    `INSERT INTO carried_segment (id, console, epoch, first, last, bytes, waybill_json, taken_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const setUrl = db.prepare<[string | null, string]>('UPDATE carried_segment SET upload_url = ? WHERE id = ?')
  const setRefused = db.prepare<[string | null, string]>('UPDATE carried_segment SET refused_json = ? WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM carried_segment WHERE id = ?')

  const addReceipt = db.prepare<[string, string, string, number]>(
    `INSERT INTO carried_receipt (segment, console, json, received_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const receipt = db.prepare<[string], { json: string }>('SELECT json FROM carried_receipt WHERE segment = ?')
  const receipts = db.prepare<[], { json: string }>('SELECT json FROM carried_receipt ORDER BY console, received_at')
  const forget = db.prepare<{ console: string; keep: number }>(
    `DELETE FROM carried_receipt WHERE console = $console AND segment NOT IN
     (SELECT segment FROM carried_receipt WHERE console = $console ORDER BY received_at DESC, segment LIMIT $keep)`,
  )

  return {
    /** By console, oldest first. */
    segments: (): CarriedSegment[] => all.all().map(readSegment),
    ids: (): string[] => ids.all().map(({ id }) => id),
    segment(id: string): CarriedSegment | null {
      const row = one.get(id)
      return row ? readSegment(row) : null
    },
    loads: (): CarriedLoad[] => loads.all(),
    addSegment(waybill: Waybill, takenAt: number): void {
      const { segment, console, epoch, first, last, bytes } = waybill
      add.run(segment, console, epoch, first, last, bytes, JSON.stringify(waybill), takenAt)
    },
    /** Its file is gone from this disk. */
    removeSegment(id: string): void {
      remove.run(id)
    },
    setUploadUrl(id: string, url: string | null): void {
      setUrl.run(url, id)
    },
    setRefused(id: string, reason: ErrorData | null): void {
      setRefused.run(reason === null ? null : JSON.stringify(reason), id)
    },

    /** A receipt in the place of its segment. The newest `keep` of a console stay: the server gives an older one again. */
    delivered: (given: Receipt, receivedAt: number, keep: number): void =>
      db.tx(() => {
        addReceipt.run(given.segment, given.console, JSON.stringify(given), receivedAt)
        remove.run(given.segment)
        forget.run({ console: given.console, keep })
      }),
    hasReceipt: (segment: string): boolean => receipt.get(segment) !== undefined,
    /** By console, oldest first. */
    receipts: (): Receipt[] => receipts.all().map(({ json }) => readJson(Receipt, json, 'carried_receipt.json')),
  }
}
export type CarriedQueries = ReturnType<typeof carriedQueries>

function readSegment({ waybillJson, refusedJson, ...row }: Columns): CarriedSegment {
  return {
    ...row,
    waybill: readJson(Waybill, waybillJson, 'carried_segment.waybill_json'),
    refused: refusedJson === null ? null : readJson(ErrorDataSchema, refusedJson, 'carried_segment.refused_json'),
  }
}
