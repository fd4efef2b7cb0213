import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { AuditAction } from '../../../shared/model/audit.ts'
import type { AgeSealer } from '../crypto/age-seal.ts'
import type { AuditQueries, EpochRow } from '../store/audit.ts'
import type { OutboxQueries, SegmentRow } from '../store/outbox.ts'
import type { ChainPoint } from './chain.ts'
import { makeSegment, nextStretch, type SegmentMaker } from './segments.ts'

/** What the log says about itself. Such entries go with the next upload and ask for none. */
const QUIET: readonly AuditAction[] = [
  'audit.receipt-accepted',
  'audit.pruned',
  'audit.verified',
  'audit.uploaded',
  'audit.handed-over',
  'audit.delivered',
]

export interface OutboxOptions extends SegmentMaker {
  readonly outbox: OutboxQueries
}

/** What of an epoch the server has signed for, and what it has yet to get. */
export interface EpochBacklog {
  readonly epoch: EpochRow
  readonly held: number
  readonly end: number
  /** False when nothing but the log's own notes is left. */
  readonly worthSending: boolean
}

/** Epochs whose entries this console's key can vouch for, oldest first. */
export function backlog({ queries, outbox }: { queries: AuditQueries; outbox: OutboxQueries }): EpochBacklog[] {
  const epochs = queries.epochs()
  const ours = epochs.slice(
    Math.max(
      0,
      epochs.findLastIndex(({ reason }) => reason === 'key-lost'),
    ),
  )
  return ours.map((epoch) => {
    const held = Math.max(outbox.heldThrough(epoch.epoch) ?? 0, epoch.anchorSeq)
    const end = queries.tip(epoch.epoch)?.seq ?? epoch.anchorSeq
    return { epoch, held, end, worthSending: end > held && queries.hasOtherThan(epoch.epoch, held, QUIET) }
  })
}

export interface Prepared {
  readonly segment: SegmentRow | null
  /** Why the epoch ends here, when what follows does not verify. */
  readonly problem: ErrorData | null
}

/**
 * Makes the next segment of an epoch, after what is already on its way, or after `restartAt` when the
 * server lost what it had. Null when there is nothing to send.
 */
export async function prepareNext(
  options: OutboxOptions,
  { epoch, held, worthSending }: EpochBacklog,
  sealer: AgeSealer,
  restartAt: number | null,
  signal?: AbortSignal,
): Promise<Prepared> {
  const { queries, outbox } = options
  const waiting = outbox.segments().findLast((segment) => segment.epoch === epoch.epoch)
  if (waiting?.refused) return { segment: null, problem: null }
  if (!worthSending && restartAt === null) return { segment: null, problem: null }
  const from = pointAt(queries, epoch, restartAt ?? Math.max(waiting?.last ?? 0, held))
  const stretch = await nextStretch(options, from, signal)
  if (stretch.end.seq === stretch.from.seq) return { segment: null, problem: stretch.problem }
  const row = await makeSegment(options, stretch, sealer, signal)
  outbox.addSegment(row)
  return { segment: { ...row, uploadUrl: null, refused: null, handedAt: null }, problem: stretch.problem }
}

/** Removes files that no row names: what a kill left between a file and its row, or a row and its file. */
export function sweepFolder(outboxDir: string, ids: Iterable<string>): void {
  const known = new Set(ids)
  for (const name of filesIn(outboxDir)) {
    if (!known.has(name)) rmSync(join(outboxDir, name), { force: true })
  }
}

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

/** Throws `audit.gap` when that entry is no longer here. */
export function pointAt(queries: AuditQueries, { epoch, anchorSeq, anchorHash }: EpochRow, seq: number): ChainPoint {
  const hash = seq === anchorSeq ? anchorHash : queries.hashAt(epoch, seq)
  if (hash === null) throw new AppError('audit.gap', { detail: { epoch, expected: seq, found: anchorSeq } })
  return { epoch, seq, hash }
}
