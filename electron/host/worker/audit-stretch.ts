import type { ChainPoint } from '../audit/chain.ts'
import { type ChainRow, followRows, type StretchResult } from '../audit/chain-stretch.ts'
import type { Task } from './task.ts'

/** Follows entries of the log from a point. Each stretch is a task of its own, so it stops between them. */
export const auditStretch: Task<{ readonly from: ChainPoint; readonly rows: readonly ChainRow[] }, StretchResult> = ({
  from,
  rows,
}) => Promise.resolve(followRows(from, rows))
