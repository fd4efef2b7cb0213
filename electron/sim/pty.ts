import { spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { sleep } from '../host/link/waiting.ts'

/** Two pseudo-terminals joined back to back: a serial cable in software. */
export interface PtyPair {
  /** Path of the console's end and of the device's end. */
  readonly host: string
  readonly device: string
  /** Pulls the cable: both ends see a hang-up, and the paths are gone. */
  close(): Promise<void>
}

const PATIENCE_MS = 5000

/** Joins two PTYs by `socat`. Throws `link.unsupported` where there is none. `name` is part of the paths. */
export async function openPtyPair(dir: string, name: string): Promise<PtyPair> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const [host, device] = [join(dir, `tty-${name}`), join(dir, `tty-${name}-device`)]
  const end = (link: string) => `pty,raw,echo=0,link=${link}`
  const socat = spawn('socat', [end(host), end(device)], { stdio: 'ignore' })
  let gone = false
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      gone = true
      resolve()
    }
    socat.once('exit', end)
    socat.once('error', end)
  })
  const holds: number[] = []
  const close = async () => {
    for (const fd of holds.splice(0)) closeSync(fd)
    socat.kill('SIGTERM')
    await ended
  }
  try {
    for (const path of [host, device]) await appear(path, () => gone)
    // socat ends when one side has no reader left: an open file keeps the cable while the console restarts.
    for (const path of [host, device]) {
      holds.push(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { host, device, close }
}

async function appear(path: string, gone: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  while (!gone() && !patience.aborted) {
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return
    await sleep(5, patience).catch(() => {})
  }
  throw new AppError('link.unsupported', { detail: { what: 'socat' } })
}
