import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SMP_TIMING } from '../../electron/host/device/drivers/smp/timing.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { firmware, never, openDevice, watched } from '../fixtures/devices/bench.ts'

/**
 * Upload rate over UDP with the window that `buf_count` 4 allows, against window 1 on the same kind of device: the
 * packets need 10 ms there and back, and the device 0.5 ms for each. Same image, same run, median of 3.
 */
const SIZE = 400_000
const TURNAROUND_MS = 10
const ROUNDS = 3

async function rate(bufCount: number): Promise<number> {
  const sim = await startSmp({
    kind: 'smp',
    type: 'acme-gateway',
    serial: `B-${bufCount}`,
    transport: 'udp',
    version: '1.0.0',
    latencyMs: TURNAROUND_MS / 2,
    workMs: 0.5,
    bootMs: 10,
    config: { bufCount, bufSize: 1024, eraseMs: 0 },
  })
  const device = await openDevice(sim.address, 'acme-gateway')
  const driver = smpDriver({ firstSeq: () => 1, timing: SMP_TIMING })
  const image = await firmware('acme-gateway', '2.0.0', SIZE)
  await driver.identify(device, never)
  const began = performance.now()
  await driver.write(device, image, watched(), never)
  const seconds = (performance.now() - began) / 1000
  await device.link.close()
  await sim.close()
  return image.length / seconds
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const rates = { 2: [] as number[], 4: [] as number[] }
for (let round = 0; round < ROUNDS; round += 1) {
  // In turns, so that a slow moment of the machine hits both.
  rates[2].push(await rate(2))
  rates[4].push(await rate(4))
}
const [alone, windowed] = [median(rates[2]), median(rates[4])]
console.log(`window 1: ${Math.round(alone / 1000)} kB/s, window 3: ${Math.round(windowed / 1000)} kB/s`)
console.log(`smp-udp ratio=${(windowed / alone).toFixed(2)}`)
