import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { ensurePrivateDir, syncDir } from './private-files.ts'

/** Backups that are kept; older ones go once a newer one is whole. */
const KEPT = 3
const NAME = /^slipway-v\d+-(\d+)\.db$/

/**
 * Copies the whole database to `folder/slipway-v<version>-<ms>.db`, compact and synced, and returns
 * the path. A copy that was not finished never carries that name.
 */
export function backUp(sqlite: Database.Database, folder: string, version: number, now: number): string {
  ensurePrivateDir(folder)
  const path = join(folder, `slipway-v${version}-${now}.db`)
  const unfinished = `${path}.part`
  rmSync(unfinished, { force: true })
  try {
    // VACUUM INTO accepts an existing file when it is empty, and keeps its permissions.
    closeSync(openSync(unfinished, 'wx', 0o600))
    sqlite.prepare('VACUUM INTO ?').run(unfinished)
    const file = openSync(unfinished, 'r+')
    fsyncSync(file)
    closeSync(file)
    renameSync(unfinished, path)
    syncDir(folder)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  forgetOld(folder)
  return path
}

function forgetOld(folder: string): void {
  const backups = readdirSync(folder)
    .map((name) => ({ name, time: Number(NAME.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ time }) => Number.isFinite(time))
    .sort((a, b) => b.time - a.time)
  for (const { name } of backups.slice(KEPT)) rmSync(join(folder, name), { force: true })
}
