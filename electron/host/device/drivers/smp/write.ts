import { AppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { SmpClient } from '../../../protocol/smp/client.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { readParams } from '../../../protocol/smp/os.ts'
import { uploadImage } from '../../../protocol/smp/upload.ts'
import type { Device, Image, WriteOptions, WriteOutcome } from '../../driver.ts'
import { hashOf, mustWrite, spareSlot } from './slots.ts'
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
  if (!mustWrite(await list(), image)) return { alreadyHeld: true }
  const params = await readParams(client, timing.ordinary, signal)
  const limit = Math.max(1, params.bufCount - 1)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const end = await uploadImage(
      client,
      {
        image: image.index,
        length: image.length,
        sha256: Buffer.from(image.sha256, 'hex'),
        read: (offset, length) => image.read(offset, length),
        packetLimit: client.transport.packetLimit(params.bufSize),
        // A UART without flow control loses bytes while flash is written: begin one by one (PROTOCOLS 1.7).
        window: { limit, first: device.link.kind === 'udp' ? limit : 1 },
        timing: { ...timing.upload, stall: durationMs(device.profile.timing.stallAfter) },
        clock: device.clock,
        progress: (done, total) => options.progress(done, total),
        between: () => options.between(),
      },
      signal,
    )
    const held = spareSlot(await list(), image.index)
    if (held?.hash === hashOf(image)) {
      options.progress(image.length, image.length)
      return { alreadyHeld: false }
    }
    if (end !== 'unknown') {
      throw new AppError('device.write-failed', { detail: { reason: 'not-listed', found: held?.hash ?? null } })
    }
  }
  throw new AppError('device.write-failed', { detail: { reason: 'not-listed', attempts: ATTEMPTS } })
}
