import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import type { AuditAction, AuditHead } from '../../../shared/model/audit.ts'
import { ZERO_HASH } from '../../host/audit/chain.ts'
import type { SegmentFacts } from '../../host/audit/chain-segment.ts'

/** The last entry of an epoch that the intake holds or was told of. */
export interface Point {
  readonly seq: number
  readonly hash: string
}

/** All that the intake knows of one console. */
export interface KnownConsole {
  /** What it holds, by epoch. */
  readonly held: ReadonlyMap<number, Point>
  /** How far the console said that its log reaches, by epoch. */
  readonly announced: ReadonlyMap<number, Point>
}

/** A segment that was read, and what it says at the places where the intake knows something. */
export interface Submission {
  readonly facts: SegmentFacts
  readonly firstAction: AuditAction
  /** Hash of the segment's entry `seq`; null when it has none. */
  readonly hashAt: (seq: number) => string | null
  /** Hash of an entry that the intake holds. */
  readonly heldHashAt: (seq: number) => string | null
}

/** `new` entries to hold, or only ones that are held already. */
export type Verdict = 'new' | 'held'

/**
 * Whether a console may say that its log reaches `head`. Throws `audit.truncated` when it said more
 * before, `audit.fork` when it said something else.
 */
export function judgeHead(known: KnownConsole, head: Pick<AuditHead, 'epoch' | 'seq' | 'hash'>): void {
  const furthest = newest(known)
  const { epoch, seq, hash } = head
  if (furthest !== null && epoch < furthest.epoch) {
    throw refusal('audit.truncated', known, { epoch, expected: furthest.seq, found: seq })
  }
  for (const point of [known.held.get(epoch), known.announced.get(epoch)]) {
    if (point === undefined) continue
    if (seq < point.seq) throw refusal('audit.truncated', known, { epoch, expected: point.seq, found: seq })
    if (seq === point.seq && hash !== point.hash) throw refusal('audit.fork', known, { epoch, seq })
  }
}

/** Whether a head says less than is known already, and nothing else: one that was long on its way does. */
export function isBehind(known: KnownConsole, { epoch, seq }: Pick<AuditHead, 'epoch' | 'seq'>): boolean {
  const furthest = newest(known)
  if (furthest === null) return false
  return epoch < furthest.epoch || (epoch === furthest.epoch && seq < furthest.seq)
}

/**
 * Whether a segment, sound in itself, goes on where the intake stands. Throws `audit.gap` (entries
 * missing before it; `expected` is the first, 0 when all of the epoch), `audit.fork` (another history
 * than the one that is held or was announced) or `audit.bad-segment` (an epoch begun wrongly).
 */
export function judgeSegment(known: KnownConsole, submission: Submission): Verdict {
  const { header, end } = submission.facts
  const { epoch } = header
  const announced = known.announced.get(epoch)
  if (announced !== undefined) {
    const said = submission.hashAt(announced.seq)
    if (said !== null && said !== announced.hash) throw refusal('audit.fork', known, { epoch, seq: announced.seq })
  }
  const held = known.held.get(epoch)
  if (held === undefined) return judgeFirst(known, submission)
  if (header.first > held.seq + 1) {
    throw refusal('audit.gap', known, { epoch, expected: held.seq + 1, found: header.first })
  }
  if (end.seq <= held.seq) {
    if (submission.heldHashAt(end.seq) !== end.hash) throw refusal('audit.fork', known, { epoch, seq: end.seq })
    return 'held'
  }
  // One shared entry with one hash is one shared past: the hash covers all that came before.
  const shared = header.first === held.seq + 1 ? header.prev : submission.hashAt(held.seq)
  if (shared !== held.hash) throw refusal('audit.fork', known, { epoch, seq: held.seq })
  return 'new'
}

function judgeFirst(known: KnownConsole, { facts: { header }, firstAction }: Submission): Verdict {
  const { epoch, first, prev } = header
  const latest = Math.max(0, ...known.held.keys())
  if (epoch < latest) throw refusal('audit.bad-segment', known, { what: 'epoch-order', epoch })
  if (prev !== ZERO_HASH) throw refusal('audit.gap', known, { epoch, expected: 0, found: first })
  if (firstAction !== 'audit.epoch-opened') throw refusal('audit.bad-segment', known, { what: 'epoch-start', epoch })
  return 'new'
}

/** Every refusal says where the intake stands, so that the console can go on beyond it. */
function refusal(
  code: 'audit.gap' | 'audit.fork' | 'audit.truncated' | 'audit.bad-segment',
  known: KnownConsole,
  detail: ErrorDetail,
): AppError {
  const furthest = newest(known)
  return new AppError(code, {
    detail: { ...detail, heldEpoch: furthest?.epoch ?? 0, heldSeq: furthest?.seq ?? 0 },
  })
}

/** The furthest point that is known, held or announced. */
function newest({ held, announced }: KnownConsole): { readonly epoch: number; readonly seq: number } | null {
  const points = [...held, ...announced].map(([epoch, { seq }]) => ({ epoch, seq }))
  if (points.length === 0) return null
  return {
    epoch: Math.max(...points.map(({ epoch }) => epoch)),
    seq: Math.max(...points.map(({ seq }) => seq)),
  }
}
