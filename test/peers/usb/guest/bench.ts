import { writeFileSync } from 'node:fs'
import type { DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import type { Sims } from './sim-thread.ts'
import { closing, dfuUtil, driver, intoDfuMode, never, plug, quietly, rawImage } from './tools.ts'

const SIZE = 256 * 1024
/** Flash as slow as an STM32F4's: 16 us a word (PROTOCOLS 2.6), and 20 ms to erase 2 KiB. */
const FLASH = { transferSize: 2048, pollMs: 8, eraseMs: 20 } as const
const KINDS: readonly [string, Partial<DfuDeviceConfig>, readonly string[]][] = [
  ['DFU 1.1', FLASH, []],
  ['DfuSe', { ...FLASH, dfuse: true }, ['-a', '0', '-s', '0x08000000']],
]

/** One way of doing it. */
export interface Way {
  /** What somebody waited for. */
  readonly ms: number
  /** DFU requests that the device was asked. */
  readonly requests: number
}

export interface Measured {
  readonly kind: string
  /** `write`: into a device that cannot be read; `verify`: and read back, which is two calls of dfu-util. */
  readonly what: 'write' | 'verify'
  readonly ours: Way
  readonly theirs: Way
  /** That the device wants to be left alone, whoever writes, ms. */
  readonly waits: number
}

/** 256 KiB into fresh devices of the same kind, by the driver and by dfu-util in turns. */
export async function measure(sims: Sims, rounds: number, tell: (result: Measured) => void): Promise<void> {
  writeFileSync('/run/tmp/bench.bin', thrusterFirmware('2.0.0', SIZE))
  // The first round only warms up: our code is compiled, and dfu-util read from the host, as it is used.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [kind, config, args] of KINDS) {
      const waits = (SIZE / FLASH.transferSize) * (FLASH.pollMs + (config.dfuse ? FLASH.eraseMs : 0))
      for (const what of ['write', 'verify'] as const) {
        const device = { ...config, canUpload: what === 'verify' }
        const measured = { kind, what, ours: await ours(sims, device), theirs: await theirs(sims, device, args), waits }
        if (round > 0) tell(measured)
      }
    }
  }
}

async function ours(sims: Sims, config: Partial<DfuDeviceConfig>): Promise<Way> {
  const { id, serial } = await plug(sims, config)
  const device = await intoDfuMode(serial)
  const image = rawImage(thrusterFirmware('2.0.0', SIZE), '2.0.0')
  const began = performance.now()
  await closing(device.link, () => driver.write(device, image, quietly, never))
  const ms = performance.now() - began
  return { ms, requests: await finish(sims, id) }
}

async function theirs(sims: Sims, config: Partial<DfuDeviceConfig>, args: readonly string[]): Promise<Way> {
  const { id, serial } = await plug(sims, config)
  await (await intoDfuMode(serial)).link.close()
  const calls = [[...args, '-D', '/run/tmp/bench.bin']]
  const whole = args.length > 0 ? ['-a', '0', '-s', `0x08000000:${SIZE}`] : []
  if (config.canUpload) calls.push([...whole, '-U', `/run/tmp/back-${id}.bin`])
  let all = 0
  for (const call of calls) {
    const { code, output, ms } = await dfuUtil('-d', '1209:0002', ...call)
    if (code !== 0) throw new Error(output)
    all += ms
  }
  return { ms: all, requests: await finish(sims, id) }
}

async function finish(sims: Sims, id: number): Promise<number> {
  const { version, counts } = await sims.report(id)
  if (version !== '2.0.0') throw new Error(`the device holds ${version}`)
  await sims.pull(id)
  return counts.reduce((sum, count) => sum + (count ?? 0), 0)
}
