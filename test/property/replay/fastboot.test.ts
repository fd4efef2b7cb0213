import { expect, test } from 'vitest'
import { fastbootDriver } from '../../../electron/host/device/drivers/fastboot/driver.ts'
import { usbOpener } from '../../../electron/host/link/usb.ts'
import { FASTBOOT_DEVICE, FastbootDevice, makePlotter } from '../../../electron/sim/fastboot/device.ts'
import { FastbootUsb } from '../../../electron/sim/fastboot/usb-device.ts'
import { PLOTTER_PROFILE } from '../../../electron/sim/machines/plotter.ts'
import { SimUsbBus } from '../../../electron/sim/usb/bus.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { imageOf, never } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { recorded } from '../../fixtures/replay/recording.ts'
import { replayed } from '../../fixtures/replay/replayed.ts'
import { virtually } from '../../fixtures/replay/virtually.ts'

const image = await imageOf(makePlotter('1.1.0', 20_000), 'raw', { version: '1.1.0' })
const wanted = Buffer.from(makePlotter('1.1.0', 20_000))

function plotter(slots: boolean) {
  const bus = new SimUsbBus({ gapMs: 300 })
  const sim = new FastbootDevice({ ...FASTBOOT_DEVICE, serial: 'PL-3', image: makePlotter('1.0.0'), slots })
  const address = bus.plug(new FastbootUsb(sim), 1)
  const profile = Profile.parse({
    ...PLOTTER_PROFILE,
    drivers: PLOTTER_PROFILE.drivers.map((binding) => ({ ...binding, slots })),
  })
  const binding = profile.drivers.find(({ link }) => link === 'usb')
  if (!binding) throw new Error('a profile has drivers')
  return {
    sim,
    address,
    driver: fastbootDriver(),
    profile,
    binding,
    image,
    open: () => usbOpener(bus).open(address, {}, never),
    close: async () => bus.unplug(1),
  }
}

test('100 updates of a simulated plotter over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(100, async (run, random) => {
    const scene = plotter(run % 2 === 0)
    const { sim } = scene
    if (random() < 0.1) sim.faults.lie = true
    if (random() < 0.1) sim.faults.powerLoss = true
    if (random() < 0.1) sim.faults.lines = 3
    return {
      ...scene,
      runsNew: () => {
        const now = sim.partitions.get(sim.config.slots ? `system_${sim.slot}` : 'system') ?? new Uint8Array()
        return sim.mode === 'application' && wanted.equals(now.subarray(0, wanted.length))
      },
    }
  })
  expect(judged('fastboot, simulated', outcomes)).toEqual(HONEST)
})

test('400 updates of a replayed plotter over bad lines: no false success', { timeout: 300_000 }, async () => {
  const scene = plotter(false)
  const { trace, end } = await virtually(() => recorded(scene, { address: scene.address, kind: 'usb' }))
  expect(end).toMatchObject({ success: true })
  const outcomes = await campaign(400, async (run) =>
    replayed({ trace, image, driver: fastbootDriver(), fallsBack: run % 5 === 0 }),
  )
  expect(judged('fastboot, replayed', outcomes)).toEqual(HONEST)
})
