import { AppError } from '../../../../../shared/errors.ts'
import type { Target } from '../../../protocol/dfu/dfuse.ts'
import { groundFor, parseLayout, type Sectors, startOf } from '../../../protocol/dfu/layout.ts'
import { type DfuSession, inDfuMode } from './session.ts'
import type { Stretch } from './stretches.ts'

/** The memory that an alternate setting describes by its name. Throws `device.bad-frame` when that cannot be read. */
async function layoutOf(session: DfuSession, alternate: number, signal: AbortSignal): Promise<readonly Sectors[]> {
  const { client } = inDfuMode(session)
  const { layout } = session.binding.quirks
  if (layout !== undefined) return parseLayout(layout)
  const found = client.interface.alternates.find((one) => one.alternate === alternate)
  if (!found) throw new AppError('device.no-slot', { detail: { reason: 'no-such-memory', alternate } })
  return parseLayout(await client.nameOf(found, signal))
}

/** What belongs into one memory of a DfuSe device. */
export interface MemoryPlan {
  readonly alternate: number
  readonly targets: readonly Target[]
  /** First bytes of the sectors to erase: all of them before anything is written, as two stretches may share one. */
  readonly erase: readonly number[]
  readonly readable: boolean
}

/** Where an image goes, memory by memory. Throws `device.image-rejected` where it does not fit. */
export async function memoryPlans(
  session: DfuSession,
  stretches: readonly Stretch[],
  signal: AbortSignal,
): Promise<readonly MemoryPlan[]> {
  const plans: MemoryPlan[] = []
  for (const alternate of new Set(stretches.map((one) => one.alternate))) {
    const layout = await layoutOf(session, alternate, signal)
    const placed = stretches
      .filter((one) => one.alternate === alternate)
      .map(({ address, offset, length }) => ({ address: address ?? startOf(layout), offset, length }))
      // Upwards, and the lowest, where a device starts, last of all.
      .sort((a, b) => a.address - b.address)
    const [lowest, ...rest] = placed
    if (!lowest) continue
    const grounds = placed.map(({ address, length }) => groundFor(layout, address, length))
    plans.push({
      alternate,
      targets: [...rest, lowest],
      erase: [...new Set(grounds.flatMap(({ erase }) => erase))],
      readable: grounds.every(({ readable }) => readable),
    })
  }
  return plans
}

/** Where a DfuSe device starts. */
export async function startAddress(session: DfuSession, alternate: number, signal: AbortSignal): Promise<number> {
  const { start } = session.binding
  return start === undefined ? startOf(await layoutOf(session, alternate, signal)) : Number(start)
}
