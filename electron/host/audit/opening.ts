import type { AuditQueries } from '../store/audit.ts'
import type { ChainPoint } from './chain.ts'
import { followRows } from './chain-stretch.ts'
import type { FoundAtStart, Mark } from './epoch.ts'

/** Entries at the end of the chain that are followed at each start. The whole is {@link verifyLog}'s. */
const TAIL = 64

/** Looks at what the last host left, before anything is appended to it. */
export function findAtStart(queries: AuditQueries, mark: Mark, key: FoundAtStart['key'], now: number): FoundAtStart {
  const epoch = queries.epochs().at(-1)
  const newest = queries.tip()
  const anchor: ChainPoint | null = epoch ? { epoch: epoch.epoch, seq: epoch.anchorSeq, hash: epoch.anchorHash } : null
  const tip = newest !== null && epoch !== undefined && newest.epoch === epoch.epoch ? newest : anchor
  return {
    tip,
    tailProblem: epoch?.broken ?? (anchor && tip ? tailProblem(queries, anchor, tip) : null),
    hasHeads: epoch !== undefined && queries.heads(epoch.epoch).length > 0,
    mark,
    hashAtMark: mark.kind === 'head' ? queries.hashAt(mark.head.epoch, mark.head.seq) : null,
    key,
    now: Math.floor(now / 1000),
  }
}

function tailProblem(queries: AuditQueries, anchor: ChainPoint, tip: ChainPoint) {
  const seq = Math.max(anchor.seq, tip.seq - TAIL)
  const hash = seq === anchor.seq ? anchor.hash : (queries.hashAt(anchor.epoch, seq) ?? '')
  const { end, problem } = followRows({ epoch: anchor.epoch, seq, hash }, queries.after(anchor.epoch, seq, TAIL + 1))
  return (
    problem ??
    (end.seq === tip.seq ? null : ({ code: 'audit.truncated', retry: 'never', detail: { found: end.seq } } as const))
  )
}
