import type { Faults } from './faults.ts'
import type { SignalValue } from './machines/machine.ts'
import type { SimType } from './profiles.ts'

/** What is true of a simulated device, whatever it says. */
export interface SimState {
  readonly running: boolean
  readonly address: string
  /** Version and hash (hex) of the image that really runs. */
  readonly version: string
  readonly hash: string
  /** The running image was swapped in on trial and is not confirmed. */
  readonly trial: boolean
  readonly signals: Readonly<Record<string, SignalValue>>
  readonly restarts: number
}

/** A simulated device that is switched on. */
export interface Sim {
  readonly id: string
  readonly type: SimType
  readonly serial: string
  readonly address: string
  onAddress(listener: (address: string) => void): () => void
  setFaults(change: Partial<Faults>): void
  setSignals(change: Readonly<Record<string, SignalValue>>): void
  state(): SimState
  /** Off and on again: what is not in flash is lost. */
  powerCycle(): void
  /** Pulls the cable; plugs it in again, under another address where the wiring counts. */
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}
