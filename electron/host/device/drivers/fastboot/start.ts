import type { Clock } from '../../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { sleep } from '../../../link/waiting.ts'
import { isApplication } from './read.ts'
import type { FastbootSession } from './session.ts'
import type { FastbootTiming } from './timing.ts'
import { otherSlot } from './write.ts'

/**
 * Brings an application that speaks fastboot into its boot loader. Resolves when it has gone there. Throws
 * `device.refused` when it stays.
 */
export async function enterBootLoader(
  session: FastbootSession,
  { goDown, look }: FastbootTiming,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isApplication(session, signal))) return
  await session.talk((client) => client.leave('reboot-bootloader', signal), signal)
  session.leaves('untouched')
  const until = clock.monotonic() + goDown
  while (await stillRuns(session, signal)) {
    if (clock.monotonic() >= until) {
      throw new AppError('device.refused', { detail: { what: 'detach', reason: 'stayed' } })
    }
    await sleep(look, signal)
  }
}

/** Whoever does not answer any more has gone. */
async function stillRuns(session: FastbootSession, signal: AbortSignal): Promise<boolean> {
  try {
    return await isApplication(session, signal)
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error
    if (error.code === 'device.no-answer' || error.code.startsWith('link.')) return false
    // Half an answer, from something that is on its way.
    if (error.code === 'device.bad-frame') return true
    throw error
  }
}

/** Lets the device start what was written, of two slots the one that was. */
export async function startDevice(session: FastbootSession, signal: AbortSignal): Promise<void> {
  const { restart, slots } = session.binding
  if (await isApplication(session, signal)) return
  const slot = slots ? await otherSlot(session, signal) : null
  await session.talk(async (client) => {
    if (slot) await client.order(`set_active:${slot}`, signal)
    await client.leave(restart, signal)
  }, signal)
  session.leaves('unknown')
}

/**
 * Leaves the device running what it ran. With one slot that is over from the first order to write, and for a device that
 * was found in its boot loader nobody knows: half an image is not started. Throws `device.not-restored`.
 */
export async function restoreDevice(session: FastbootSession, signal: AbortSignal): Promise<void> {
  const { restart, slots } = session.binding
  if (await isApplication(session, signal)) return
  if (slots) await keepSlot(session, signal)
  else if (session.stored !== 'untouched') {
    throw new AppError('device.not-restored', { detail: { reason: session.stored } })
  }
  await session.talk((client) => client.leave(restart, signal), signal)
  session.leaves('unknown')
}

/** The slot that was written is not the one to start from. */
async function keepSlot(session: FastbootSession, signal: AbortSignal): Promise<void> {
  const written = await otherSlot(session, signal)
  await session.talk((client) => client.order(`set_active:${written === 'a' ? 'b' : 'a'}`, signal), signal)
}
