import type { Clock } from '../../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { ControlLink } from '../../../link/link.ts'
import { sleep } from '../../../link/waiting.ts'
import { NO_PAYLOAD } from '../../../protocol/dfu/client.ts'
import { leave } from '../../../protocol/dfu/dfuse.ts'
import { holdsDownload, manifest } from '../../../protocol/dfu/download.ts'
import type { Image } from '../../driver.ts'
import { startAddress } from './memory.ts'
import { answers, type DfuSession, inDfuMode } from './session.ts'
import { memoryOf } from './stretches.ts'
import type { DfuTiming } from './timing.ts'

/** Longest that an application is given to see the bus reset after DFU_DETACH, ms. */
const DETACH_MS = 1000

/** Brings the application to DFU mode. Resolves when it has left the bus. Throws `device.refused` when it stays. */
export async function toDfuMode(session: DfuSession, timing: DfuTiming, clock: Clock, signal: AbortSignal) {
  if (session.mode === 'dfu') return
  if (!session.dfu) throw new AppError('device.refused', { detail: { what: 'detach', reason: 'no-dfu-interface' } })
  const { client, traits } = session.dfu
  const { detachTimeoutMs } = client.interface.functional
  await client.detach(Math.min(detachTimeoutMs || DETACH_MS, DETACH_MS), signal)
  if (!traits.willDetach) await resetBus(session.link, signal)
  if (await isGone(session.link, timing, clock, signal)) return
  throw new AppError('device.refused', { detail: { what: 'detach', reason: 'stayed' } })
}

/** Lets the device start what it holds. Resolves when it has left the bus. Throws `device.refused` when it stays. */
export async function startDevice(
  session: DfuSession,
  images: readonly Image[],
  timing: DfuTiming,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (session.mode !== 'dfu') return
  const { client, traits } = inDfuMode(session)
  const { alternate } = memoryOf(session, images[0]?.component ?? '')
  await client.choose(alternate, signal)
  if (traits.dfuse) {
    await client.run(leave(await startAddress(session, alternate, signal), traits), NO_PAYLOAD, signal)
  } else if (!traits.manifestationTolerant) {
    if (!(await client.run(holdsDownload(traits), NO_PAYLOAD, signal))) {
      throw new AppError('device.write-failed', { detail: { reason: 'download-lost' } })
    }
    if ((await client.run(manifest(traits), NO_PAYLOAD, signal)) === 'left') return
  }
  await leaveBus(session, timing, clock, signal)
}

/** Makes a device in DFU mode start its application, by whatever it listens to. */
export async function leaveBus(session: DfuSession, timing: DfuTiming, clock: Clock, signal: AbortSignal) {
  const { client, traits } = inDfuMode(session)
  if (!traits.dfuse) {
    // By USB DFU 1.1 the reset is what starts it; some know DFU_DETACH instead, or need no telling.
    if (!traits.willDetach) await resetBus(session.link, signal)
    if (await isGone(session.link, { ...timing, goDown: timing.goDown / 2 }, clock, signal)) return
    await client.detach(DETACH_MS, signal)
  }
  if (await isGone(session.link, timing, clock, signal)) return
  throw new AppError('device.refused', { detail: { what: 'restart', reason: 'stayed-in-dfu-mode' } })
}

/** A reset that the system does not allow (WinUSB), or that the device does not survive, is seen by what follows. */
async function resetBus(link: ControlLink, signal: AbortSignal): Promise<void> {
  try {
    await link.reset(signal)
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error
  }
}

/** Whether the device leaves the bus in time. */
async function isGone(link: ControlLink, timing: DfuTiming, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const until = clock.monotonic() + timing.goDown
  while (clock.monotonic() < until) {
    try {
      await answers(link, timing.answer, signal)
    } catch (error) {
      if (signal.aborted || !isAppError(error)) throw error
      if (error.code === 'link.lost') return true
    }
    await sleep(timing.look, signal)
  }
  return false
}
