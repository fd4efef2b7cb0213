import { isAppError } from '../../../shared/errors.ts'
import { sleep } from '../../host/link/waiting.ts'
import type { Faults } from '../faults.ts'
import type { SignalValue } from '../machines/machine.ts'
import type { SimType } from '../profiles.ts'
import type { Sim, SimState } from '../sim.ts'
import type { SmpDevice } from './device.ts'
import { imageInfo } from './image-pair.ts'
import { lossyChannel } from './lossy-channel.ts'
import { type GoingDown, type ServeTiming, serve } from './serve.ts'
import type { Plugged, Wiring } from './wiring.ts'

export interface SmpSimOptions {
  readonly id: string
  readonly type: SimType
  readonly serial: string
  readonly device: SmpDevice
  readonly wiring: Wiring
  readonly timing: ServeTiming & { readonly bootMs: number }
  readonly random: () => number
  /** Called when something changed that must survive. */
  readonly save: () => void
  /** Writes what waits to be saved. */
  readonly flush: () => void
}

/** ms until somebody has seen that a cable fell out. */
const MEND_MS = 300

/** Gives a {@link SmpDevice} power, a cable and time. */
export class SmpSim implements Sim {
  readonly id: string
  readonly type: SimType
  readonly serial: string
  readonly #options: SmpSimOptions
  readonly #device: SmpDevice
  readonly #closed = new AbortController()
  readonly #listeners = new Set<(address: string) => void>()
  #cycle = new AbortController()
  #plugged: Plugged | null = null
  #plugs = 0
  #restarts = 0
  #intoRecovery = false
  #serving = false
  #loop: Promise<void> = Promise.resolve()

  private constructor(options: SmpSimOptions) {
    this.#options = options
    this.#device = options.device
    this.id = options.id
    this.type = options.type
    this.serial = options.serial
  }

  static async start(options: SmpSimOptions): Promise<SmpSim> {
    const sim = new SmpSim(options)
    await sim.plug()
    sim.#loop = sim.#run()
    return sim
  }

  get address(): string {
    return this.#plugged?.address ?? ''
  }

  onAddress(listener: (address: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setFaults(change: Partial<Faults>): void {
    this.#device.faults = { ...this.#device.faults, ...change }
  }

  setSignals(change: Readonly<Record<string, SignalValue>>): void {
    this.#device.signals = { ...this.#device.signals, ...change }
    this.#options.save()
  }

  state(): SimState {
    const pair = this.#device.images.pairs[0]
    const running = pair && imageInfo(pair.primary)
    return {
      running: this.#serving,
      address: this.address,
      version: running?.version ?? '',
      hash: running?.hash ?? '',
      trial: pair?.trial ?? false,
      signals: this.#device.signals,
      restarts: this.#restarts,
    }
  }

  /** Hash (hex) of what is whole and intact in a slot; null: nothing is. */
  slot(name: 'primary' | 'secondary'): string | null {
    const info = imageInfo(this.#device.images.pairs[0]?.[name] ?? new Uint8Array())
    return info?.intact ? info.hash : null
  }

  /** ms since 1970 by its own clock; null: nobody has set it. */
  get time(): number | null {
    return this.#device.time
  }

  powerCycle(): void {
    this.#cycle.abort()
  }

  async unplug(): Promise<void> {
    const plugged = this.#plugged
    this.#plugged = null
    await plugged?.unplug()
  }

  async plug(): Promise<void> {
    if (this.#plugged || this.#closed.signal.aborted) return
    const plugged = await this.#options.wiring(this.#plugs)
    this.#plugs += 1
    this.#plugged = plugged
    for (const listener of this.#listeners) listener(plugged.address)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.unplug()
    await this.#loop
    this.#options.save()
    this.#options.flush()
  }

  async #run(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      this.#cycle = new AbortController()
      try {
        await this.#live(AbortSignal.any([this.#closed.signal, this.#cycle.signal]))
      } catch (error) {
        // Switched off; anything else is a fault of the simulation itself.
        if (!isAppError(error, 'cancelled')) throw error
      }
      this.#serving = false
    }
  }

  /** From power on to power off. A pulled cable is neither. */
  async #live(signal: AbortSignal): Promise<void> {
    await sleep(this.#options.timing.bootMs, signal)
    this.#device.boot()
    if (this.#intoRecovery) this.#device.inRecovery = true
    this.#intoRecovery = false
    this.#options.save()
    this.#serving = true
    for (let hello = this.#device.inRecovery ? '' : '*** Booting Zephyr OS ***\r\n'; ; hello = '') {
      const plugged = await this.#cable(signal)
      try {
        const why = await this.#serve(plugged, hello, signal)
        this.#restarts += 1
        this.#serving = false
        this.#intoRecovery = why === 'recovery'
        return await this.#goDown(why, signal)
      } catch (error) {
        if (!isAppError(error, 'link.lost')) throw error
        await this.#mend(plugged, signal)
      }
    }
  }

  /** A cable that nobody pulled has fallen out: it is put back into the same socket. */
  async #mend(lost: Plugged, signal: AbortSignal): Promise<void> {
    if (this.#plugged !== lost) return
    this.#plugged = null
    await lost.unplug()
    await sleep(MEND_MS, signal)
    if (this.#plugged || this.#closed.signal.aborted) return
    this.#plugs -= 1
    // Where that fails the device stays unplugged, as a real one would.
    await this.plug().catch(() => {})
  }

  async #cable(signal: AbortSignal): Promise<Plugged> {
    for (;;) {
      if (this.#plugged) return this.#plugged
      await sleep(5, signal)
    }
  }

  async #serve(plugged: Plugged, hello: string, signal: AbortSignal): Promise<GoingDown> {
    const { timing, random, save } = this.#options
    const channel = lossyChannel(plugged.channel, () => this.#device.faults, random)
    await channel.print(hello, signal)
    let kept = this.#device.state.pairs
    const changed = () => {
      if (this.#device.state.pairs === kept) return
      kept = this.#device.state.pairs
      save()
    }
    return await serve(this.#device, channel, timing, changed, signal)
  }

  async #goDown(why: GoingDown, signal: AbortSignal): Promise<void> {
    if (why !== 'power-loss') {
      while (this.#device.faults.silentAfterRestart) await sleep(20, signal)
    }
    if (!this.#device.faults.reenumerate) return
    await this.unplug()
    await this.plug()
  }
}
