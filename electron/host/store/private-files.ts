import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder that nobody but its owner may enter. */
export function ensurePrivateDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/** Makes an empty file for its owner alone, or takes others' rights from one that exists. */
export function ensurePrivateFile(path: string): void {
  ensurePrivateDir(dirname(path))
  closeSync(openSync(path, 'a', 0o600))
  if (process.platform !== 'win32') chmodSync(path, 0o600)
}

/** Makes a rename or a new name in a folder durable. Windows needs no such thing and refuses it. */
export function syncDir(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/**
 * Replaces a small private file: afterwards it holds the old bytes or the new ones, never a mixture. `fleeting`: for
 * what means nothing after the next start of the machine; other programs still never see a mixture.
 */
export function writePrivateFile(path: string, bytes: string | Uint8Array, { fleeting = false } = {}): void {
  ensurePrivateDir(dirname(path))
  const unfinished = `${path}.part`
  try {
    const file = openSync(unfinished, 'w', 0o600)
    try {
      writeSync(file, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
      if (!fleeting) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(unfinished, path)
    if (!fleeting) syncDir(dirname(path))
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
