import { expect, onTestFinished, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { fastbootDriver } from '../../../electron/host/device/drivers/fastboot/driver.ts'
import type { Link } from '../../../electron/host/link/link.ts'
import { usbOpener } from '../../../electron/host/link/usb.ts'
import { FASTBOOT_DEVICE, FastbootDevice, makePlotter } from '../../../electron/sim/fastboot/device.ts'
import { FastbootUsb } from '../../../electron/sim/fastboot/usb-device.ts'
import { SimUsbBus } from '../../../electron/sim/usb/bus.ts'
import { AppError } from '../../../shared/errors.ts'
import { clock, never, watched } from '../../fixtures/devices/bench.ts'
import { plotterIdentity, plotterImage, plotterProfile } from '../../fixtures/devices/fastboot-bench.ts'

const driver = fastbootDriver({ timing: { answer: 500, work: 1000 } })
const profile = plotterProfile()
const binding = profile.drivers[1]

function scene(change: Partial<FastbootDevice['faults']> = {}) {
  const sim = new FastbootDevice({ ...FASTBOOT_DEVICE, serial: 'PL-3', image: makePlotter('1.0.0') })
  Object.assign(sim.faults, change)
  const bus = new SimUsbBus({ gapMs: 10, patienceMs: 150 })
  const address = bus.plug(new FastbootUsb(sim), 4)
  /** The device as it is now: it comes back as another after a restart. */
  const open = async (): Promise<Device> => {
    if (!binding) throw new Error('a profile has drivers')
    let found: Link | null = null
    await expect
      .poll(async () => {
        found ??= await usbOpener(bus)
          .open(address, {}, never)
          .catch(() => null)
        return found !== null
      })
      .toBe(true)
    const link = found as Link | null
    if (!link) throw new Error('not there')
    onTestFinished(() => link.close())
    return { link, profile, binding, clock, credential: null }
  }
  return { sim, bus, open }
}

test('a whole update over bulk transfers', async () => {
  const { sim, open } = scene()
  let device = await open()
  expect(await driver.identify(device, never)).toEqual(plotterIdentity)
  await driver.detach?.(device, never)
  await expect.poll(() => sim.mode).toBe('bootloader')
  device = await open()
  const options = watched()
  await driver.write(device, await plotterImage('1.1.0', 300_000), options, never)
  expect(options.seen.at(-1)).toBe(300_000)
  expect(Buffer.from(sim.partitions.get('system') ?? []).equals(Buffer.from(makePlotter('1.1.0', 300_000)))).toBe(true)
  await driver.attach(device, [], never)
  await expect.poll(() => sim.mode).toBe('application')
  device = await open()
  expect(await driver.status(device, never)).toMatchObject({ mode: 'application', versions: { app: '1.1.0' } })
})

test('stopped during the download: the device gets the rest of what it waits for, and writes none of it', async () => {
  const { sim, open } = scene()
  sim.mode = 'bootloader'
  const device = await open()
  let asked = 0
  const stop = {
    ...watched(),
    progress: () => {},
    between: async () => {
      asked += 1
      if (asked === 2) throw new AppError('condition.changed-while-writing')
    },
  }
  await expect(driver.write(device, await plotterImage('1.1.0', 300_000), stop, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect(sim.isDownloading).toBe(false)
  expect(sim.commands.some((command) => command.startsWith('flash'))).toBe(false)
  expect(await driver.identify(device, never)).toEqual(plotterIdentity)
})

test('an answer that an earlier life of the console did not fetch is not taken for ours', async () => {
  const { sim, open } = scene()
  const before = await open()
  if (before.link.kind !== 'usb') throw new Error('usb')
  await before.link.claim(0, never)
  await before.link.bulkOut(2, new Uint8Array(Buffer.from('getvar:version-bootloader')), 100, never)
  await before.link.close()
  const device = await open()
  expect(await driver.identify(device, never)).toEqual(plotterIdentity)
  expect(sim.commands[0]).toBe('getvar:version-bootloader')
})

test('pulled in the middle, and silent', async () => {
  const { sim, bus, open } = scene()
  sim.mode = 'bootloader'
  const device = await open()
  await driver.identify(device, never)
  const pull = { ...watched(), between: async () => bus.unplug(4) }
  await expect(driver.write(device, await plotterImage('1.1.0', 300_000), pull, never)).rejects.toMatchObject({
    code: 'link.lost',
  })
  const silent = scene({ mute: true })
  await expect(driver.identify(await silent.open(), never)).rejects.toMatchObject({ code: 'device.no-answer' })
})
