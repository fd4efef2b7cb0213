import type { SimFault } from '../../shared/contract/demo.ts'
import { type Faults, NO_FAULTS } from './faults.ts'
import { SMP_MACHINES, WEB_MACHINES } from './profiles.ts'
import type { Sim } from './sim.ts'

/** Where a demo upload loses its power: well begun, far from done. */
const POWER_LOSS_AT = 40_000

const FAULTS: Readonly<Record<Exclude<SimFault, 'none' | 'boom-up'>, Partial<Faults>>> = {
  'power-loss': { powerLossAt: POWER_LOSS_AT },
  'drop-frames': { drop: 0.12, late: 0.05, duplicate: 0.05 },
  'lie-about-version': { lie: true },
  'refuse-image': { refuse: 'upload' },
  stall: { stall: true },
  'broken-application': { breakApplication: true },
}

/** Plays the surroundings of a simulated device: exactly one thing is wrong with it, or nothing. */
export function playFault(sim: Sim, fault: SimFault): void {
  const machines = { ...SMP_MACHINES, ...WEB_MACHINES }
  const { signals, unsafe } = machines[sim.type]
  const safe = Object.fromEntries(
    Object.keys(unsafe).flatMap((name) => (name in signals ? [[name, signals[name] ?? 0]] : [])),
  )
  sim.setFaults({ ...NO_FAULTS, ...(fault === 'none' || fault === 'boom-up' ? {} : FAULTS[fault]) })
  sim.setSignals(fault === 'boom-up' ? unsafe : safe)
  // Only the next start notices.
  if (fault === 'broken-application') sim.powerCycle()
}
