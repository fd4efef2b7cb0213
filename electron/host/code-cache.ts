import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Keeps compiled code for the next start: about a quarter of a start. In the owner's own folder,
 * for compiled code from a folder that others can write to would be theirs.
 */
export function keepCompiledCode(dataDir: string): void {
  try {
    // First, and private: the run-time would make the data folder for everybody to read.
    mkdirSync(join(dataDir, 'cache'), { recursive: true, mode: 0o700 })
    enableCompileCache(join(dataDir, 'cache', 'code'))
  } catch {
    // A folder that cannot be made is said properly a moment later, with a code.
  }
}
