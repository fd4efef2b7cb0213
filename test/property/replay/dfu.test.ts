import { expect, test } from 'vitest'
import { dfuDriver } from '../../../electron/host/device/drivers/dfu/driver.ts'
import { usbOpener } from '../../../electron/host/link/usb.ts'
import { SimUsbBus } from '../../../electron/sim/usb/bus.ts'
import { DFU_DEVICE, DfuDevice } from '../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../electron/sim/usb/firmware.ts'
import { never } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { replayed, sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

const stored = {
  dfu: await storedTrace('dfu', 'raw', { version: '1.1.0' }),
  dfuse: await storedTrace('dfuse', 'raw', { version: '1.1.0' }),
}

test('400 updates of replayed USB devices over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(400, async (run) =>
    replayed({ ...stored[run % 2 === 0 ? 'dfu' : 'dfuse'], driver: dfuDriver(), fallsBack: run % 5 === 0 }),
  )
  expect(judged('dfu, replayed', outcomes)).toEqual(HONEST)
})

test('100 updates of simulated USB devices over bad lines: no false success', { timeout: 300_000 }, async () => {
  const wanted = Buffer.from(thrusterFirmware('1.1.0', 20_000))
  const outcomes = await campaign(100, async (run, random) => {
    const bus = new SimUsbBus({ gapMs: 300 })
    const sim = new DfuDevice({
      ...DFU_DEVICE,
      serial: 'TH-1',
      firmware: thrusterFirmware('1.0.0', 8000),
      dfuse: run % 2 === 0,
      tolerant: random() < 0.5,
      willDetach: random() < 0.5,
      canUpload: random() < 0.7,
    })
    const address = bus.plug(sim, 1)
    const scene = sceneOf({ ...stored.dfu, driver: dfuDriver() })
    return {
      ...scene,
      open: () => usbOpener(bus).open(address, {}, never),
      runsNew: () => sim.mode === 'application' && wanted.equals(sim.flash.bytes.subarray(0, wanted.length)),
      close: async () => bus.unplug(1),
    }
  })
  expect(judged('dfu, simulated', outcomes)).toEqual(HONEST)
})
