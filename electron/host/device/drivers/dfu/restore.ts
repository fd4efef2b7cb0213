import type { Clock } from '../../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { NO_PAYLOAD } from '../../../protocol/dfu/client.ts'
import { isBlank, leave, startsAs } from '../../../protocol/dfu/dfuse.ts'
import { beginsAs } from '../../../protocol/dfu/download.ts'
import { toIdle } from '../../../protocol/dfu/flow.ts'
import type { Image } from '../../driver.ts'
import { memoryOf, startAddress, targetOf } from './memory.ts'
import { type DfuSession, inDfuMode } from './session.ts'
import { leaveBus } from './start.ts'
import type { DfuTiming } from './timing.ts'

/**
 * Leaves the device running what it ran, where that is still there. The new version is not started in this way, and
 * half of it never: whoever cannot be read stays in DFU mode. Throws `device.not-restored` with the reason.
 */
export async function restoreDevice(
  session: DfuSession,
  images: readonly Image[],
  timing: DfuTiming,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (session.mode !== 'dfu') return
  try {
    const { traits } = inDfuMode(session)
    if (traits.dfuse) await leaveMemory(session, images, signal)
    else await dropDownload(session, images, signal)
    await leaveBus(session, timing, clock, signal)
  } catch (error) {
    if (signal.aborted || !isAppError(error) || error.code === 'device.not-restored') throw error
    throw notRestored(typeof error.detail.reason === 'string' ? error.detail.reason : error.code, error)
  }
}

async function leaveMemory(session: DfuSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  const { client, traits } = inDfuMode(session)
  const { alternate } = memoryOf(session, images[0]?.component ?? '')
  await client.choose(alternate, signal)
  const start = await startAddress(session, alternate, signal)
  for (const image of images) {
    const target = await targetOf(session, image, signal)
    // Blocks in ascending order put the entry point there first: half an image cannot be told from a whole one.
    if (!traits.canUpload || !target.ground.readable || traits.ascending) throw notRestored('cannot-be-read')
    for (const address of new Set([start, target.address])) {
      if (await client.run(isBlank(address, traits), NO_PAYLOAD, signal)) throw notRestored('erased')
    }
    const payload = { ...NO_PAYLOAD, read: (offset: number, length: number) => image.read(offset, length) }
    if (await client.run(startsAs(target, traits), payload, signal)) throw notRestored('new-version-written')
  }
  await client.run(leave(start, traits), NO_PAYLOAD, signal)
}

/** Until it is taken over, a download is only held: leaving it drops it. */
async function dropDownload(session: DfuSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  const { client, traits } = inDfuMode(session)
  for (const image of images) {
    await client.choose(memoryOf(session, image.component).alternate, signal)
    await client.run(toIdle(traits), NO_PAYLOAD, signal)
    if (!traits.manifestationTolerant) continue
    if (!traits.canUpload) throw notRestored('cannot-be-read')
    const payload = { ...NO_PAYLOAD, read: (offset: number, length: number) => image.read(offset, length) }
    if (await client.run(beginsAs(image.length, traits), payload, signal)) throw notRestored('new-version-written')
  }
  session.held = null
}

function notRestored(reason: string, cause?: unknown): AppError {
  return new AppError('device.not-restored', { detail: { reason }, cause })
}
