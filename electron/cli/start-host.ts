import { type ChildProcess, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SlipwayContract } from '../../shared/contract/index.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { StartReport } from '../../shared/host-address.ts'
import { ErrorDataSchema } from '../../shared/model/error-data.ts'
import type { Connection } from '../../shared/rpc/client.ts'
import { connectTo, findHost } from './find-host.ts'

/** A host that a command started ends after so long without clients and runs, seconds. */
const IDLE_EXIT_S = 600
const START_TIMEOUT_MS = 30_000
/** Another command may be starting a host at this moment. */
const JOIN_TRIES = 50
const JOIN_PAUSE_MS = 100

export interface StartOptions {
  /** Program of the headless host, and its arguments. */
  readonly entry: string
  readonly args: readonly string[]
  /** Where that host will say that it runs. */
  readonly dataDir: string
  readonly signal: AbortSignal
}

/**
 * Connects to the host of a data folder, starting one where none runs. What was started outlives the
 * command and ends when it has been idle for a while.
 * @throws AppError `host.unavailable`, `cancelled`, and why the host could not start
 */
export async function findOrStartHost(options: StartOptions): Promise<Connection<SlipwayContract>> {
  const running = await findHost(options.dataDir, options.signal)
  if (running) return running
  try {
    return await startHost(options)
  } catch (error) {
    if (!isAppError(error, 'host.already-running')) throw error
    return await joinOther(options)
  }
}

async function joinOther({ dataDir, signal }: StartOptions): Promise<Connection<SlipwayContract>> {
  for (let tries = 0; tries < JOIN_TRIES; tries += 1) {
    const connection = await findHost(dataDir, signal)
    if (connection) return connection
    await sleep(JOIN_PAUSE_MS)
  }
  throw new AppError('host.unavailable')
}

async function startHost({ entry, args, signal }: StartOptions): Promise<Connection<SlipwayContract>> {
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args, '--idle-exit', String(IDLE_EXIT_S)], {
    // Not ours: a folder that somebody wants to delete or unmount must not be held by a host.
    cwd: homedir(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  try {
    const report = await firstReport(child, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]))
    if (report.type === 'ready') return await connectTo(report.address, signal)
    const error = ErrorDataSchema.safeParse(report.error)
    throw error.success ? AppError.fromData(error.data) : new AppError('host.unavailable')
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}

function firstReport(child: ChildProcess, signal: AbortSignal): Promise<StartReport> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new AppError(signal.aborted ? 'cancelled' : 'host.unavailable'))
    signal.addEventListener('abort', fail)
    child.once('error', fail)
    child.once('exit', fail)
    child.once('message', (message) => {
      const report = StartReport.safeParse(message)
      if (report.success) resolve(report.data)
      else fail()
    })
  })
}
