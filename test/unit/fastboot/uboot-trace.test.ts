import { expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { fastbootDriver } from '../../../electron/host/device/drivers/fastboot/driver.ts'
import { replayTrace } from '../../../electron/host/link/trace/replay.ts'
import { clock, never, watched } from '../../fixtures/devices/bench.ts'
import { sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

/** What U-Boot itself said to this driver: it still says the same to it. */
test('U-Boot in fastboot mode, as it was recorded: known, asked, written', async () => {
  const { trace, image } = await storedTrace('fastboot', 'raw', { version: '1.1.0' })
  const driver = fastbootDriver({ timing: { answer: 2000, work: 2000 } })
  const { profile, binding } = sceneOf({ trace, driver, image })
  const replay = replayTrace(trace, { pace: 'at-once' })
  const link = await replay.open(never)
  const device: Device = { link, profile, binding, clock, credential: null }
  expect(await driver.identify(device, never)).toEqual({ type: 'acme-plotter', serial: 'PL-3', hardware: null })
  expect(await driver.status(device, never)).toEqual({ mode: 'bootloader', versions: { app: null }, slots: [] })
  const options = watched()
  await driver.write(device, image, options, never)
  expect(options.seen.at(-1)).toBe(image.length)
  expect(replay.script.reached('write')).toBe(true)
  // It told its partition's size: another image is refused before a byte of it is sent.
  const larger = { ...image, length: 5_000_000 }
  const fresh = { ...device, link: await replayTrace(trace, { pace: 'at-once' }).open(never) }
  await driver.identify(fresh, never)
  await driver.status(fresh, never)
  await expect(driver.write(fresh, larger, watched(), never)).rejects.toMatchObject({
    code: 'device.incompatible',
    detail: { reason: 'partition-size', most: 4_194_304 },
  })
})
