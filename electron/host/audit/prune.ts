import type { AuditQueries } from '../store/audit.ts'
import type { OutboxQueries } from '../store/outbox.ts'
import type { AuditRecorder } from './recorder.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Entries removed in one transaction. */
const AT_ONCE = 2000

/**
 * Removes entries that the server has signed for longer ago than `retentionDays`, oldest first; the
 * chain then begins at the last that was removed. Nothing goes that no receipt covers, whatever its
 * age. Returns how many went.
 */
export async function prune(
  options: { readonly queries: AuditQueries; readonly outbox: OutboxQueries; readonly recorder: AuditRecorder },
  retentionDays: number,
  now: number,
): Promise<number> {
  const { queries, outbox, recorder } = options
  let removed = 0
  for (const { epoch, anchorSeq } of queries.epochs()) {
    const held = outbox.heldThroughSince(epoch, now - retentionDays * DAY_MS) ?? anchorSeq
    for (let from = anchorSeq; from < held; ) {
      const to = Math.min(held, from + AT_ONCE)
      const hash = queries.hashAt(epoch, to)
      // The entry that would become the anchor is not here: then nothing may be removed before it.
      if (hash === null) break
      const entry = { actor: 'console', action: 'audit.pruned', subject: `${epoch}/${from + 1}-${to}` } as const
      removed += await recorder.record(entry, () => queries.prune(epoch, to, hash))
      from = to
    }
  }
  return removed
}
