/** What boot loaders of each family tell that cannot say whose device they are, and who is not asked at all. */

import { afterEach, expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { ymodemDriver } from '../../../electron/host/device/drivers/ymodem/driver.ts'
import { loaderBy, sameLoader } from '../../../electron/host/device/loader.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { BootSim, makePump } from '../../../electron/sim/boot/boot-sim.ts'
import { PUMP_PROFILE } from '../../../electron/sim/machines/pump.ts'
import { AppError } from '../../../shared/errors.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { clock, never, profileOf } from '../../fixtures/devices/bench.ts'
import { driver as dfu, dfuScene } from '../../fixtures/devices/dfu-bench.ts'
import { fastboot, fastbootScene, isIn } from '../../fixtures/devices/fastboot-bench.ts'

const cleanUps: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanUps.splice(0)) clean()
})

/** The same device under a profile whose serial number its boot loader does not know. */
function nameless<D extends Device>(device: D, serial: Profile['identity']['serial']): D {
  return { ...device, profile: { ...device.profile, identity: { ...device.profile.identity, serial } } }
}

test('fastboot: product, number and version of the boot loader; an application is none, another type is none', async () => {
  const { device } = await fastbootScene()
  const unnamed = nameless(device, { source: { from: 'fastboot.var', name: 'no-such' } })
  expect(await fastboot.loader?.(unnamed, never)).toBeNull()
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await expect(fastboot.identify(unnamed, never)).rejects.toMatchObject({ code: 'device.identity-missing' })
  expect(await fastboot.loader?.(unnamed, never)).toEqual({
    hardware: '1.1',
    holds: null,
    says: { product: 'acme-plotter', number: 'PL-3', loader: 'sim-1' },
  })
  const other = { ...unnamed, profile: { ...unnamed.profile, type: 'acme-other' } }
  expect(await fastboot.loader?.(other, never)).toBeNull()
})

test('DFU: its ids, its product and its own number; the application is none', async () => {
  const scene = dfuScene()
  cleanUps.push(() => scene.close())
  const serial = { source: { from: 'usb', field: 'serial', match: '^BOARD-(\\d+)$' } } as const
  const application = nameless(await scene.open(), serial)
  expect(await dfu.loader?.(application, never)).toBeNull()
  await dfu.detach?.(application, never)
  const device = nameless(await scene.open(), serial)
  expect(await dfu.identify(device, never)).toBeNull()
  const { link } = device
  const face = link.kind === 'usb' ? link.face : null
  expect(await dfu.loader?.(device, never)).toEqual({
    hardware: null,
    holds: null,
    says: { usb: `${face?.vid}:${face?.pid}`, product: face?.product, number: face?.serial },
  })
  const elsewhere = {
    ...device,
    binding: { ...device.binding, usb: [{ vid: 'ffff', pid: 'ffff' }] } as typeof device.binding,
  }
  expect(await dfu.loader?.(elsewhere, never)).toBeNull()
})

test('a boot loader with a console: its prompt; the application’s prompt is none', async () => {
  const [link, far] = memoryBytePair('sim:pump')
  const sim = new BootSim(far, { serial: 'P-9', image: makePump('2.4.0'), faults: {} })
  cleanUps.push(() => sim.switchOff())
  void sim.run()
  const profile = Profile.parse(PUMP_PROFILE)
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const driver = ymodemDriver({
    timing: { answer: 500, wake: 150, quiet: 150, listen: 600, look: 60, goDown: 300, key: 10 },
  })
  const onlyApplication = { source: { from: 'console', application: { send: 'id', match: 'serial=(\\S+)' } } } as const
  const device = nameless({ link, profile, binding, clock, credential: null }, onlyApplication)
  expect(await driver.loader?.(device, never)).toBeNull()
  await driver.detach?.(device, never)
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.identity-missing' })
  expect(await driver.loader?.(device, never)).toMatchObject({ hardware: '1.2', holds: null, says: { prompt: '=>' } })
})

test('silence is no boot loader: that nobody could be asked is said', async () => {
  const asked = () => Promise.reject(new AppError('device.no-answer'))
  await expect(loaderBy(profileOf('acme-crane'), asked, {})).rejects.toMatchObject({ code: 'device.no-answer' })
})

test('another one answers when it says something else; what it holds may change', () => {
  const one = { hardware: 'rev-c', holds: '1.0.0', says: { loader: 'MCUboot' } }
  expect(sameLoader(one, { ...one, holds: null })).toBe(true)
  expect(sameLoader(one, { ...one, hardware: null })).toBe(false)
  expect(sameLoader(one, { ...one, says: {} })).toBe(false)
  expect(sameLoader(one, { ...one, says: { loader: 'MCUboot', number: '7' } })).toBe(false)
})
