import { expect, test } from 'vitest'
import { swupdateDriver } from '../../../electron/host/device/drivers/swupdate/driver.ts'
import { imageBody } from '../../../electron/sim/artifacts/demo.ts'
import { makeSwu } from '../../../electron/sim/artifacts/swu-maker.ts'
import { NO_FAULTS } from '../../../electron/sim/faults.ts'
import { winch } from '../../../electron/sim/machines/winch.ts'
import { WebDevice } from '../../../electron/sim/swupdate/web-device.ts'
import { imageOf } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { replayed, sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'
import { WebDeviceSite } from '../../fixtures/replay/web-device-link.ts'

const stored = await storedTrace('swupdate', 'swu', {})

test('400 updates of a replayed SWUpdate over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(400, async (run) =>
    replayed({ ...stored, driver: swupdateDriver(), fallsBack: run % 5 === 0 }),
  )
  expect(judged('swupdate, replayed', outcomes)).toEqual(HONEST)
})

test('100 updates of a simulated winch over bad lines: no false success', { timeout: 300_000 }, async () => {
  const swu = await makeSwu({
    version: '1.1.0',
    hardware: [winch.hardware],
    images: [
      {
        name: 'rootfs.img',
        bytes: imageBody({ type: 'acme-winch', version: '1.1.0', size: 60_000 }),
        device: '/dev/a',
      },
    ],
  })
  const image = await imageOf(swu, 'swu')
  const old = imageBody({ type: 'acme-winch', version: '1.0.0' })
  const outcomes = await campaign(100, async (_run, random) => {
    const faults = {
      ...NO_FAULTS,
      ...(random() < 0.1 && { refuse: 'boot' as const }),
    }
    const device = new WebDevice(
      winch,
      { serial: 'W-1', hardware: winch.hardware },
      { running: { version: '1.0.0', payload: old }, standby: null, signals: winch.signals },
      faults,
      () => performance.now(),
    )
    device.boot()
    const site = new WebDeviceSite(device)
    return {
      ...sceneOf({ ...stored, driver: swupdateDriver() }),
      image,
      open: async () => site.open(),
      runsNew: () => device.state.running.version === '1.1.0',
      close: async () => {},
    }
  })
  expect(judged('swupdate, simulated', outcomes)).toEqual(HONEST)
})
