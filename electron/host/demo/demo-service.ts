import type { DemoState, SimFault } from '../../../shared/contract/demo.ts'
import { deviceKey } from '../../../shared/model/device.ts'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { DEMO_DEVICES } from './documents.ts'
import { type GuideFacts, guide } from './guide.ts'
import type { DemoWorld } from './world.ts'

/** What the tour sees of the console. */
export type ConsoleFacts = Pick<GuideFacts, 'pinned' | 'signedIn' | 'synced' | 'offline' | 'uploaded'> & {
  readonly operators: readonly string[]
  /** Phases of the runs on the device of the tour. */
  readonly phases: readonly string[]
}

export interface DemoDeps {
  readonly world: DemoWorld
  readonly console: () => ConsoleFacts
  readonly request: (operator: string) => EnrolmentRequest
  readonly sources: { onChange(listener: () => void): () => void }
}

/** The machine that the tour leads to. */
export const TOUR_DEVICE = deviceKey(DEMO_DEVICES.crane)

/** The tour, and the hands of the people around the demo's machines. */
export class DemoGuideService {
  readonly #deps: DemoDeps
  readonly #listeners = new Set<() => void>()
  #approved: ReadonlySet<string>

  private constructor(deps: DemoDeps, approved: ReadonlySet<string>) {
    this.#deps = deps
    this.#approved = approved
  }

  static async open(deps: DemoDeps): Promise<DemoGuideService> {
    return new DemoGuideService(deps, await deps.world.approved())
  }

  read(): DemoState {
    const { world, console } = this.#deps
    const { operators, phases, ...facts } = console()
    return {
      steps: guide({
        ...facts,
        address: world.url,
        fingerprint: world.fingerprint,
        device: DEMO_DEVICES.crane.name,
        operators: operators.length,
        approved: operators.length > 0 && operators.every((id) => this.#approved.has(id)),
        started: phases.length > 0,
        safe: world.fault('crane') !== 'boom-up',
        updated: phases.includes('succeeded'),
      }),
      devices: world.devices(),
    }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    const stop = this.#deps.sources.onChange(listener)
    return () => {
      this.#listeners.delete(listener)
      stop()
    }
  }

  /** Plays the publisher: everybody on this laptop who has asked is let in. */
  async approve(): Promise<void> {
    const { world, console, request } = this.#deps
    for (const operator of console().operators) {
      if (!this.#approved.has(operator)) await world.approve(Buffer.from(JSON.stringify(request(operator))))
    }
    this.#approved = await world.approved()
    this.#changed()
  }

  async setFault(device: string, fault: SimFault): Promise<void> {
    await this.#deps.world.setFault(device, fault)
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
