import type { ChainReport } from '../../../shared/contract/audit.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { AuditQueries, EpochRow } from '../store/audit.ts'
import type { OutboxQueries } from '../store/outbox.ts'
import type { ChainPoint } from './chain.ts'
import { type ConsoleSigner, checkHeadAgainst, checkHeadSignature } from './chain-head.ts'
import { type ChainRow, followRows, type StretchResult } from './chain-stretch.ts'
import type { Mark } from './epoch.ts'

/** Follows rows from a point: in a worker where there is one, else here. */
export type StretchCheck = (from: ChainPoint, rows: readonly ChainRow[], signal?: AbortSignal) => Promise<StretchResult>

/** In this thread, giving the event loop back between stretches. */
export const checkHere: StretchCheck = async (from, rows) => {
  const result = followRows(from, rows)
  await new Promise((resolve) => setImmediate(resolve))
  return result
}

/** Rows read from the database and followed in one go: a few milliseconds. */
const PAGE = 250

export interface VerifyOptions {
  readonly queries: AuditQueries
  readonly outbox: OutboxQueries
  readonly signer: ConsoleSigner
  readonly check: StretchCheck
  readonly mark: () => Mark
  /** The newest entry as the running log remembers it at the moment: the database must say the same. */
  readonly liveTip: () => ChainPoint | null
  readonly now: () => number
  readonly signal?: AbortSignal
}

export interface Verdict {
  readonly report: ChainReport
  /** The first epoch that is broken, if any. */
  readonly broken: { readonly epoch: number; readonly problem: ErrorData } | null
}

/**
 * Walks the whole log: every hash, every signed head, every receipt, the mark beside the database and
 * the memory of the running log. Finds an entry that was edited, dropped, added, moved or cut off.
 */
export async function verifyLog(options: VerifyOptions): Promise<Verdict> {
  const { queries, now, liveTip } = options
  const epochs = queries.epochs()
  let entries = 0
  let broken: Verdict['broken'] = null
  for (const epoch of epochs) {
    const { end, problem } = await verifyEpoch(options, epoch)
    entries += end.seq - epoch.anchorSeq
    if (problem !== null) broken ??= { epoch: epoch.epoch, problem }
  }
  const first = epochs.find(({ epoch, anchorSeq }) => queries.after(epoch, anchorSeq, 1).length > 0)
  const last = queries.tip()
  const report = {
    ok: broken === null,
    entries,
    first: first ? first.anchorSeq + 1 : null,
    last: last?.seq ?? liveTip()?.seq ?? null,
    reason: broken?.problem ?? null,
    checkedAt: now(),
  }
  return { report, broken }
}

/** From the anchor of an epoch to its end. */
export async function verifyEpoch(options: VerifyOptions, epoch: EpochRow): Promise<StretchResult> {
  const { queries, signal, check } = options
  const anchor: ChainPoint = { epoch: epoch.epoch, seq: epoch.anchorSeq, hash: epoch.anchorHash }
  let end = anchor
  try {
    // What is appended meanwhile is another verification's business.
    const tip = options.liveTip()
    const through = epoch.epoch === tip?.epoch ? tip.seq : Number.MAX_SAFE_INTEGER
    for (let more = end.seq < through; more; more = end.seq < through) {
      signal?.throwIfAborted()
      const rows = queries.after(epoch.epoch, end.seq, Math.min(PAGE, through - end.seq))
      if (rows.length === 0) break
      const result = await check(end, rows, signal)
      end = result.end
      if (result.problem !== null) return result
    }
    checkAnchor(options, epoch)
    checkWitnesses(options, end, tip)
    return { end, problem: epoch.broken }
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', { cause: error })
    return { end, problem: toErrorData(error) }
  }
}

/** Everybody who once said where this epoch was: a chain that was rewritten as a whole contradicts one of them. */
function checkWitnesses(options: VerifyOptions, end: ChainPoint, tip: ChainPoint | null): void {
  const { queries, outbox, signer, mark, liveTip } = options
  const hashAt = (seq: number) => queries.hashAt(end.epoch, seq)
  for (const head of queries.heads(end.epoch)) {
    // An earlier key of this laptop signed it: only what it says can still be compared.
    if (head.console === signer.console) checkHeadSignature(head, signer.publicKey)
    checkHeadAgainst(head, end, hashAt)
  }
  for (const { epoch, last, head } of outbox.receipts()) {
    checkHeadAgainst({ epoch, seq: last, hash: head }, end, hashAt)
  }
  if (tip !== null) checkHeadAgainst(tip, end, hashAt)
  const beyond = queries.after(end.epoch, Math.max(end.seq, liveTip()?.seq ?? 0), 1)[0]
  if (beyond) throw new AppError('audit.chain-broken', { detail: { seq: beyond.seq, what: 'taken' } })
  const marked = mark()
  if (marked.kind === 'head') checkHeadAgainst(marked.head, end, hashAt)
  if (marked.kind === 'unreadable' && end.epoch === tip?.epoch) {
    throw new AppError('audit.bad-head', { detail: { epoch: end.epoch, seq: end.seq } })
  }
}

/** Entries go from the front only after the server has signed for them. */
function checkAnchor({ outbox }: VerifyOptions, { epoch, firstSeq, anchorSeq }: EpochRow): void {
  if (anchorSeq >= firstSeq && anchorSeq > (outbox.heldThrough(epoch) ?? 0)) {
    throw new AppError('audit.gap', { detail: { epoch, expected: firstSeq, found: anchorSeq + 1 } })
  }
}
