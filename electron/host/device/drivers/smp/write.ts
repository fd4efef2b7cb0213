import { AppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { SmpClient } from '../../../protocol/smp/client.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { readParams } from '../../../protocol/smp/os.ts'
import { packetRoom } from '../../../protocol/smp/packet-room.ts'
import { readRoom } from '../../../protocol/smp/slot-info.ts'
import { uploadImage } from '../../../protocol/smp/upload.ts'
import type { Device, Image, WriteOptions, WriteOutcome } from '../../driver.ts'
import { inRecovery, isRecovery } from './recovery.ts'
import { held, mustWrite, spareSlot } from './slots.ts'
import type { SmpTiming } from './timing.ts'

/** An upload whose last reply was lost and that is not there after all is begun again this often. */
const ATTEMPTS = 3

/** Puts an image into the spare slot. Written is what the image list shows afterwards, and nothing else. */
export async function writeImage(
  client: SmpClient,
  device: Device,
  image: Image,
  options: WriteOptions,
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const list = () => listImages(client, signal, timing.ordinary)
  const before = await list()
  if (!mustWrite(before, image)) return { alreadyHeld: true }
  // Its upload replaces the only image: there is no trial, and no way back.
  if (!image.permanent && (await isRecovery(client, before, timing, signal))) throw inRecovery(before)
  if (image.facts.trailer && !image.permanent) {
    throw new AppError('artifact.padded', { detail: { trailer: image.facts.trailer } })
  }
  const room = await readRoom(client, image.index, timing.ordinary, signal)
  if (room !== null && image.length > room) {
    throw new AppError('device.image-rejected', { detail: { reason: 'too-large', length: image.length, room } })
  }
  const params = await readParams(client, timing.ordinary, signal)
  const limit = Math.max(1, params.bufCount - 1)
  const packetLimit = await packetLimitOf(client, device, params.bufSize, signal)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const end = await uploadImage(
      client,
      {
        image: image.index,
        length: image.length,
        sha256: Buffer.from(image.sha256, 'hex'),
        read: (offset, length) => image.read(offset, length),
        packetLimit,
        // A UART without flow control loses bytes while flash is written: begin one by one (PROTOCOLS 1.7).
        window: { limit, first: device.link.kind === 'udp' ? limit : 1 },
        timing: { ...timing.upload, stall: durationMs(device.profile.timing.stallAfter) },
        clock: device.clock,
        progress: (done, total) => options.progress(done, total),
        between: () => options.between(),
      },
      signal,
    )
    const after = await list()
    if (held(after, image)) {
      options.progress(image.length, image.length)
      return { alreadyHeld: false }
    }
    if (end !== 'unknown') {
      throw new AppError('device.write-failed', {
        detail: { reason: 'not-listed', found: spareSlot(after, image.index)?.hash ?? null },
      })
    }
  }
  throw new AppError('device.write-failed', { detail: { reason: 'not-listed', attempts: ATTEMPTS } })
}

/** The longest packet that the device says it can take, and on a console the longest that it really took. */
async function packetLimitOf(
  client: SmpClient,
  { binding }: Device,
  bufSize: number | null,
  signal: AbortSignal,
): Promise<number> {
  const limit = client.transport.packetLimit(bufSize)
  // 8N1: ten bits a byte.
  return binding.link === 'serial' ? packetRoom(client, limit, 10_000 / binding.baud, signal) : limit
}
