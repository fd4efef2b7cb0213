import type { ErrorData } from '../../../shared/errors.ts'
import type { DeliveryOptions } from './delivery.ts'
import { epochAfter } from './epoch.ts'
import type { AuditLog } from './log.ts'
import type { OutboxOptions } from './outbox.ts'

/** What the parts of the log share. */
export interface AuditParts extends OutboxOptions, DeliveryOptions {
  readonly log: AuditLog
}

export interface Breakage {
  readonly epoch: number
  readonly problem: ErrorData
  readonly reason: 'chain-broken' | 'refused-by-server'
  /** What a server says that it holds: the new epoch must not count below it. */
  readonly beyond?: { readonly epoch: number; readonly seq: number }
}

/**
 * Marks an epoch as broken, once. When it is the current one the log goes on in a new epoch, so that
 * what is recorded from here on can be proved and uploaded again.
 */
export async function goOnAfter({ log, queries }: AuditParts, breakage: Breakage): Promise<void> {
  const { epoch, problem, reason, beyond } = breakage
  if (queries.epochs().some((row) => row.epoch === epoch && row.broken !== null)) return
  if (log.tip?.epoch !== epoch) return queries.setBroken(epoch, problem)
  // Rows that are not ours may stand where the log would go on.
  const last = Math.max(beyond?.seq ?? 0, queries.tip()?.seq ?? 0)
  const next = epochAfter(log.tip, reason, { epoch: beyond?.epoch ?? 0, seq: last })
  await log.openEpoch(next, { epoch, problem })
}
