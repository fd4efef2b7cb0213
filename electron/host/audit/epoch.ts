import type { ErrorData } from '../../../shared/errors.ts'
import type { AuditHead } from '../../../shared/model/audit.ts'
import type { ChainPoint } from './chain.ts'

/**
 * Why an epoch was opened. It is the subject of its first entry: whoever reads the log sees at once
 * that something was lost, and what the console knew of it.
 */
export type EpochReason =
  /** A console that never had a log. */
  | 'first-start'
  /** The key is there and the database is not. */
  | 'database-lost'
  /** The database ends before the head that the console signed last: it was put back from a copy. */
  | 'database-rolled-back'
  /** The last signed head is gone or unreadable, so nothing shows that the database is whole. */
  | 'head-lost'
  /** The console's key is gone: who signs from here on is another. */
  | 'key-lost'
  | 'chain-broken'
  /** The server holds another past than this database does. */
  | 'refused-by-server'

export interface NewEpoch {
  readonly epoch: number
  readonly firstSeq: number
  readonly reason: EpochReason
}

/** The head that the console signed last, kept in a file of its own beside the database. */
export type Mark =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'head'; readonly head: AuditHead }

export interface FoundAtStart {
  /** The newest entry, or the point to which everything was pruned. Null: there is no log. */
  readonly tip: ChainPoint | null
  /** What is wrong with the end of the chain, if anything is. */
  readonly tailProblem: ErrorData | null
  /** Whether this database ever saw a head signed. */
  readonly hasHeads: boolean
  readonly mark: Mark
  /** The hash of the entry that the mark speaks of, where the database still has it. */
  readonly hashAtMark: string | null
  /** `new`: nothing was ever recorded under this key. `lost`: this database knew another key. */
  readonly key: 'known' | 'new' | 'lost'
  /** Wall clock, s. */
  readonly now: number
}

/**
 * Whether the log goes on where it ends, or a new epoch must begin, and why. A new epoch always
 * counts on from the highest number that is known, so that no entry number is ever used twice.
 */
export function epochAtStart(found: FoundAtStart): NewEpoch | null {
  const { tip, mark } = found
  const marked = mark.kind === 'head' ? mark.head : null
  const next = (reason: EpochReason): NewEpoch => ({
    epoch: Math.max(tip?.epoch ?? 0, marked?.epoch ?? 0) + 1,
    firstSeq: Math.max(tip?.seq ?? 0, marked?.seq ?? 0) + 1,
    reason,
  })
  if (tip === null) {
    if (found.key === 'new' && mark.kind === 'none') return next('first-start')
    if (marked !== null) return next('database-lost')
    // Nothing says how far the lost log had counted; seconds are beyond any count of epochs.
    return { epoch: Math.max(2, found.now), firstSeq: 1, reason: 'database-lost' }
  }
  if (found.key === 'lost') return next('key-lost')
  if (found.tailProblem !== null) return next('chain-broken')
  if (mark.kind === 'unreadable' || (mark.kind === 'none' && found.hasHeads)) return next('head-lost')
  if (marked !== null && isAhead(marked, tip)) return next('database-rolled-back')
  if (marked !== null && found.hashAtMark !== null && found.hashAtMark !== marked.hash)
    return next('database-rolled-back')
  return null
}

/** A new epoch in the middle of work. `beyond` is what a server said that it holds. */
export function epochAfter(
  tip: ChainPoint,
  reason: EpochReason,
  beyond: { readonly epoch: number; readonly seq: number } = { epoch: 0, seq: 0 },
): NewEpoch {
  return { epoch: Math.max(tip.epoch, beyond.epoch) + 1, firstSeq: Math.max(tip.seq, beyond.seq) + 1, reason }
}

function isAhead(head: AuditHead, tip: ChainPoint): boolean {
  return head.epoch > tip.epoch || (head.epoch === tip.epoch && head.seq > tip.seq)
}
