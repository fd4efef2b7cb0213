import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SMP_TIMING } from '../../electron/host/device/drivers/smp/timing.ts'
import { makeFirmware } from '../../electron/sim/artifacts/demo.ts'
import { imageOf, never, openDevice, watched } from '../fixtures/devices/bench.ts'
import { openSmpLines } from '../fixtures/serial/smp-line.ts'

/**
 * Sixteen simulated devices on serial lines of 115200 baud, written at once by one process, against one of them alone:
 * bytes a second in all. Beside it runs what a screen lives from, a timer of 10 ms; how late it comes is its lag.
 */
const DEVICES = 16
const BAUD = 115_200
const SIZE = 96 * 1024
const TIMER_MS = 10
const MOST_LAG_MS = 50

async function rate(count: number): Promise<number> {
  const lines = await openSmpLines(BAUD, count)
  const driver = smpDriver({ firstSeq: () => 1, timing: SMP_TIMING })
  const image = await imageOf(makeFirmware({ type: 'acme-crane', version: '2.0.0', size: SIZE }))
  const devices = await Promise.all(lines.addresses.map((address) => openDevice(address, 'acme-crane')))
  await Promise.all(devices.map((device) => driver.identify(device, never)))
  const began = performance.now()
  await Promise.all(devices.map((device) => driver.write(device, image, watched(), never)))
  const seconds = (performance.now() - began) / 1000
  await Promise.all(devices.map(({ link }) => link.close()))
  await lines.close()
  return (count * image.length) / seconds
}

const alone = await rate(1)
const lags: number[] = []
let due = performance.now() + TIMER_MS
const watch = setInterval(() => {
  const now = performance.now()
  lags.push(Math.max(0, now - due))
  due = now + TIMER_MS
}, TIMER_MS)
const together = await rate(DEVICES)
clearInterval(watch)
const p99 = lags.toSorted((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? 0
console.log(`one device: ${Math.round(alone)} B/s; ${DEVICES} devices: ${Math.round(together)} B/s in all`)
console.log(`event loop: p99 of ${lags.length} timers ${p99.toFixed(1)} ms late (wanted < ${MOST_LAG_MS})`)
console.log(`many ratio=${(together / alone).toFixed(2)}`)
process.exit(p99 < MOST_LAG_MS ? 0 : 1)
