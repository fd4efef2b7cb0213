import { readFile } from 'node:fs/promises'
import { decodeChunkIndex } from '../delta/chunk-index.ts'
import type { FindJob } from '../delta/delta-work.ts'
import { type FoundChunks, findChunks } from '../delta/find-chunks.ts'
import type { Task } from './task.ts'

/** Which chunks of a file others have. Throws `sync.bad-delta` and what the file system throws. */
export const deltaFind: Task<FindJob, FoundChunks> = async ({ index, seeds }, { signal }) =>
  findChunks(decodeChunkIndex(await readFile(index)), seeds, signal)
