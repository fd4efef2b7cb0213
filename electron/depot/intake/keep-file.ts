import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder, writeFileDurably } from '../files.ts'

/** Gives a finished file a second name, on the disk before this returns. An older file of that name goes. */
export async function keepFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const file = await open(from, 'r+')
  try {
    await file.chmod(0o600)
    await file.sync()
  } finally {
    await file.close()
  }
  await rm(to, { force: true })
  await link(from, to)
  await syncFolder(dirname(to))
}

/** JSON for people and scripts, whole or not at all. */
export async function keepJson(path: string, value: unknown): Promise<void> {
  await writeFileDurably(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
}
