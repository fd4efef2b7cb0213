import { AppError } from '../../../shared/errors.ts'
import type { AuditHead } from '../../../shared/model/audit.ts'
import type { AuditQueries } from '../store/audit.ts'
import type { ChainPoint } from './chain.ts'
import { type ConsoleSigner, signHead } from './chain-head.ts'
import { writeMark } from './mark-file.ts'

export interface HeadSigner {
  readonly queries: AuditQueries
  readonly signer: ConsoleSigner
  readonly markPath: string
  readonly now: () => number
}

/**
 * Signs how far the log reaches and keeps that beside the database and in it. The file comes first:
 * a database that has heads and no file beside it has lost the file.
 */
export function signTip({ queries, signer, markPath, now }: HeadSigner, tip: ChainPoint | null): AuditHead {
  if (tip === null) throw new AppError('internal', { detail: { what: 'audit-log-not-opened' } })
  const newest = queries.heads(tip.epoch).at(-1)
  // Time alone is no reason for another signature.
  if (newest?.seq === tip.seq && newest.hash === tip.hash && newest.console === signer.console) return newest
  const head = signHead(signer, tip, now())
  writeMark(markPath, head)
  queries.addHead(head)
  return head
}
