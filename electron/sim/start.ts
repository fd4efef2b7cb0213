import type { Sim } from './sim.ts'
import type { SimPorts } from './sim-ports.ts'
import { type StartSmp, startSmp } from './start-smp.ts'
import { type StartWeb, startWeb } from './start-web.ts'

export type StartSim = StartSmp | StartWeb

/**
 * Switches a simulated device on. `ports` only for SMP devices on the transport `memory`. Throws `link.unsupported`
 * when the transport cannot be had here.
 */
export function startSim(options: StartSim, ports: SimPorts | null = null): Promise<Sim> {
  return options.kind === 'smp' ? startSmp(options, ports) : startWeb(options)
}
