import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus, Slot } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import type { RaucSource } from '../../../../../shared/model/rauc-binding.ts'
import { pairOf, type RaucStatus } from '../../../protocol/rauc/status.ts'
import { scalarAt } from '../../pointer.ts'
import { interpret, type Raw } from '../../readings.ts'
import { versionFrom } from '../../running-version.ts'
import { readCommand } from '../../ssh-source.ts'
import type { RaucSession } from './session.ts'

/** What the device says for one source; RAUC itself is asked once. Throws `reading.*`, `device.*`, `link.*`. */
export function reader(session: RaucSession, signal: AbortSignal, known?: RaucStatus) {
  let asked: Promise<RaucStatus> | null = known ? Promise.resolve(known) : null
  return async (source: Source): Promise<Raw> => {
    if (source.from === 'ssh.command') return readCommand(session.link, source, session.timing.request, signal)
    if (source.from !== 'rauc.status') {
      throw new AppError('link.unsupported', { detail: { driver: 'rauc', source: source.from } })
    }
    asked ??= session.status(signal)
    return factOf(await asked, session.binding.slotClass, source)
  }
}

function factOf(status: RaucStatus, slotClass: string, { slot, pointer }: RaucSource): Raw {
  if (slot === undefined) return scalarAt(status.json, pointer)
  const found = pairOf(status, slotClass)[slot]
  if (!found) throw new AppError('reading.missing', { detail: { slot, pointer } })
  return scalarAt(found.json, pointer)
}

/** Versions by the sources that the profile names, and the slots as RAUC shows them now. */
export async function readStatus(session: RaucSession, signal: AbortSignal): Promise<DeviceStatus> {
  const status = await session.status(signal)
  const read = reader(session, signal, status)
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of session.device.profile.components) {
    versions[id] = await versionFrom(() => read(version.source), version.map)
  }
  const confirmed = await isConfirmed(session, status, read)
  return { mode: 'application', versions, slots: slotsOf(session, status, versions, confirmed) }
}

/** Whether what runs would be started again: by its own source where the profile has one, else as RAUC shows it. */
async function isConfirmed(
  { binding }: RaucSession,
  status: RaucStatus,
  read: (source: Source) => Promise<Raw>,
): Promise<boolean> {
  const { confirmed } = binding
  if (!confirmed) return pairOf(status, binding.slotClass).booted?.isGood ?? false
  return interpret(await read(confirmed.source), { type: 'bool', map: confirmed.map }).value === true
}

function slotsOf(
  { binding, device }: RaucSession,
  status: RaucStatus,
  versions: DeviceStatus['versions'],
  confirmed: boolean,
): Slot[] {
  const { booted } = pairOf(status, binding.slotClass)
  // On trial, the boot loader would go back to what ran before: that is no image that somebody wants started.
  const isFallback = (at: string) => booted !== null && !confirmed && booted.activatedAt > at
  // A bundle fills all slots of a set at once: each component of the profile lies in the set.
  return device.profile.components.flatMap(({ id }) =>
    status.slots
      .filter(({ slotClass }) => slotClass === binding.slotClass)
      .map((slot) => ({
        component: id,
        name: (slot.bootName ?? slot.name).slice(0, 40),
        version: slot.isBooted ? (versions[id] ?? null) : (slot.version?.slice(0, 100) ?? null),
        hash: null,
        active: slot.isBooted,
        pending: !slot.isBooted && slot.name === status.primary && !isFallback(slot.activatedAt),
        confirmed: slot.isBooted && confirmed,
        permanent: slot.isBooted && confirmed && slot.name === status.primary,
      })),
  )
}
