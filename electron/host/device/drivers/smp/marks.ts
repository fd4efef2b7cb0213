import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { SmpClient } from '../../../protocol/smp/client.ts'
import { confirmRunning, eraseSlot, type ImageSlot, listImages, markImage } from '../../../protocol/smp/image.ts'
import type { Image } from '../../driver.ts'
import { isRecovery } from './recovery.ts'
import { activeSlot, hashOf, held, type SlotList, spareSlot } from './slots.ts'
import type { SmpTiming } from './timing.ts'

/**
 * Marks every image that does not run yet for the next start, and returns the list as it is then. Null: all of
 * them run already. Throws `device.no-slot` when the device does not hold one of them.
 */
export async function markForStart(
  client: SmpClient,
  images: readonly Image[],
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<SlotList | null> {
  let list = await listImages(client, signal, timing.ordinary)
  const waiting = images.filter((image) => activeSlot(list, image.index)?.hash !== hashOf(image))
  if (waiting.length === 0) return null
  // The boot loader starts what it was given, and takes no marks.
  if (await isRecovery(client, list, timing, signal)) {
    const [gone] = waiting.filter((image) => !held(list, image))
    if (gone) throw new AppError('device.no-slot', { detail: { reason: 'not-held', component: gone.component } })
    return list
  }
  for (const image of waiting) {
    const spare = spareSlot(list, image.index)
    if (spare?.hash !== hashOf(image)) {
      throw new AppError('device.no-slot', { detail: { reason: 'not-held', component: image.component } })
    }
    list = await mark(client, list, spare, image.permanent, timing, signal)
  }
  return list
}

/** Marks the image in a spare slot. That the list shows it afterwards is what counts, not the answer. */
export async function mark(
  client: SmpClient,
  list: SlotList,
  spare: ImageSlot,
  permanent: boolean,
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<SlotList> {
  const isMarked = (now: SlotList) => {
    const found = spareSlot(now, spare.image)
    return found?.hash === spare.hash && found.pending && found.permanent === permanent
  }
  if (isMarked(list)) return list
  const refusal = await attempt(() => markImage(client, spare.hash, permanent, signal), signal)
  const now = await listImages(client, signal, timing.ordinary)
  if (isMarked(now)) return now
  throw refusal ?? new AppError('device.refused', { detail: { reason: 'not-marked', hash: spare.hash } })
}

/**
 * Makes the new images permanent, each only while it is the one that runs. Throws `device.reverted` when another one
 * runs, `device.refused` when the list does not show it afterwards.
 */
export async function confirmImages(
  client: SmpClient,
  images: readonly Image[],
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<void> {
  for (const image of images) {
    const running = runningSlot(await listImages(client, signal, timing.ordinary), image)
    if (running.confirmed) continue
    // Without a hash only the running image can be meant; further images can only be named by theirs.
    const order = () =>
      image.index === 0 ? confirmRunning(client, signal) : markImage(client, running.hash, true, signal)
    const refusal = await attempt(order, signal)
    if (runningSlot(await listImages(client, signal, timing.ordinary), image).confirmed) continue
    throw refusal ?? new AppError('device.refused', { detail: { reason: 'not-confirmed', component: image.component } })
  }
}

function runningSlot(list: SlotList, image: Image): ImageSlot {
  const active = activeSlot(list, image.index)
  if (active?.hash === hashOf(image)) return active
  const detail = { component: image.component, running: active?.version ?? null, hash: active?.hash ?? null }
  throw new AppError('device.reverted', { detail })
}

/** Takes back marks on our images that no restart has honoured yet. Throws `device.not-restored`. */
export async function unmark(
  client: SmpClient,
  images: readonly Image[],
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<void> {
  const marked = (list: SlotList) =>
    images.flatMap((image) => {
      const spare = spareSlot(list, image.index)
      return spare?.pending && spare.hash === hashOf(image) ? [spare] : []
    })
  for (const spare of marked(await listImages(client, signal, timing.ordinary))) {
    // MCUmgr has no command to unmark: an erased slot is the only one that surely starts nothing.
    await attempt(() => eraseSlot(client, spare.image * 2 + spare.slot, signal), signal)
  }
  const left = marked(await listImages(client, signal, timing.ordinary))
  if (left.length > 0)
    throw new AppError('device.not-restored', { detail: { reason: 'still-pending', slots: left.length } })
}

/** Runs an order and keeps its refusal: whether it worked is read back. A link that is gone ends everything. */
export async function attempt(order: () => Promise<unknown>, signal: AbortSignal): Promise<AppError | null> {
  try {
    await order()
    return null
  } catch (error) {
    if (signal.aborted || !isAppError(error) || error.code.startsWith('link.')) throw error
    return error
  }
}
