import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppMode } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import type { HostAddress } from '../../shared/host-address.ts'
import { refuseWire } from '../../shared/rpc/server.ts'
import type { Wire } from '../../shared/rpc/wire.ts'
import { VERSION } from '../../shared/version.ts'
import { equalText } from './crypto/constant-time.ts'
import { randomBytes } from './crypto/random.ts'
import type { Compose, Host } from './host.ts'
import { removeHostFile, writeHostFile } from './host-file.ts'
import { startLoopbackServer } from './http/loopback-server.ts'
import { readPageFiles } from './http/page-files.ts'
import { idleWatch } from './idle-watch.ts'
import { type HostLog, openLog } from './log.ts'
import type { Shell } from './shell/shell.ts'
import { takeLock } from './store/lock.ts'
import { ensurePrivateDir } from './store/private-files.ts'
import { once, UndoList } from './undo-list.ts'

export interface StartOptions {
  readonly dataDir: string
  readonly mode: AppMode
  /** 0 is any free port. */
  readonly port: number
  /** The built page, or null to serve only `/rpc`. */
  readonly pageDir: string | null
  /** Ends after this long without clients and runs, milliseconds; null is never. */
  readonly idleExitMs: number | null
  readonly compose: Compose
  /** Who answers for keys, power and sleep: the window's process, or this one. */
  readonly openShell: (log: HostLog) => Promise<Shell>
}

export interface RunningHost {
  readonly address: HostAddress
  /** Serves a client on a wire that is proof by itself, such as a port handed over by the window's process. */
  serve(wire: Wire): void
  readonly log: HostLog
  /** Settles when the host has ended, by `close` or by idleness. Never rejects. */
  readonly ended: Promise<void>
  /** Stops at safe points, then ends. */
  close(): Promise<void>
}

/**
 * Brings up the engine in a data folder, with its lock, its log and its door on loopback, for which
 * each start has a token of its own.
 * @throws AppError `host.already-running`, `host.unavailable`, and whatever keeps the store from opening
 */
export async function startHost(options: StartOptions): Promise<RunningHost> {
  const { dataDir, mode } = options
  const steps = new UndoList()
  try {
    makeDataDir(dataDir)
    const lock = takeLock(join(dataDir, 'run', 'host.lock'))
    steps.add(() => lock.release())
    // A tour begins at its beginning. What a host leaves that did not end in order is taken up by the next.
    if (mode === 'demo') steps.add(() => rm(dataDir, { recursive: true, force: true }))
    // Left by a host that was killed: it leads nowhere, or by now to somebody else.
    removeHostFile(dataDir)
    const log = openLog({ folder: join(dataDir, 'logs') })
    steps.add(() => log.close())
    const shell = await options.openShell(log)
    steps.add(() => shell.close())

    // Before the engine, so that it closes after it: clients watch a run reach its safe point.
    const token = Buffer.from(randomBytes(32)).toString('base64url')
    log.hide(token)
    let host: Host | null = null
    const serve = (wire: Wire, checkToken?: (token: string) => boolean) => {
      if (host) host.serve(wire, checkToken)
      else refuseWire(wire, new AppError('host.unavailable').toData())
    }
    const server = await startLoopbackServer({
      port: options.port,
      page: options.pageDir === null ? new Map() : await readPageFiles(options.pageDir),
      onWire: (wire) => serve(wire, (given) => equalText(given, token)),
      onRefused: ({ why }, facts) => log.warn('request refused', { why, ...facts }),
    })
    steps.add(() => server.close())

    const composed = await options.compose({ dataDir, mode, shell: shell.client, log })
    host = composed
    steps.add(() => composed.close())

    const address = { origin: server.origin, port: server.port, token, pid: process.pid, version: VERSION }
    writeHostFile(dataDir, address)
    steps.add(() => removeHostFile(dataDir))
    log.info('host started', { port: server.port, mode, version: VERSION })

    let settle!: (outcome: Promise<void>) => void
    const ended = new Promise<void>((resolve) => {
      settle = resolve
    })
    const close = once(() => {
      stopIdleWatch()
      host = null
      log.info('host ends')
      const ending = steps.undo()
      settle(ending.catch(() => {}))
      return ending
    })
    const stopIdleWatch = idleWatch(() => composed.load(), options.idleExitMs, close)
    return { address, serve: (wire) => serve(wire), log, ended, close }
  } catch (error) {
    await steps.undo()
    throw error
  }
}

/** @throws AppError `file.unreadable` there can be no such folder */
function makeDataDir(dataDir: string): void {
  try {
    ensurePrivateDir(dataDir)
  } catch (cause) {
    throw new AppError('file.unreadable', { detail: { path: dataDir }, cause })
  }
}
