import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { AgeSealer } from '../crypto/age-seal.ts'
import { createHasher } from '../crypto/hash.ts'
import { randomHex } from '../crypto/random.ts'
import type { AuditQueries, EntryRow } from '../store/audit.ts'
import type { SegmentRow } from '../store/outbox.ts'
import { ensurePrivateDir, syncDir } from '../store/private-files.ts'
import { storeError } from '../store/store-error.ts'
import { type ChainEntry, type ChainPoint, readClear } from './chain.ts'
import { type ConsoleSigner, signHead } from './chain-head.ts'
import { MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES, segmentLines } from './chain-segment.ts'
import type { StretchCheck } from './verify.ts'

const PAGE = 200

export interface SegmentMaker {
  readonly queries: AuditQueries
  readonly signer: ConsoleSigner
  readonly outboxDir: string
  readonly check: StretchCheck
  readonly now: () => number
}

export type NewSegment = Omit<SegmentRow, 'uploadUrl' | 'refused' | 'handedAt'>

/** The next stretch after `from` that is sound and fits, and what ends it if that is a broken entry. */
export interface Stretch {
  readonly from: ChainPoint
  readonly end: ChainPoint
  readonly problem: ErrorData | null
}

/** Measures how far a segment after `from` may reach: nothing that does not verify is ever sent. */
export async function nextStretch(
  { queries, check }: Pick<SegmentMaker, 'queries' | 'check'>,
  from: ChainPoint,
  signal?: AbortSignal,
): Promise<Stretch> {
  let end = from
  let bytes = 0
  for (;;) {
    signal?.throwIfAborted()
    const room = MAX_SEGMENT_ENTRIES - (end.seq - from.seq)
    const rows = withinBytes(queries.after(from.epoch, end.seq, Math.min(PAGE, room)), MAX_SEGMENT_BYTES - bytes)
    if (rows.length === 0) return { from, end, problem: null }
    const checked = await check(end, rows, signal)
    end = checked.end
    bytes += rows.reduce((sum, row) => sum + sizeOf(row), 0)
    if (checked.problem !== null) return { from, end, problem: checked.problem }
  }
}

/**
 * Writes the segment of a stretch into the outbox and returns its row. The file has its final name
 * only when it is whole and on the disk; until the row is stored as well it is an orphan that the next
 * start removes. Throws `disk.full`, `store.read-only`, `cancelled`.
 */
export async function makeSegment(
  { queries, signer, outboxDir, now }: SegmentMaker,
  { from, end }: Stretch,
  sealer: AgeSealer,
  signal?: AbortSignal,
): Promise<NewSegment> {
  ensurePrivateDir(outboxDir)
  const unfinished = join(outboxDir, `${randomHex(8)}.part`)
  const createdAt = now()
  const { epoch } = end
  const header = {
    format: 'slipway.audit-segment/1' as const,
    console: signer.console,
    epoch,
    first: from.seq + 1,
    last: end.seq,
    prev: from.hash,
  }
  const lines = segmentLines(header, storedEntries(queries, from, end.seq), signHead(signer, end, createdAt))
  const hasher = createHasher()
  let bytes = 0
  async function* hashed() {
    for await (const chunk of sealer.sealStream(each(lines))) {
      hasher.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  try {
    await pipeline(hashed, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }), { ...(signal && { signal }) })
    await sync(unfinished)
    const id = hasher.hex()
    await rename(unfinished, join(outboxDir, id))
    syncDir(outboxDir)
    return { id, epoch, first: header.first, last: header.last, bytes, createdAt }
  } catch (error) {
    await rm(unfinished, { force: true })
    throw storeError(error)
  }
}

/** The entries after `from` up to `last`, in pages: the database is never busy for long. */
function* storedEntries(queries: AuditQueries, from: ChainPoint, last: number): Iterable<ChainEntry> {
  for (let seq = from.seq; seq < last; ) {
    const rows = queries.after(from.epoch, seq, Math.min(PAGE, last - seq))
    if (rows.length === 0)
      throw new AppError('audit.gap', { detail: { epoch: from.epoch, expected: seq + 1, found: last } })
    for (const row of rows) {
      yield { clear: readClear(row.clear, row.seq), hash: row.hash, sealed: row.sealed }
      seq = row.seq
    }
  }
}

function withinBytes(rows: readonly EntryRow[], room: number): readonly EntryRow[] {
  let used = 0
  const fits = rows.findIndex((row) => {
    used += sizeOf(row)
    return used > room
  })
  return fits === -1 ? rows : rows.slice(0, fits)
}

/** What the entry takes in the segment, about: base64 and its clear part. */
function sizeOf({ clear, sealed }: EntryRow): number {
  return clear.length + Math.ceil((sealed.length * 4) / 3) + 100
}

async function* each(lines: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for (const line of lines) yield line
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
