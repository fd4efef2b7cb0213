import { expect, test } from 'vitest'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { makePlotter } from '../../../electron/sim/fastboot/device.ts'
import { AppError } from '../../../shared/errors.ts'
import { never, watched } from '../../fixtures/devices/bench.ts'
import { fastboot, fastbootScene, isIn, plotterIdentity, plotterImage } from '../../fixtures/devices/fastboot-bench.ts'

const next = makePlotter('1.1.0', 60_000)

test('a whole update: identified, into its boot loader, written, started, read back', async () => {
  const { sim, device } = await fastbootScene()
  expect(await fastboot.identify(device, never)).toEqual(plotterIdentity)
  expect(await fastboot.status(device, never)).toMatchObject({ mode: 'application', versions: { app: '1.0.0' } })
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  expect(await fastboot.identify(device, never)).toEqual(plotterIdentity)
  const options = watched()
  await fastboot.write(device, await plotterImage(), options, never)
  expect(options.seen.at(-1)).toBe(60_000)
  expect(options.seen.length).toBeGreaterThan(50)
  // Written, and not running yet: that is for the restart to prove.
  expect(await fastboot.status(device, never)).toEqual({ mode: 'bootloader', versions: { app: null }, slots: [] })
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect((await fastboot.status(device, never)).versions).toEqual({ app: '1.1.0' })
  expect(Buffer.from(sim.partitions.get('system') ?? []).equals(Buffer.from(next))).toBe(true)
})

test('packets lost and doubled: nothing is done twice', async () => {
  const { sim, server, device } = await fastbootScene()
  let n = 0
  server.passing = () => {
    n += 1
    return n % 7 === 3 ? 0 : n % 5 === 0 ? 2 : 1
  }
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await fastboot.write(device, await plotterImage('1.1.0', 20_000), watched(), never)
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect(sim.version).toBe('1.1.0')
  expect(sim.restarts).toBe(2)
  expect(sim.commands.filter((command) => !command.startsWith('getvar'))).toEqual([
    'reboot-bootloader',
    'download:00004e20',
    'flash:system',
    'reboot',
  ])
})

test('two slots: the other one is written, and asking again after a crash changes nothing', async () => {
  const { sim, device } = await fastbootScene({ slots: true })
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await fastboot.write(device, await plotterImage(), watched(), never)
  expect([sim.slot, Buffer.from(sim.partitions.get('system_b') ?? []).equals(Buffer.from(next))]).toEqual(['a', true])
  // A life that ended between the two orders: the device already points at the new slot.
  sim.take(Buffer.from('set_active:b'))
  await fastboot.write(device, await plotterImage(), watched(), never)
  expect(Buffer.from(sim.partitions.get('system_a') ?? []).equals(Buffer.from(makePlotter('1.0.0')))).toBe(true)
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect([sim.slot, sim.version]).toEqual(['b', '1.1.0'])
})

test('two slots: what was written is left alone, and the device starts what it ran', async () => {
  const { sim, device } = await fastbootScene({ slots: true })
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  sim.faults.refuse = 'write failure'
  await expect(fastboot.write(device, await plotterImage(), watched(), never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { what: 'flash', said: 'write failure' },
  })
  await fastboot.restore?.(device, [], never)
  await isIn(device, 'application')
  expect([sim.slot, sim.version]).toEqual(['a', '1.0.0'])
})

test('stopped during the download: nothing is written, and the device starts what it had', async () => {
  const { sim, device } = await fastbootScene()
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  const options = watched(async () => {
    if (options.seen.length > 5) throw new AppError('condition.changed-while-writing')
  })
  const slow = await plotterImage('1.1.0', 1_000_000)
  const write = fastboot.write(device, slow, options, never)
  await expect(write).rejects.toMatchObject({ code: 'condition.changed-while-writing' })
  await fastboot.restore?.(device, [], never)
  await isIn(device, 'application')
  expect(sim.version).toBe('1.0.0')
  expect(sim.commands.some((command) => command.startsWith('flash'))).toBe(false)
})

test('half an image is not started: written in part, or found in its boot loader', async () => {
  const { sim, device } = await fastbootScene()
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  sim.faults.powerLoss = true
  await expect(fastboot.write(device, await plotterImage(), watched(), never)).rejects.toMatchObject({
    code: 'device.no-answer',
  })
  await isIn(device, 'bootloader')
  await expect(fastboot.restore?.(device, [], never)).rejects.toMatchObject({ code: 'device.not-restored' })
  // The recovery that this driver is for: written again, from the same boot loader.
  await fastboot.write(device, await plotterImage(), watched(), never)
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect(sim.version).toBe('1.1.0')
})

test('a device that says that it wrote, and did not, is found out by what it runs', async () => {
  const { sim, device } = await fastbootScene()
  sim.faults.lie = true
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await fastboot.write(device, await plotterImage(), watched(), never)
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect((await fastboot.status(device, never)).versions).toEqual({ app: '1.0.0' })
})

test('an image that is larger than the device’s memory goes there in pieces, and cannot be stopped between them', async () => {
  const { sim, device } = await fastbootScene({ maxDownload: 50_000 })
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  let asked = 0
  const options = watched(async () => {
    asked += 1
    if (sim.commands.includes('flash:system')) throw new AppError('condition.false')
  })
  const image = await plotterImage('1.1.0', 130_001)
  await fastboot.write(device, image, options, never)
  expect(asked).toBeGreaterThan(1)
  expect(options.seen.at(-1)).toBe(130_001)
  expect(sim.commands.filter((command) => command === 'flash:system')).toHaveLength(3)
  expect(
    sim.commands
      .filter((command) => command.startsWith('download'))
      .every((one) => Number.parseInt(one.slice(9), 16) <= 50_000),
  ).toBe(true)
  const held = Buffer.from(sim.partitions.get('system') ?? [])
  expect(held.subarray(0, 130_001).equals(Buffer.from(makePlotter('1.1.0', 130_001)))).toBe(true)
  expect(held.subarray(130_001).every((byte) => byte === 0)).toBe(true)
  await fastboot.attach(device, [], never)
  await isIn(device, 'application')
  expect((await fastboot.status(device, never)).versions).toEqual({ app: '1.1.0' })
})

test('what it cannot take is refused before a byte is sent', async () => {
  const { sim, device } = await fastbootScene({ maxDownload: 4000 })
  await expect(fastboot.write(device, await plotterImage(), watched(), never)).rejects.toMatchObject({
    detail: { reason: 'not-in-boot-loader' },
  })
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await expect(fastboot.write(device, await plotterImage(), watched(), never)).rejects.toMatchObject({
    code: 'device.incompatible',
    detail: { reason: 'max-download-size', most: 4000 },
  })
  sim.faults.locked = true
  await expect(fastboot.write(device, await plotterImage('1.1.0', 1000), watched(), never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { reason: 'locked' },
  })
  expect(sim.commands.some((command) => command.startsWith('download'))).toBe(false)
})

test('left in the middle of something by an earlier life, it is talked to all the same', async () => {
  const { sim, device } = await fastbootScene()
  sim.take(Buffer.from('reboot-bootloader'))
  await isIn(device, 'bootloader')
  sim.take(Buffer.from('download:00001000'))
  const fresh = {
    ...device,
    binding: { ...device.binding, partitions: { app: 'system', boot: 'boot' } },
  } as typeof device
  expect(await fastboot.identify(fresh, never)).toEqual(plotterIdentity)
})

test('many lines before an answer, one that is none, silence, and a link that is none', async () => {
  const { sim, device } = await fastbootScene()
  sim.faults.lines = 50
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  await fastboot.write(device, await plotterImage('1.1.0', 2000), watched(), never)
  sim.faults.garbage = true
  await expect(fastboot.identify(device, never)).rejects.toMatchObject({ code: 'device.bad-frame' })
  sim.faults.garbage = false
  sim.faults.mute = true
  await expect(fastboot.identify(device, never)).rejects.toMatchObject({ code: 'device.no-answer' })
  const [link] = memoryBytePair('sim:nobody')
  await expect(fastboot.identify({ ...device, link }, never)).rejects.toMatchObject({ code: 'link.unsupported' })
})

test('an application that stays although it said that it goes', async () => {
  const { sim, device } = await fastbootScene()
  sim.faults.stays = true
  await expect(fastboot.detach?.(device, never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { what: 'detach', reason: 'stayed' },
  })
})

test('a device that dies in the middle of a download is silent, not written', async () => {
  const { sim, device } = await fastbootScene()
  await fastboot.detach?.(device, never)
  await isIn(device, 'bootloader')
  sim.faults.deadAt = 10_000
  await expect(fastboot.write(device, await plotterImage(), watched(), never)).rejects.toMatchObject({
    code: 'device.no-answer',
  })
})

test('its variables are readings; what only its application knows is not', async () => {
  const { device } = await fastbootScene()
  expect(await fastboot.read(device, { from: 'fastboot.var', name: 'battery-voltage' }, never)).toBe('12400')
  await expect(fastboot.read(device, { from: 'fastboot.var', name: 'no-such' }, never)).rejects.toMatchObject({
    code: 'reading.missing',
  })
  await expect(fastboot.read(device, { from: 'smp.image', image: 0 }, never)).rejects.toMatchObject({
    code: 'reading.unreadable',
  })
})
