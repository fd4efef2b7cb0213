import type { DeviceKey } from '../../../shared/model/device.ts'
import type { Phase } from '../../../shared/model/run.ts'
import type { DeviceAccess } from '../device/device-access.ts'
import type { RunQueries } from '../store/runs.ts'
import { Frozen, readStored } from './frozen.ts'
import { RunState } from './machine/state.ts'

/** A run that touched a device, and after which nobody saw it again. */
export interface LeftRun {
  readonly device: DeviceKey
  readonly name: string
  readonly run: string
  readonly plan: string
  /** When the run knew of it last, wall-clock ms. */
  readonly at: number
}

/** After these the device was read back: it runs something. */
const READ_BACK: ReadonlySet<Phase> = new Set(['succeeded', 'rolled-back', 'cancelled'])

/**
 * The device that a run left at an address in the middle of its work. Null: none, or more than one, or it was seen since.
 * It is a hint who this may be and who may say so, and no proof.
 */
export function leftAt(
  address: string,
  types: readonly string[],
  devices: Pick<DeviceAccess, 'list' | 'lastSeen'>,
  queries: RunQueries,
): LeftRun | null {
  const found = devices.list().flatMap((device): LeftRun[] => {
    if (!types.includes(device.identity.type) || device.presence === 'present') return []
    const seen = devices.lastSeen(device.key)
    if (seen?.address !== address) return []
    const [newest] = queries.ofDevice(device.key, 1)
    const row = newest === undefined ? null : queries.get(newest)
    if (!row) return []
    const { touched, phase, stamp } = readStored(RunState, row.state, 'run.state_json')
    if (!touched || READ_BACK.has(phase) || seen.at > stamp.wall) return []
    const { plan, device: frozen } = readStored(Frozen, row.frozen, 'run.frozen_json')
    return [{ device: device.key, name: frozen.name, run: row.id, plan: plan.id, at: stamp.wall }]
  })
  const [only] = found
  return found.length === 1 && only ? only : null
}
