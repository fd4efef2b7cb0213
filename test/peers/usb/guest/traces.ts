import type { Link } from '../../../../electron/host/link/link.ts'
import type { DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import { recorded } from '../../../fixtures/replay/recording.ts'
import type { Sims } from './sim-thread.ts'
import { bus, driver, open, plug, rawImage, until } from './tools.ts'

const KINDS: readonly [string, Partial<DfuDeviceConfig>][] = [
  ['dfu', { tolerant: false }],
  ['dfuse', { dfuse: true, transferSize: 2048, pollMs: 1 }],
]

/** Whole updates over the real bus, as they go over the link. */
export async function recordTraces(sims: Sims, tell: (result: unknown) => void): Promise<void> {
  const image = rawImage(thrusterFirmware('1.1.0', 20_000), '1.1.0')
  for (const [name, config] of KINDS) {
    const { id, serial } = await plug(sims, config)
    const { profile, binding, link } = await open(serial, 'application')
    const { address } = link
    await link.close()
    const { text } = await recorded(
      { driver, profile, binding, image, open: () => openAnyhow(serial) },
      { address, kind: 'usb' },
    )
    tell({ name, text })
    await sims.pull(id)
  }
}

/** The device in whatever mode it is found. */
async function openAnyhow(serial: string): Promise<Link> {
  const mode = await until(serial, async () => {
    const all = await bus.list().catch(() => [])
    const found = all.find((one) => [0x0001, 0x0002].includes(one.productId))
    return found && (found.productId === 0x0002 ? ('dfu' as const) : ('application' as const))
  })
  return (await open(serial, mode)).link
}
