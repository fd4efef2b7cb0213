import type { Clock } from '../../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { NO_PAYLOAD } from '../../../protocol/dfu/client.ts'
import { isBlank, leave, startsAs } from '../../../protocol/dfu/dfuse.ts'
import { beginsAs } from '../../../protocol/dfu/download.ts'
import { toIdle } from '../../../protocol/dfu/flow.ts'
import type { Image } from '../../driver.ts'
import { memoryPlans, startAddress } from './memory.ts'
import { type DfuSession, inDfuMode } from './session.ts'
import { leaveBus } from './start.ts'
import { memoryOf, type Stretch, stretchesOf } from './stretches.ts'
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
  const start = await startAddress(session, alternate, signal)
  for (const image of images) {
    const payload = { ...NO_PAYLOAD, read: (offset: number, length: number) => image.read(offset, length) }
    for (const plan of await memoryPlans(session, await ours(session, image), signal)) {
      // Blocks in ascending order put the entry point there first: half an image cannot be told from a whole one.
      if (!traits.canUpload || !plan.readable || traits.ascending) throw notRestored('cannot-be-read')
      await client.choose(plan.alternate, signal)
      for (const target of plan.targets) {
        if (await client.run(isBlank(target.address, traits), NO_PAYLOAD, signal)) throw notRestored('erased')
        if (await client.run(startsAs(target, traits), payload, signal)) throw notRestored('new-version-written')
      }
    }
  }
  await client.choose(alternate, signal)
  if (await client.run(isBlank(start, traits), NO_PAYLOAD, signal)) throw notRestored('erased')
  await client.run(leave(start, traits), NO_PAYLOAD, signal)
}

/** Until it is taken over, a download is only held: leaving it drops it. */
async function dropDownload(session: DfuSession, images: readonly Image[], signal: AbortSignal): Promise<void> {
  const { client, traits } = inDfuMode(session)
  for (const image of images) {
    const [only] = await ours(session, image)
    if (!only) continue
    await client.choose(only.alternate, signal)
    await client.run(toIdle(traits), NO_PAYLOAD, signal)
    if (!traits.manifestationTolerant) continue
    if (!traits.canUpload) throw notRestored('cannot-be-read')
    const payload = { ...NO_PAYLOAD, read: (offset: number, length: number) => image.read(offset, length) }
    if (await client.run(beginsAs(only.length, traits), payload, signal)) throw notRestored('new-version-written')
  }
  session.held = null
}

/** What a write may have left of an image; nothing of a file that was refused before anything was touched. */
async function ours(session: DfuSession, image: Image): Promise<readonly Stretch[]> {
  try {
    return await stretchesOf(session, image)
  } catch (error) {
    if (isAppError(error, 'artifact.wrong-type') || isAppError(error, 'device.incompatible')) return []
    throw error
  }
}

function notRestored(reason: string, cause?: unknown): AppError {
  return new AppError('device.not-restored', { detail: { reason }, cause })
}
