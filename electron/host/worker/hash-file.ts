import { type FileHash, hashFile as hash } from '../crypto/hash.ts'
import type { Task } from './task.ts'

/** SHA-256 and length of a file. Throws what the file system throws. */
export const hashFile: Task<{ readonly path: string }, FileHash> = ({ path }, { signal, report }) =>
  hash(path, { signal, onProgress: report })
