import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SMP_TIMING } from '../../electron/host/device/drivers/smp/timing.ts'
import { chunkSize } from '../../electron/host/protocol/smp/chunk.ts'
import { SmpClient } from '../../electron/host/protocol/smp/client.ts'
import { encodeConsole } from '../../electron/host/protocol/smp/console-framing.ts'
import { echo } from '../../electron/host/protocol/smp/os.ts'
import { smpTransport } from '../../electron/host/protocol/smp/transport.ts'
import { makeFirmware } from '../../electron/sim/artifacts/demo.ts'
import { imageOf, never, openDevice, watched } from '../fixtures/devices/bench.ts'
import { openSmpLines } from '../fixtures/serial/smp-line.ts'
import { type Foreign, ForeignClient } from '../peers/smp/foreign-client.ts'
import { installClients } from '../peers/smp/install.ts'

/**
 * An upload over a serial line held to the speed of a UART, to a simulated device with 384-byte buffers x 4 that needs
 * 10 ms for each answer: against what the framing lets through at best, and against other people's clients on the
 * same device. The whole of our writing counts, with what is asked before and after. `smp-serial.ts BAUD` measures one.
 */
const SPEEDS = [
  { baud: 115_200, size: 256 * 1024 },
  { baud: 921_600, size: 1024 * 1024 },
].filter(({ baud }) => process.argv[2] === undefined || baud === Number(process.argv[2]))
const BUFFER = 384

/** Bytes a second that console framing leaves of a line (PROTOCOLS 1.7): full packets without a pause. */
function ceiling(baud: number): number {
  const limit = BUFFER - 4
  const size = chunkSize(limit, { off: 1_000_000 }, Number.POSITIVE_INFINITY)
  const packet = new Uint8Array(limit)
  return size / ((encodeConsole(packet).length * 10) / baud)
}

/** ms that the device takes for an answer, beside what both are on the line. */
async function turnaround(baud: number): Promise<number> {
  const lines = await openSmpLines(baud, 1)
  const { link } = await openDevice(lines.addresses[0] ?? '', 'acme-crane')
  if (link.kind !== 'serial') throw new Error('a serial line')
  const client = new SmpClient(smpTransport(link), 1)
  const took: number[] = []
  for (let round = 0; round < 30; round += 1) {
    const began = performance.now()
    await echo(client, 'x', { timeout: 2000, tries: 3 }, never)
    took.push(performance.now() - began)
  }
  await link.close()
  await lines.close()
  const wire = (2 * 24 * 10_000) / baud
  return (took.toSorted((a, b) => a - b)[15] ?? 0) - wire
}

async function ours(baud: number, bytes: Uint8Array): Promise<number> {
  const lines = await openSmpLines(baud, 1)
  const device = await openDevice(lines.addresses[0] ?? '', 'acme-crane')
  const driver = smpDriver({ firstSeq: () => 1, timing: SMP_TIMING })
  const image = await imageOf(bytes)
  await driver.identify(device, never)
  const began = performance.now()
  await driver.write(device, image, watched(), never)
  const seconds = (performance.now() - began) / 1000
  await device.link.close()
  await lines.close()
  return seconds
}

async function theirs(which: Foreign, baud: number, file: string): Promise<number> {
  const lines = await openSmpLines(baud, 1)
  const client = new ForeignClient(python, which, lines.addresses[0] ?? '')
  const { seconds, failed } = await client.ask({ do: 'upload', file })
  if (typeof seconds !== 'number') throw new Error(`${which}: ${String(failed)}`)
  await client.close()
  await lines.close()
  return seconds
}

const python = installClients()
const dir = mkdtempSync(join(tmpdir(), 'slipway-smp-serial-'))
const reached: number[] = []
try {
  for (const { baud, size } of SPEEDS) {
    const bytes = makeFirmware({ type: 'acme-crane', version: '2.0.0', size })
    const file = join(dir, `image-${baud}.bin`)
    writeFileSync(file, bytes)
    const rate = bytes.length / (await ours(baud, bytes))
    const best = ceiling(baud)
    console.log(`${baud} baud: the device answers after ${(await turnaround(baud)).toFixed(1)} ms`)
    reached.push(rate / best)
    console.log(`${baud} baud: ${Math.round(rate)} B/s of ${Math.round(best)} B/s, ratio=${(rate / best).toFixed(3)}`)
    for (const which of ['smpclient', 'toolkit'] as const) {
      const other = bytes.length / (await theirs(which, baud, file))
      console.log(`${baud} baud: ${which} ${Math.round(other)} B/s; ours to it ratio=${(rate / other).toFixed(2)}`)
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
console.log(`smp-serial ratio=${Math.min(...reached).toFixed(3)}`)
