import { AppError } from '../../../../../shared/errors.ts'
import type { Target } from '../../../protocol/dfu/dfuse.ts'
import { groundFor, parseLayout, type Sectors, startOf } from '../../../protocol/dfu/layout.ts'
import type { Image } from '../../driver.ts'
import { type DfuSession, inDfuMode } from './session.ts'

/** Alternate setting and, for DfuSe, address of a component. */
export function memoryOf({ binding }: DfuSession, component: string) {
  const memory = Object.hasOwn(binding.memories, component) ? binding.memories[component] : undefined
  return { alternate: memory?.alternate ?? 0, address: memory?.address === undefined ? null : Number(memory.address) }
}

/** The memory that an alternate setting describes by its name. Throws `device.bad-frame` when that cannot be read. */
export async function layoutOf(
  session: DfuSession,
  alternate: number,
  signal: AbortSignal,
): Promise<readonly Sectors[]> {
  const { client } = inDfuMode(session)
  const { layout } = session.binding.quirks
  if (layout !== undefined) return parseLayout(layout)
  const found = client.interface.alternates.find((one) => one.alternate === alternate)
  if (!found) throw new AppError('device.no-slot', { detail: { reason: 'no-such-memory', alternate } })
  return parseLayout(await client.nameOf(found, signal))
}

/** Where an image goes. Throws `device.image-rejected` where it does not fit. */
export async function targetOf(session: DfuSession, image: Image, signal: AbortSignal): Promise<Target> {
  const { alternate, address } = memoryOf(session, image.component)
  const layout = await layoutOf(session, alternate, signal)
  const from = address ?? startOf(layout)
  return { address: from, length: image.length, ground: groundFor(layout, from, image.length) }
}

/** Where a DfuSe device starts. */
export async function startAddress(session: DfuSession, alternate: number, signal: AbortSignal): Promise<number> {
  const { start } = session.binding
  return start === undefined ? startOf(await layoutOf(session, alternate, signal)) : Number(start)
}
