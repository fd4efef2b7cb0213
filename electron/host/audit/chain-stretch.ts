import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { type ChainPoint, follow, readClear } from './chain.ts'

/** An entry as it is stored: `clear` is canonical JSON. */
export interface ChainRow {
  readonly seq: number
  readonly clear: string
  readonly hash: string
  readonly sealed: Uint8Array
}

export interface StretchResult {
  /** The last entry that is right. */
  readonly end: ChainPoint
  readonly problem: ErrorData | null
}

/**
 * Follows stored entries from a point. A worker does the same through the same function: whatever is
 * wrong with an entry comes back as data, with the last good point before it.
 */
export function followRows(from: ChainPoint, rows: readonly ChainRow[]): StretchResult {
  let end = from
  try {
    for (const { seq, clear, hash, sealed } of rows) {
      end = follow(end, { clear: readClear(clear, seq), hash, sealed })
    }
    return { end, problem: null }
  } catch (error) {
    return { end, problem: toErrorData(error) }
  }
}
