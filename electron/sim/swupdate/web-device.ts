import { sha256Hex } from '../../host/crypto/hash.ts'
import type { Faults } from '../faults.ts'
import type { MachineView, SignalValue, WebMachine } from '../machines/machine.ts'

/** What one of the two root file systems holds. */
export interface RootFs {
  readonly version: string
  readonly payload: Uint8Array
}

export interface WebDeviceState {
  readonly running: RootFs
  /** Installed and not started yet. */
  readonly standby: RootFs | null
  readonly signals: Readonly<Record<string, SignalValue>>
}

/** A Linux device with two root file systems, and what its application says. No network and no clock of its own. */
export class WebDevice {
  state: WebDeviceState
  faults: Faults
  readonly #machine: WebMachine
  readonly #serial: string
  readonly #hardware: string
  readonly #monotonic: () => number
  #claim: string | null = null
  #bootedAt: number

  constructor(
    machine: WebMachine,
    identity: { readonly serial: string; readonly hardware: string },
    state: WebDeviceState,
    faults: Faults,
    monotonic: () => number,
  ) {
    this.#machine = machine
    this.#serial = identity.serial
    this.#hardware = identity.hardware
    this.state = state
    this.faults = faults
    this.#monotonic = monotonic
    this.#bootedAt = monotonic()
  }

  get hardware(): string {
    return this.#hardware
  }

  get hash(): string {
    return sha256Hex(this.state.running.payload)
  }

  install(rootFs: RootFs): void {
    this.state = { ...this.state, standby: rootFs }
  }

  /** Power on: what was installed is started. */
  boot(): void {
    this.#bootedAt = this.#monotonic()
    const { standby } = this.state
    const { lie, refuse } = this.faults
    this.#claim = lie ? (standby?.version ?? this.#claim) : null
    if (!standby || lie || refuse === 'boot') return
    this.state = { ...this.state, running: standby, standby: null }
  }

  document(): unknown {
    const { running, signals } = this.state
    const view: MachineView = {
      serial: this.#serial,
      hardware: this.#hardware,
      version: this.#claim ?? running.version,
      signals,
      uptime: this.#monotonic() - this.#bootedAt,
      image: Buffer.from(running.payload.subarray(0, 200)).toString('latin1'),
    }
    return this.#machine.document(view)
  }
}
