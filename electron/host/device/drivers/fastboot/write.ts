import { AppError } from '../../../../../shared/errors.ts'
import type { Image, WriteOptions } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { isApplication } from './read.ts'
import type { FastbootSession } from './session.ts'
import { type SlotLetter, slotToWrite } from './slots.ts'

/** Share of the progress that is the download; the rest is the device's work. */
const DOWNLOAD_SHARE = 0.8

/**
 * Downloads an image into the device's memory and has it written to its partition. Until then it may be stopped;
 * `between` decides. That the device wrote is what it says; that the new version runs is read from it afterwards.
 * Throws `device.*`, `link.*`, `artifact.corrupt`, or what `between` threw.
 */
export async function writeImage(
  session: FastbootSession,
  image: Image,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  if (await isApplication(session, signal)) {
    throw new AppError('device.refused', { detail: { what: 'write', reason: 'not-in-boot-loader' } })
  }
  if ((await session.getVar('unlocked', signal)) === 'no') {
    throw new AppError('device.refused', { detail: { what: 'write', reason: 'locked' } })
  }
  const partition = await partitionFor(session, image.component, signal)
  await fits(session, image, partition, signal)
  const progress = risingProgress(image, options)
  await options.between()
  await session.talk(async (client) => {
    const { length } = image
    await client.download(
      {
        length,
        read: (offset, size) => image.read(offset, size),
        progress: (done) => progress(done * DOWNLOAD_SHARE),
        between: () => options.between(),
      },
      signal,
    )
    // The last moment at which stopping leaves the device as it is.
    await options.between()
    session.stored = 'begun'
    await client.order(`flash:${partition}`, signal)
  }, signal)
  progress(image.length)
}

/** The partition of a component, of two slots the one that may be written. */
async function partitionFor(session: FastbootSession, component: string, signal: AbortSignal): Promise<string> {
  const name = session.binding.partitions[component] ?? component
  return session.binding.slots ? `${name}_${await otherSlot(session, signal)}` : name
}

/** Throws `device.no-slot`. */
export async function otherSlot(session: FastbootSession, signal: AbortSignal): Promise<SlotLetter> {
  const current = await session.getVar('current-slot', signal)
  const a = await session.getVar('slot-successful:a', signal)
  const b = await session.getVar('slot-successful:b', signal)
  return slotToWrite({ current, successful: { a, b } })
}

/** Throws `device.incompatible` for an image that the device's memory or its partition cannot hold, as far as it tells. */
async function fits(session: FastbootSession, { length }: Image, partition: string, signal: AbortSignal) {
  const most = sizeOf(await session.getVar('max-download-size', signal))
  if (most !== null && length > most) throw tooLarge('max-download-size', length, most)
  const size = sizeOf(await session.getVar(`partition-size:${partition}`, signal))
  if (size !== null && length > size) throw tooLarge('partition-size', length, size)
}

/** Hexadecimal, with or without its mark, to any width (U-Boot: 16 digits); null: it says something else. */
export function sizeOf(said: string | null): number | null {
  const digits = /^(?:0x)?0*([0-9a-f]{1,12})$/i.exec(said ?? '')?.[1]
  const size = digits === undefined ? 0 : Number.parseInt(digits, 16)
  return size > 0 ? size : null
}

function tooLarge(reason: string, length: number, most: number): AppError {
  return new AppError('device.incompatible', { detail: { reason, length, most } })
}
