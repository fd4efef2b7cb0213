import { type BlockHashes, hashBlocks as hash } from '../crypto/hash.ts'
import type { Task } from './task.ts'

/** SHA-256 of a file and of its blocks. Throws what the file system throws. */
export const hashBlocks: Task<{ readonly path: string }, BlockHashes> = ({ path }, { signal }) => hash(path, { signal })
