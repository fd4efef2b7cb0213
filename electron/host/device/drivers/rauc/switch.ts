import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { Image } from '../../driver.ts'
import { askCommand } from '../../ssh-source.ts'
import { readStatus } from './read.ts'
import { type RaucSession, tail } from './session.ts'

/** Orders a restart. A device that goes down at once may take its answer with it. */
export async function restart({ link, binding, timing }: RaucSession, signal: AbortSignal): Promise<void> {
  try {
    const { code, stderr } = await askCommand(link, binding.restart, timing.request, signal)
    // A shutdown that ends the login first may look like a signal.
    if (code !== 0 && code !== null) {
      throw new AppError('device.refused', { detail: { what: 'restart', code, said: tail(stderr) } })
    }
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'link.lost')) throw error
  }
}

/** Whether all of this runs now. */
export async function runsNew(session: RaucSession, images: readonly Image[], signal: AbortSignal): Promise<boolean> {
  const { versions } = await readStatus(session, signal)
  return images.every(({ component, version }) => versions[component] === version)
}

/** Makes what runs the system for good. Throws `device.reverted`, `device.refused`. */
export async function markGood(session: RaucSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  const before = await readStatus(session, signal)
  const strange = images.find(({ component, version }) => before.versions[component] !== version)
  if (strange) {
    const { component } = strange
    throw new AppError('device.reverted', { detail: { component, found: before.versions[component] ?? null } })
  }
  const { stderr } = await session.rauc(['status', 'mark-good'], signal)
  const { slots } = await readStatus(session, signal)
  if (slots.some(({ active, confirmed }) => active && confirmed)) return
  throw new AppError('device.refused', { detail: { what: 'confirm', reason: 'not-confirmed', said: tail(stderr) } })
}

/** Lets the next restart start the other system. Throws `device.no-rollback`. */
export async function markOther(session: RaucSession, signal: AbortSignal): Promise<void> {
  const { booted, other } = await session.slots(signal)
  if (!booted || !other) throw new AppError('device.no-rollback', { detail: { slot: session.binding.slotClass } })
  const { stderr } = await session.rauc(['status', 'mark-active', 'other'], signal)
  // Known to work: some boot loaders would give it one trial only, and come back here.
  await session.rauc(['status', 'mark-good', 'other'], signal)
  const after = await session.slots(signal)
  if (after.primary === other.name && after.other?.name === other.name) return
  throw new AppError('device.no-rollback', { detail: { slot: other.name, said: tail(stderr) } })
}

/** Lets the next restart start what runs now. Throws `device.not-restored`. */
export async function markBooted(session: RaucSession, signal: AbortSignal): Promise<void> {
  const { booted, primary } = await session.slots(signal)
  if (booted && booted.name === primary) return
  const { stderr } = await session.rauc(['status', 'mark-active', 'booted'], signal)
  const after = await session.slots(signal)
  if (after.booted && after.booted.name === after.primary) return
  throw new AppError('device.not-restored', { detail: { reason: 'still-pending', said: tail(stderr) } })
}
