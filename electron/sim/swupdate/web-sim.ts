import { sleep } from '../../host/link/waiting.ts'
import type { Faults } from '../faults.ts'
import type { SignalValue } from '../machines/machine.ts'
import type { SimType } from '../profiles.ts'
import type { Sim, SimState } from '../sim.ts'
import type { WebDevice } from './web-device.ts'
import { WebServer, type WebServerOptions } from './web-server.ts'

export interface WebSimOptions {
  readonly id: string
  readonly type: SimType
  readonly serial: string
  readonly port: number
  readonly bootMs: number
  readonly server: Omit<WebServerOptions, 'changed' | 'down'>
  readonly save: () => void
  readonly flush: () => void
}

/** Gives a {@link WebDevice} power, a network and time. */
export class WebSim implements Sim {
  readonly id: string
  readonly type: SimType
  readonly serial: string
  readonly #options: WebSimOptions
  readonly #device: WebDevice
  readonly #closed = new AbortController()
  readonly #listeners = new Set<(address: string) => void>()
  #server: WebServer | null = null
  #port: number
  #restarts = 0
  #changing: Promise<void> = Promise.resolve()

  private constructor(options: WebSimOptions) {
    this.#options = options
    this.#device = options.server.device
    this.#port = options.port
    this.id = options.id
    this.type = options.type
    this.serial = options.serial
  }

  static async start(options: WebSimOptions): Promise<WebSim> {
    const sim = new WebSim(options)
    sim.#device.boot()
    await sim.plug()
    return sim
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  onAddress(listener: (address: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setFaults(change: Partial<Faults>): void {
    this.#device.faults = { ...this.#device.faults, ...change }
  }

  setSignals(change: Readonly<Record<string, SignalValue>>): void {
    this.#device.state = { ...this.#device.state, signals: { ...this.#device.state.signals, ...change } }
    this.#options.save()
  }

  state(): SimState {
    const { running, signals } = this.#device.state
    return {
      running: this.#server !== null,
      address: this.address,
      version: running.version,
      hash: this.#device.hash,
      trial: false,
      signals,
      restarts: this.#restarts,
    }
  }

  powerCycle(): void {
    void this.#restart('power-loss')
  }

  async unplug(): Promise<void> {
    const server = this.#server
    this.#server = null
    await server?.close()
  }

  async plug(): Promise<void> {
    if (this.#server || this.#closed.signal.aborted) return
    const server = new WebServer({
      ...this.#options.server,
      changed: () => this.#options.save(),
      down: (why) => void this.#restart(why),
    })
    const before = this.#port
    this.#port = await server.listen(this.#port)
    this.#server = server
    if (this.#port === before) return
    for (const listener of this.#listeners) listener(this.address)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#changing
    await this.unplug()
    this.#options.save()
    this.#options.flush()
  }

  #restart(why: 'restart' | 'power-loss'): Promise<void> {
    this.#changing = this.#changing.then(() => this.#cycle(why)).catch(() => {})
    return this.#changing
  }

  async #cycle(why: 'restart' | 'power-loss'): Promise<void> {
    const { signal } = this.#closed
    await this.unplug()
    await sleep(this.#options.bootMs, signal)
    if (why === 'restart') {
      while (this.#device.faults.silentAfterRestart) await sleep(20, signal)
    }
    this.#restarts += 1
    this.#device.boot()
    this.#options.save()
    if (this.#device.faults.reenumerate) this.#port = 0
    await this.plug()
  }
}
