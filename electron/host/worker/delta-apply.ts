import type { FileHash } from '../crypto/hash.ts'
import { type ApplyDelta, applyDelta } from '../delta/apply-delta.ts'
import type { Task } from './task.ts'

/** A file from an older one and a delta. Throws `sync.bad-delta` and what the file system throws. */
export const deltaApply: Task<ApplyDelta, FileHash> = (job, { signal }) => applyDelta(job, signal)
