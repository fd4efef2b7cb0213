import { AppError } from '../../../../../shared/errors.ts'
import { SPARSE_BLOCK, type SparsePiece, sparsePieces } from '../../../protocol/fastboot/sparse.ts'
import type { Image, WriteOptions } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { isApplication } from './read.ts'
import type { FastbootSession } from './session.ts'
import { type SlotLetter, slotToWrite } from './slots.ts'

/** Share of the progress of a piece that is its download; the rest is the device's work. */
const DOWNLOAD_SHARE = 0.8

/**
 * Downloads an image into the device's memory and has it written to its partition; one that is larger than that memory in
 * pieces, as sparse images. Until the first order to write it may be stopped; `between` decides. That the device wrote is what it says; that the new version runs is read from it afterwards.
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
  const pieces = piecesOf(image, sizeOf(await session.getVar('max-download-size', signal)))
  await fits(session, image, pieces.length > 1, partition, signal)
  const progress = risingProgress(image, options)
  let begun = false
  // From the first order to write on, stopping would leave half an image: what is begun is finished.
  const between = async () => {
    if (!begun) await options.between()
  }
  await between()
  await session.talk(async (client) => {
    for (const piece of pieces) {
      await client.download(
        {
          length: piece.length,
          read: piece.read((offset, size) => image.read(offset, size)),
          progress: (done) => progress(piece.offset + piece.bytes * (done / piece.length) * DOWNLOAD_SHARE),
          between,
        },
        signal,
      )
      // The last moment at which stopping leaves the device as it is.
      await between()
      begun = true
      session.stored = 'begun'
      await client.order(`flash:${partition}`, signal)
      progress(piece.offset + piece.bytes)
    }
  }, signal)
  progress(image.length)
}

/** The image in one download, or in several where the device's memory is too small for it. Throws `device.incompatible`. */
function piecesOf({ length }: Image, most: number | null): readonly SparsePiece[] {
  if (most === null || length <= most) return [{ length, offset: 0, bytes: length, read: (image) => image }]
  const pieces = sparsePieces(length, most)
  if (!pieces) throw tooLarge('max-download-size', length, most)
  return pieces
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

/** Throws `device.incompatible` for an image that its partition cannot hold, as far as the device tells. */
async function fits(
  session: FastbootSession,
  { length }: Image,
  isSparse: boolean,
  partition: string,
  signal: AbortSignal,
) {
  const size = sizeOf(await session.getVar(`partition-size:${partition}`, signal))
  const taken = isSparse ? Math.ceil(length / SPARSE_BLOCK) * SPARSE_BLOCK : length
  if (size !== null && taken > size) throw tooLarge('partition-size', taken, size)
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
