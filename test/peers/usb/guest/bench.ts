import { writeFileSync } from 'node:fs'
import type { DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import type { Sims } from './sim-thread.ts'
import { closing, dfuUtil, driver, intoDfuMode, never, plug, quietly, rawImage } from './tools.ts'

const SIZE = 256 * 1024
const KINDS: readonly [string, Partial<DfuDeviceConfig>, readonly string[]][] = [
  ['DFU 1.1', { transferSize: 2048 }, []],
  ['DfuSe', { dfuse: true, transferSize: 2048 }, ['-a', '0', '-s', '0x08000000']],
]

/** One download, in ms: all of it as its user waits for it, and as the device saw its data come. */
export interface Measured {
  readonly kind: string
  readonly by: 'ours' | 'dfu-util'
  readonly allMs: number
  readonly dataMs: number
}

/** 256 KiB into the same kind of device, in turns: by the driver, which reads back too, and by dfu-util, which does not. */
export async function measure(sims: Sims, rounds: number, tell: (result: Measured) => void): Promise<void> {
  writeFileSync('/run/tmp/bench.bin', thrusterFirmware('2.0.0', SIZE))
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, config, args] of KINDS) {
      tell({ kind, by: 'ours', ...(await ours(sims, config)) })
      tell({ kind, by: 'dfu-util', ...(await theirs(sims, config, args)) })
    }
  }
}

async function ours(sims: Sims, config: Partial<DfuDeviceConfig>) {
  const { id, serial } = await plug(sims, config)
  const device = await intoDfuMode(serial)
  const image = rawImage(thrusterFirmware('2.0.0', SIZE), '2.0.0')
  const began = performance.now()
  await closing(device.link, () => driver.write(device, image, quietly, never))
  const allMs = performance.now() - began
  return finish(sims, id, allMs)
}

async function theirs(sims: Sims, config: Partial<DfuDeviceConfig>, args: readonly string[]) {
  const { id, serial } = await plug(sims, config)
  await (await intoDfuMode(serial)).link.close()
  const { code, output, ms } = await dfuUtil('-d', '1209:0002', ...args, '-D', '/run/tmp/bench.bin')
  if (code !== 0) throw new Error(output)
  return finish(sims, id, ms)
}

async function finish(sims: Sims, id: number, allMs: number) {
  const { downloadMs, version } = await sims.report(id)
  if (version !== '2.0.0') throw new Error(`the device holds ${version}`)
  await sims.pull(id)
  return { allMs, dataMs: downloadMs }
}
