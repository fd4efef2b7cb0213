import { deepEqual, equal, match } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Device } from '../../../../electron/host/device/driver.ts'
import { fastbootDriver } from '../../../../electron/host/device/drivers/fastboot/driver.ts'
import { usbOpener } from '../../../../electron/host/link/usb.ts'
import { usbAddress } from '../../../../electron/host/link/usb-bus.ts'
import { makePlotter } from '../../../../electron/sim/fastboot/device.ts'
import { PLOTTER_PROFILE } from '../../../../electron/sim/machines/plotter.ts'
import { Profile } from '../../../../shared/model/profile.ts'
import type { Sims } from './sim-thread.ts'
import { bus, clock, never, quietly, rawImage, until } from './tools.ts'

const driver = fastbootDriver()
const profile = Profile.parse(PLOTTER_PROFILE)
const run = promisify(execFile)
const SIZE = 300_000

async function openPlotter(serial: string): Promise<Device> {
  const link = await until(`${serial} on the bus`, async () => {
    const found = (await bus.list()).find((one) => one.vendorId === 0x18d1 && one.serialNumber === serial)
    return (
      found &&
      usbOpener(bus)
        .open(usbAddress(found), {}, never)
        .catch(() => null)
    )
  })
  const binding = profile.drivers.find(({ link: kind }) => kind === 'usb')
  if (!binding) throw new Error('a profile has drivers')
  return { link, profile, binding, clock, credential: null }
}

const inMode = (sims: Sims, serial: string, mode: string) =>
  until(`${serial} in ${mode}`, async () => (await sims.fastbootReport(serial)).mode === mode)

/** Our driver over the real bus, and then what runs. */
export async function fastbootUpdate(sims: Sims): Promise<void> {
  const serial = 'PL-USB-1'
  await sims.plugFastboot(serial)
  const device = await openPlotter(serial)
  deepEqual(await driver.identify(device, never), { type: 'acme-plotter', serial, hardware: '1.1' })
  await driver.write(device, rawImage(makePlotter('1.1.0', SIZE), '1.1.0'), quietly, never)
  await driver.attach(device, [], never)
  await device.link.close()
  await inMode(sims, serial, 'application')
  const back = await openPlotter(serial)
  deepEqual((await driver.status(back, never)).versions, { app: '1.1.0' })
  await back.link.close()
  await sims.pullFastboot(serial)
}

/** Android's own client on the same bus accepts the device, and says to it what our driver says. */
export async function fastbootJudged(sims: Sims): Promise<void> {
  const serial = 'PL-USB-2'
  await sims.plugFastboot(serial)
  await until('fastboot sees it', async () => (await run('fastboot', ['devices'])).stdout.includes(serial))
  const client = async (...args: readonly string[]) =>
    (await run('fastboot', ['-s', serial, ...args], { timeout: 60_000 })).stderr
  match(await client('getvar', 'product'), /product: acme-plotter/)
  writeFileSync('/run/tmp/system.bin', makePlotter('1.1.0', SIZE))
  match(await client('flash', 'system', '/run/tmp/system.bin'), /Writing 'system'\s+OKAY/)
  await client('reboot')
  await inMode(sims, serial, 'application')
  const { version, orders } = await sims.fastbootReport(serial)
  equal(version, '1.1.0')
  deepEqual(orders, (await sims.fastbootReport('PL-USB-1')).orders)
  await sims.pullFastboot(serial)
}
