import { open, readFile, rm } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'

/** A publication takes a fraction of a second; who waits longer waits for something else, ms. */
const PATIENCE_MS = 5000
const LOOK_EVERY_MS = 50

/**
 * Lets one process at a time change a depot: two publications at once would sign two different files of one
 * version. Others wait a moment. A lock whose process has died is taken over. Throws `store.locked`.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  await take(path, performance.now() + patienceMs)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, until: number): Promise<void> {
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (!(await isHeld(path))) await rm(path, { force: true })
    else if (performance.now() > until) throw new AppError('store.locked', { detail: { path } })
    else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''))
  // An empty one is being written this moment.
  if (!Number.isInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
