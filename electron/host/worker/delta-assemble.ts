import { readFile } from 'node:fs/promises'
import type { FileHash } from '../crypto/hash.ts'
import { assemble } from '../delta/assemble.ts'
import { decodeChunkIndex } from '../delta/chunk-index.ts'
import type { AssembleJob } from '../delta/delta-work.ts'
import type { Task } from './task.ts'

/** A file from chunks. Throws `sync.bad-delta` and what the file system throws. */
export const deltaAssemble: Task<AssembleJob, FileHash> = async ({ index, ...job }, { signal }) =>
  assemble({ ...job, index: decodeChunkIndex(await readFile(index)) }, signal)
