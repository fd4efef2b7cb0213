import type { MessagePortMain, UtilityProcess } from 'electron'
import type { AppMode } from '../../shared/contract/app.ts'
import { FromHost, type ToHost } from '../../shared/host-process.ts'
import { BackOff } from './back-off.ts'
import type { ElectronApi } from './electron-api.ts'

/** After being told to end, the host has so long to reach a safe point, milliseconds. */
const END_WITHIN_MS = 60_000

export interface HostProcessOptions {
  readonly electron: Pick<ElectronApi, 'utilityProcess' | 'MessageChannelMain'>
  readonly entry: string
  readonly dataDir: string
  readonly mode: AppMode
  /** Serves the shell contract on a port, anew for each start of the host. */
  readonly serveShell: (port: MessagePortMain) => void
  /** The host takes pages now: to serve them, or to tell them why it cannot start. */
  readonly onTakesPages: () => void
  /** Milliseconds, of a clock that never steps. */
  readonly now: () => number
}

/** Keeps a host running: starts it, starts it again when it ends, and ends it in order. Runs resume from their journals. */
export class HostProcess {
  readonly #options: HostProcessOptions
  readonly #backOff = new BackOff()
  #child: UtilityProcess | null = null
  #takesPages = false
  #restart: NodeJS.Timeout | undefined
  #ended: (() => void) | null = null

  constructor(options: HostProcessOptions) {
    this.#options = options
  }

  start(): void {
    const { electron, entry, dataDir, mode, serveShell } = this.#options
    const startedAt = this.#options.now()
    const child = electron.utilityProcess.fork(entry, [], { serviceName: 'Slipway host', stdio: 'inherit' })
    this.#child = child
    child.on('message', (data: unknown) => {
      if (!FromHost.safeParse(data).success) return
      this.#takesPages = true
      this.#options.onTakesPages()
    })
    child.on('exit', () => {
      this.#child = null
      this.#takesPages = false
      if (this.#ended) this.#ended()
      else this.#restart = setTimeout(() => this.start(), this.#backOff.next(this.#options.now() - startedAt))
    })
    const { port1, port2 } = new electron.MessageChannelMain()
    serveShell(port1)
    say(child, { type: 'start', dataDir, mode }, [port2])
  }

  /** A port for a page, or null while no host takes any: `onTakesPages` says when to ask again. */
  pagePort(): MessagePortMain | null {
    if (!this.#child || !this.#takesPages) return null
    const { port1, port2 } = new this.#options.electron.MessageChannelMain()
    say(this.#child, { type: 'page' }, [port1])
    return port2
  }

  /** Ends the host at safe points; a host that does not get there is killed. */
  async end(): Promise<void> {
    clearTimeout(this.#restart)
    const child = this.#child
    const gone = new Promise<void>((resolve) => {
      this.#ended = resolve
    })
    if (!child) return
    say(child, { type: 'end' })
    const late = setTimeout(() => child.kill(), END_WITHIN_MS)
    await gone
    clearTimeout(late)
  }
}

function say(child: UtilityProcess, message: ToHost, ports: MessagePortMain[] = []): void {
  child.postMessage(message, ports)
}
