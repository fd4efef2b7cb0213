import type { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import type { Device, Image, WriteOptions } from '../../driver.ts'
import type { SwupdateTiming } from './timing.ts'
import { Update } from './update.ts'

/**
 * Uploads a package and waits for the verdict of the WebSocket: no HTTP reply is one. Throws what the device said
 * (`device.*`), `device.verdict-missed` when it said nothing more, `link.*`, or what `between` threw.
 */
export async function writePackage(
  client: SwupdateClient,
  device: Device,
  image: Image,
  options: WriteOptions,
  timing: SwupdateTiming,
  signal: AbortSignal,
): Promise<void> {
  // A cheap request settles the login before a large body is on its way.
  await client.get('/', signal)
  const socket = await client.messages(signal)
  const update = new Update(device, image, options, timing, signal)
  const work = [update.listen(socket), update.send(client)]
  try {
    await update.verdict()
  } finally {
    update.stop()
    socket.close()
    await Promise.all(work)
  }
}
