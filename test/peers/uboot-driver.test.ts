import { expect, test } from 'vitest'
import type { Image } from '../../electron/host/device/driver.ts'
import { ymodemDriver } from '../../electron/host/device/drivers/ymodem/driver.ts'
import { YMODEM_TIMING } from '../../electron/host/device/drivers/ymodem/timing.ts'
import { PUMP_PROFILE } from '../../electron/sim/machines/pump.ts'
import { AppError } from '../../shared/errors.ts'
import type { ProfileInput } from '../../shared/model/profile.ts'
import { never, watched } from '../fixtures/devices/bench.ts'
import { needsUBoot } from './uboot/machine.ts'
import { isBack, PUMP, pumpImage, startPump } from './uboot/pump.ts'
import { makeApp } from './uboot/pump-app.ts'

/** The driver against U-Boot, over a serial line held to 115200 baud. */
const driver = ymodemDriver({
  timing: { send: { ...YMODEM_TIMING.send, reply: 4000 } },
})
const start = (change: Partial<ProfileInput['drivers'][0]> = {}) => startPump(driver, change)

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
  expect(await driver.identify(device, never)).toEqual(PUMP)
  const next = await pumpImage('2.5.0')
  const options = watched()
  await driver.write(device, next, options, never)
  expect(options.seen.at(-1)).toBe(next.length)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 50_000)))).toBe(true)
  await driver.attach(device, [next], never)
  await isBack(driver, device)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.5.0' })
})

test('stopped in the middle of a transfer: U-Boot is back at its prompt, and starts what it had', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start({ load: load({ piece: undefined }) } as object)
  await driver.detach?.(device, never)
  const options = watched(async () => {
    if ((options.seen.at(-1) ?? 0) > 10_000) throw new AppError('condition.changed-while-writing')
  })
  await expect(driver.write(device, await pumpImage('2.5.0'), options, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect((await driver.status(device, never)).mode).toBe('bootloader')
  await driver.restore?.(device, [], never)
  await isBack(driver, device)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.4.0' })
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.4.0')))).toBe(true)
})

test('bytes that are others in its memory than they were here are not stored', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start()
  await driver.detach?.(device, never)
  const next = await pumpImage('2.5.0', 20_000)
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
  await expect(driver.write(device, await pumpImage('2.5.0', 5000), watched(), never)).rejects.toMatchObject({
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
  await expect(driver.write(device, await pumpImage('2.5.0'), options, never)).rejects.toMatchObject({
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
