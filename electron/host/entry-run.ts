import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorData, toErrorData } from '../../shared/errors.ts'
import { type FromHost, ToHost } from '../../shared/host-process.ts'
import { type ElectronPort, electronPortWire } from '../../shared/rpc/port-wire.ts'
import { refuseWire } from '../../shared/rpc/server.ts'
import type { Compose } from './host.ts'
import { type RunningHost, startHost } from './running-host.ts'
import { openWindowShell } from './shell/window-shell.ts'

/** As much of Electron's `process.parentPort` as is used. */
export interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly ElectronPort[] }) => void,
  ): unknown
  postMessage(message: unknown): void
}

/** A host that cannot start tells pages why for so long, then ends; the window's process tries again, ms. */
const EXPLAIN_MS = 10_000
/** The shell is in the same program: if it does not answer by then it never will, ms. */
const SHELL_WITHIN_MS = 10_000

export interface EntryOptions {
  readonly compose: Compose
  /** Ends the process. */
  readonly exit: (code: number) => void
  readonly explainMs?: number
}

/** The life of a host under Electron: started, fed with pages' ports, and ended by the main process. */
export function runEntry(parent: ParentPort, options: EntryOptions): void {
  let host: RunningHost | null = null
  let failure: ErrorData | null = null
  let started = false
  const early: ElectronPort[] = []
  const tell = (message: FromHost) => parent.postMessage(message)

  const start = async ({ dataDir, mode }: Extract<ToHost, { type: 'start' }>, shellPort: ElectronPort) => {
    try {
      host = await startHost({
        dataDir,
        mode,
        compose: options.compose,
        port: 0,
        // The window's own scheme serves the page; on loopback there is only the command line's door.
        pageDir: null,
        idleExitMs: null,
        openShell: () => openWindowShell(electronPortWire(shellPort), dataDir, AbortSignal.timeout(SHELL_WITHIN_MS)),
      })
      tell({ type: 'ready' })
    } catch (error) {
      failure = toErrorData(error)
      tell({ type: 'failed', error: failure })
      // There is no log yet in which this could be found again.
      if (failure.code === 'internal') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    }
    for (const port of early.splice(0)) admit(port)
    if (failure) {
      await sleep(options.explainMs ?? EXPLAIN_MS)
      options.exit(1)
    }
  }

  const admit = (port: ElectronPort) => {
    if (host) host.serve(electronPortWire(port))
    else if (failure) refuseWire(electronPortWire(port), failure)
    else early.push(port)
  }

  const end = async () => {
    try {
      await host?.close()
      options.exit(0)
    } catch (error) {
      host?.log.unexpected(error, 'close')
      options.exit(1)
    }
  }

  parent.on('message', ({ data, ports: [port] }) => {
    const message = ToHost.safeParse(data).data
    if (message?.type === 'start' && port && !started) {
      started = true
      void start(message, port)
    } else if (message?.type === 'page' && port) {
      admit(port)
    } else if (message?.type === 'end') {
      void end()
    }
  })
  process.once('uncaughtException', (error) => {
    // The engine may be in any state: the journal knows better than this process. A restart resumes.
    host?.log.unexpected(error, 'uncaught')
    options.exit(1)
  })
}
