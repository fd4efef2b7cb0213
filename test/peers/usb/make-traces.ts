import { thrusterFirmware } from '../../../electron/sim/usb/firmware.ts'
import { imageOf } from '../../fixtures/devices/bench.ts'
import { storeTrace } from '../../fixtures/replay/stored.ts'
import { guestImage } from './guest-image.ts'
import { runGuest } from './guest-run.ts'

/** `node test/peers/usb/make-traces.ts`: updates of a DFU and a DfuSe device on a real bus become fixtures. */
const { results, console: log } = await runGuest(await guestImage(), ['traces'], 330_000)
const image = await imageOf(thrusterFirmware('1.1.0', 20_000), 'raw', { version: '1.1.0' })
for (const { name, text } of results as { name: string; text: string }[]) {
  await storeTrace(name, text, image)
  process.stdout.write(`${name}: ${text.length} bytes\n`)
}
if (results.length !== 2) process.stderr.write(log.slice(-4000))
