import { isAppError } from '../../../../../shared/errors.ts'
import type { TextSocket } from '../../../link/link.ts'
import type { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import { uploadName } from '../../../protocol/swupdate/upload-name.ts'
import type { Device, Image, WriteOptions } from '../../driver.ts'
import { untilIdle } from './idle.ts'
import type { SwupdateTiming } from './timing.ts'
import { Update } from './update.ts'

/**
 * Uploads a package and waits for the verdict of the WebSocket: no HTTP reply is one. Throws what the device said
 * (`device.*`), `device.verdict-missed` when it said nothing more, `link.*`, or what `between` threw. `device.busy` comes
 * when whoever else installs something is done, or takes too long: what is true of the device by then must be
 * proved anew, so it is not tried again from here.
 */
export async function writePackage(
  client: SwupdateClient,
  device: Device,
  image: Image,
  options: WriteOptions,
  timing: SwupdateTiming,
  signal: AbortSignal,
): Promise<void> {
  // A cheap request settles the login before a large body is on its way, and tells how far away the device is.
  await client.get('/', signal)
  const asked = device.clock.monotonic()
  await client.get('/', signal)
  const knock = timing.knock + Math.min(500, 3 * (device.clock.monotonic() - asked))
  const update = new Update(device, image, uploadName(image.name), options, { ...timing, knock }, signal)
  try {
    await upload(client, update, await client.messages(signal))
  } catch (error) {
    if (isAppError(error, 'device.busy') && !update.isIdle) await untilIdle(client, device, options, timing, signal)
    throw error
  }
}

async function upload(client: SwupdateClient, update: Update, socket: TextSocket): Promise<void> {
  const work = [update.listen(socket), update.send(client)]
  try {
    await update.verdict()
  } finally {
    update.stop()
    socket.close()
    await Promise.all(work)
  }
}
