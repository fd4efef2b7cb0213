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
import { openLocalShell } from './local-shell.ts'
import { type HostLog, openLog } from './log.ts'
import { takeLock } from './store/lock.ts'
import { ensurePrivateDir } from './store/private-files.ts'

export interface HeadlessOptions {
  readonly dataDir: string
  readonly mode: AppMode
  /** 0 is any free port. */
  readonly port: number
  /** The built page, or null to serve only `/rpc`. */
  readonly pageDir: string | null
  /** Ends after this long without clients and runs, milliseconds; null is never. */
  readonly idleExitMs: number | null
  readonly compose: Compose
}

export interface HeadlessHost {
  readonly address: HostAddress
  readonly log: HostLog
  /** Settles when the host has ended, by `close` or by idleness. */
  readonly ended: Promise<void>
  /** Stops at safe points, then ends. */
  close(): Promise<void>
}

/**
 * A host without a window: the same engine, reached over loopback with a token of its own.
 * @throws AppError `host.already-running`, `host.unavailable`, and whatever keeps the store from opening
 */
export async function startHeadless(options: HeadlessOptions): Promise<HeadlessHost> {
  const { dataDir, mode } = options
  const steps = new UndoList()
  try {
    makeDataDir(dataDir)
    const lock = takeLock(join(dataDir, 'run', 'host.lock'))
    steps.add(() => lock.release())
    // Left by a host that was killed: it leads nowhere, or by now to somebody else.
    removeHostFile(dataDir)
    const log = openLog({ folder: join(dataDir, 'logs') })
    steps.add(() => log.close())
    const shell = await openLocalShell(dataDir, (error, where) => log.unexpected(error, where))
    steps.add(() => shell.close())

    // Before the engine, so that it closes after it: clients watch a run reach its safe point.
    const token = Buffer.from(randomBytes(32)).toString('base64url')
    log.hide(token)
    let host: Host | null = null
    const onWire = (wire: Wire) => {
      if (host) host.serve(wire, (given) => equalText(given, token))
      else refuseWire(wire, new AppError('host.unavailable').toData())
    }
    const server = await startLoopbackServer({
      port: options.port,
      page: options.pageDir === null ? new Map() : await readPageFiles(options.pageDir),
      onWire,
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
      settle(ending)
      return ending
    })
    const stopIdleWatch = idleWatch(() => composed.load(), options.idleExitMs, close)
    return { address, log, ended, close }
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

/** What has been opened, to be closed in reverse; one that fails to close does not keep the rest open. */
class UndoList {
  readonly #steps: (() => void | Promise<void>)[] = []

  add(step: () => void | Promise<void>): void {
    this.#steps.push(step)
  }

  async undo(): Promise<void> {
    const errors: unknown[] = []
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}

function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | undefined
  return () => {
    result ??= { value: work() }
    return result.value
  }
}
