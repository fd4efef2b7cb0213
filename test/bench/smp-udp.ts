import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SMP_TIMING } from '../../electron/host/device/drivers/smp/timing.ts'
import { makeFirmware } from '../../electron/sim/artifacts/demo.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { imageOf, never, openDevice, watched } from '../fixtures/devices/bench.ts'
import { median } from '../fixtures/in-turns.ts'
import { type Foreign, ForeignClient } from '../peers/smp/foreign-client.ts'
import { installClients } from '../peers/smp/install.ts'

/**
 * Upload rate over UDP to a simulated device that is 5 ms away, there and back, and needs 0.5 ms for each packet:
 * Slipway with the window that `buf_count` 4 allows, against smpclient (Python) and mcumgr-toolkit (Rust) on the same
 * kind of device. Same image, in turns, medians; the faster of the others is the measure.
 */
const SIZE = 400_000
const TURNAROUND_MS = 5
const ROUNDS = 3

async function onDevice(work: (address: string) => Promise<number>): Promise<number> {
  const sim = await startSmp({
    kind: 'smp',
    type: 'acme-gateway',
    serial: 'B-4',
    transport: 'udp',
    version: '1.0.0',
    latencyMs: TURNAROUND_MS / 2,
    workMs: 0.5,
    bootMs: 10,
    config: { bufCount: 4, bufSize: 2048, eraseMs: 0 },
  })
  try {
    return await work(sim.address)
  } finally {
    await sim.close()
  }
}

async function ours(address: string): Promise<number> {
  const device = await openDevice(address, 'acme-gateway')
  const driver = smpDriver({ firstSeq: () => 1, timing: SMP_TIMING })
  await driver.identify(device, never)
  const began = performance.now()
  await driver.write(device, image, watched(), never)
  const seconds = (performance.now() - began) / 1000
  await device.link.close()
  return image.length / seconds
}

async function theirs(which: Foreign, address: string): Promise<number> {
  const client = new ForeignClient(python, which, address)
  const { seconds, failed } = await client.ask({ do: 'upload', file })
  await client.close()
  if (typeof seconds !== 'number') throw new Error(`${which}: ${String(failed)}`)
  return image.length / seconds
}

const python = installClients()
const dir = mkdtempSync(join(tmpdir(), 'slipway-smp-udp-'))
const bytes = makeFirmware({ type: 'acme-gateway', version: '2.0.0', size: SIZE })
const image = await imageOf(bytes)
const file = join(dir, 'image.bin')
writeFileSync(file, bytes)

const rates = { ours: [] as number[], smpclient: [] as number[], toolkit: [] as number[] }
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns, so that a slow moment of the machine hits all.
    rates.ours.push(await onDevice(ours))
    rates.smpclient.push(await onDevice((address) => theirs('smpclient', address)))
    rates.toolkit.push(await onDevice((address) => theirs('toolkit', address)))
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
const [mine, python3, rust] = [median(rates.ours), median(rates.smpclient), median(rates.toolkit)]
const rate = (value: number) => `${Math.round(value / 1000)} kB/s`
console.log(`ours ${rate(mine)}, smpclient ${rate(python3)}, mcumgr-toolkit ${rate(rust)}`)
console.log(`against smpclient ratio=${(mine / python3).toFixed(2)}, mcumgr-toolkit ratio=${(mine / rust).toFixed(2)}`)
console.log(`smp-udp ratio=${(mine / Math.max(python3, rust)).toFixed(2)}`)
