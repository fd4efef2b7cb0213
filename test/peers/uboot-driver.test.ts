import { expect, onTestFinished, test } from 'vitest'
import type { Device, Image } from '../../electron/host/device/driver.ts'
import { ymodemDriver } from '../../electron/host/device/drivers/ymodem/driver.ts'
import { YMODEM_TIMING } from '../../electron/host/device/drivers/ymodem/timing.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { PUMP_PROFILE } from '../../electron/sim/machines/pump.ts'
import { AppError } from '../../shared/errors.ts'
import { Profile, type ProfileInput } from '../../shared/model/profile.ts'
import { clock, imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { needsUBoot, startUBoot, type UBootMachine } from './uboot/machine.ts'
import { makeApp } from './uboot/pump-app.ts'

/** The driver against U-Boot, over a serial line held to 115200 baud. */
const driver = ymodemDriver({
  timing: { send: { ...YMODEM_TIMING.send, reply: 4000 } },
})
const identity = { type: 'acme-pump', serial: 'P-7', hardware: '1.2' }

async function start(
  change: Partial<ProfileInput['drivers'][0]> = {},
): Promise<{ machine: UBootMachine; device: Device }> {
  const machine = await startUBoot(tempDir(), 'P-7', '2.4.0')
  onTestFinished(() => machine.close())
  const [first] = PUMP_PROFILE.drivers
  const profile = Profile.parse({ ...PUMP_PROFILE, drivers: [{ ...first, ...change }] })
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const link = await serialOpener().open(machine.address, { baud: 115_200 }, never)
  onTestFinished(() => link.close())
  const device: Device = { link, profile, binding, clock, credential: null }
  await isBack(device)
  return { machine, device }
}

/** It is switched on with its line: the first look finds it starting. */
async function isBack(device: Device): Promise<void> {
  await expect.poll(() => driver.identify(device, never).catch(() => null)).toEqual(identity)
}

const app = (version: string, size = 50_000): Promise<Image> => imageOf(makeApp(version, size), 'raw', { version })

const load = (change: object) => ({ ...(PUMP_PROFILE.drivers[0] as { load: object }).load, ...change })

test.for([
  { protocol: 'ymodem', piece: 16_384, send: 'loady {address}', ready: '(ymodem) download' },
  { protocol: 'ymodem', piece: undefined, send: 'loady {address}', ready: '(ymodem) download' },
  { protocol: 'xmodem-1k', piece: undefined, send: 'loadx {address}', ready: '(xmodem) download' },
])('a whole update by $protocol in pieces of $piece', async ({ ...change }, context) => {
  needsUBoot(context)
  const { machine, device } = await start({ load: load(change) } as object)
  expect(await driver.status(device, never)).toEqual({ mode: 'application', versions: { app: '2.4.0' }, slots: [] })
  await driver.detach?.(device, never)
  expect(await driver.identify(device, never)).toEqual(identity)
  const next = await app('2.5.0')
  const options = watched()
  await driver.write(device, next, options, never)
  expect(options.seen.at(-1)).toBe(next.length)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 50_000)))).toBe(true)
  await driver.attach(device, [next], never)
  await isBack(device)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.5.0' })
})

test('stopped in the middle of a transfer: U-Boot is back at its prompt, and starts what it had', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start({ load: load({ piece: undefined }) } as object)
  await driver.detach?.(device, never)
  const options = watched(async () => {
    if ((options.seen.at(-1) ?? 0) > 10_000) throw new AppError('condition.changed-while-writing')
  })
  await expect(driver.write(device, await app('2.5.0'), options, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect((await driver.status(device, never)).mode).toBe('bootloader')
  await driver.restore?.(device, [], never)
  await isBack(device)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.4.0' })
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.4.0')))).toBe(true)
})

test('bytes that are others in its memory than they were here are not stored', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start()
  await driver.detach?.(device, never)
  const next = await app('2.5.0', 20_000)
  let reads = 0
  const spoilt: Image = {
    ...next,
    // The first reading is for the checksum; what is sent afterwards differs in one bit.
    async read(offset, length) {
      reads += 1
      const bytes = (await next.read(offset, length)).slice()
      if (reads > 1) bytes[100] = (bytes[100] ?? 0) ^ 1
      return bytes
    },
  }
  await expect(driver.write(device, spoilt, watched(), never)).rejects.toMatchObject({
    code: 'device.image-corrupt',
    detail: { reason: 'crc32' },
  })
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.4.0')))).toBe(true)
  // And, from the same prompt, the right bytes are taken.
  await driver.write(device, next, watched(), never)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 20_000)))).toBe(true)
})

test('a medium that is full, by the words of U-Boot', async (context) => {
  needsUBoot(context)
  const store = [
    { send: 'fatwrite virtio 0:1 {address} app.bin 0x2000000', expect: '\\d+ bytes written', within: '60s' },
  ]
  const { device } = await start({ store })
  await driver.detach?.(device, never)
  await expect(driver.write(device, await app('2.5.0', 5000), watched(), never)).rejects.toMatchObject({
    code: 'device.unexpected-answer',
  })
})

test('a device that dies while it is loaded', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start({ load: load({ piece: undefined }) } as object)
  await driver.detach?.(device, never)
  const options = watched(async () => {
    if ((options.seen.at(-1) ?? 0) > 10_000) machine.freeze()
  })
  await expect(driver.write(device, await app('2.5.0'), options, never)).rejects.toMatchObject({
    code: 'device.no-answer',
    detail: { reason: 'silent' },
  })
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.no-answer' })
})

test('conditions are read in the boot loader too', async (context) => {
  needsUBoot(context)
  const { device } = await start()
  const [hatch] = device.profile.signals
  if (!hatch) throw new Error('a signal')
  expect(await driver.read(device, hatch.source, never)).toBe('closed')
  await driver.read(device, { from: 'console', application: { send: 'open' } }, never)
  expect(await driver.read(device, hatch.source, never)).toBe('open')
  await driver.detach?.(device, never)
  expect(await driver.read(device, hatch.source, never)).toBe('00000001')
})
