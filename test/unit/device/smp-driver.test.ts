import { afterEach, expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { SmpClient } from '../../../electron/host/protocol/smp/client.ts'
import { markImage } from '../../../electron/host/protocol/smp/image.ts'
import { smpTransport } from '../../../electron/host/protocol/smp/transport.ts'
import { makeFirmware } from '../../../electron/sim/artifacts/demo.ts'
import type { Sim } from '../../../electron/sim/sim.ts'
import { type StartSmp, startSmp } from '../../../electron/sim/start-smp.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  driver,
  firmware,
  imageOf,
  never,
  openDevice,
  ports,
  profileOf,
  watched,
} from '../../fixtures/devices/bench.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

let serial = 0
async function start(options: Partial<StartSmp> = {}): Promise<{ sim: Sim; device: Device }> {
  serial += 1
  const base = { kind: 'smp', type: 'acme-crane', serial: `CR-${serial}`, transport: 'memory', bootMs: 20 } as const
  const sim = await startSmp({ ...base, ...options }, ports)
  cleanUps.push(() => sim.close())
  const device = await openDevice(sim.address, sim.type)
  cleanUps.push(() => device.link.close())
  return { sim, device }
}

async function back(sim: Sim, restarts: number): Promise<void> {
  await expect.poll(() => sim.state(), { interval: 5 }).toMatchObject({ restarts, running: true })
}

const update = async (device: Device, version: string) => {
  const image = await firmware('acme-crane', version)
  await driver.write(device, image, watched(), never)
  return image
}

test.each(['memory', 'udp'] as const)('over %s: identify, status, read, write, trial, confirm', async (transport) => {
  const type = transport === 'udp' ? 'acme-gateway' : 'acme-crane'
  const { sim, device } = await start({ transport, type, version: '2.4.0' })
  expect(await driver.identify(device, never)).toEqual({
    type,
    serial: sim.serial,
    hardware: transport === 'udp' ? 'rev-b' : 'rev-c',
  })
  expect(await driver.read(device, { from: 'smp.stat', group: 'power', field: 'battery_pct' }, never)).toBeTypeOf(
    'number',
  )
  const before = await driver.status(device, never)
  expect(before).toMatchObject({ mode: 'application', versions: { app: '2.4.0' } })
  expect(before.slots).toEqual([
    expect.objectContaining({ name: 'primary', version: '2.4.0', active: true, confirmed: true }),
  ])

  const image = await firmware(type, '2.5.0')
  const options = watched()
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect(options.seen.length).toBeGreaterThan(5)
  // Nothing runs yet that did not run before.
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.4.0' })

  await driver.attach(device, [image], never)
  await back(sim, 1)
  const trial = await driver.status(device, never)
  expect(trial.versions).toEqual({ app: '2.5.0' })
  expect(trial.slots[0]).toMatchObject({ hash: image.deviceHash, active: true, confirmed: false })

  await driver.confirm?.(device, [image], never)
  expect((await driver.status(device, never)).slots[0]).toMatchObject({ active: true, confirmed: true })
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
})

test('what the slot holds already is not sent again', async () => {
  const { device } = await start()
  const image = await update(device, '2.5.0')
  const options = watched()
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: true })
  expect(options.seen).toEqual([])
})

test('a second order to attach, after it worked, does nothing', async () => {
  const { sim, device } = await start()
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  await driver.attach(device, [image], never)
  expect(sim.state()).toMatchObject({ restarts: 1, version: '2.5.0' })
})

test('an unconfirmed trial falls back when it is rolled back', async () => {
  const { sim, device } = await start({ version: '2.4.0' })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  await driver.rollback?.(device, [image], never)
  await back(sim, 2)
  expect(sim.state()).toMatchObject({ version: '2.4.0', trial: false })
  // Asked again, after a crash of the console say, it has nothing left to do.
  await driver.rollback?.(device, [image], never)
  expect(sim.state()).toMatchObject({ restarts: 2, version: '2.4.0' })
})

test('a confirmed version is rolled back to the old slot, for good', async () => {
  const { sim, device } = await start({ version: '2.4.0' })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  await driver.confirm?.(device, [image], never)
  await driver.rollback?.(device, [image], never)
  await back(sim, 2)
  expect(sim.state()).toMatchObject({ version: '2.4.0', trial: false })
  sim.powerCycle()
  await expect.poll(() => sim.state().running).toBe(true)
  expect(sim.state().version).toBe('2.4.0')
})

test('confirm never confirms another image than the new one', async () => {
  const { sim, device } = await start({ version: '2.4.0' })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  sim.powerCycle()
  await expect.poll(() => sim.state().version).toBe('2.4.0')
  await expect.poll(() => sim.state().running).toBe(true)
  await expect(driver.confirm?.(device, [image], never)).rejects.toMatchObject({
    code: 'device.reverted',
    detail: { running: '2.4.0' },
  })
})

test('permanent only when the image says so', async () => {
  const { sim, device } = await start()
  const image = { ...(await firmware('acme-crane', '2.5.0')), permanent: true }
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  await back(sim, 1)
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
})

test("somebody else's image that waits in the slot is never overwritten", async () => {
  const { sim, device } = await start()
  const foreign = await update(device, '2.4.9')
  await device.link.close()
  const other = await openDevice(sim.address, sim.type)
  if (other.link.kind !== 'serial' && other.link.kind !== 'memory' && other.link.kind !== 'udp') return
  await markImage(new SmpClient(smpTransport(other.link), 99), foreign.deviceHash ?? '', false, never)
  await other.link.close()
  const again = await openDevice(sim.address, sim.type)
  cleanUps.push(() => again.link.close())
  const image = await firmware('acme-crane', '2.5.0')
  await expect(driver.write(again, image, watched(), never)).rejects.toMatchObject({
    code: 'device.pending-image',
    detail: { version: '2.4.9', state: 'pending' },
  })
})

test("a device on somebody else's trial keeps the slot it needs to fall back", async () => {
  const { sim, device } = await start()
  const foreign = await update(device, '2.4.9')
  await driver.attach(device, [foreign], never)
  await back(sim, 1)
  await expect(driver.write(device, await firmware('acme-crane', '2.5.0'), watched(), never)).rejects.toMatchObject({
    code: 'device.pending-image',
    detail: { state: 'trial', version: '2.4.9' },
  })
})

test('power that fails at byte N: the rest is sent, the old version ran all the time', async () => {
  const { sim, device } = await start({ version: '2.4.0', faults: { powerLossAt: 9000 } })
  const image = await firmware('acme-crane', '2.5.0', 30_000)
  expect(await driver.write(device, image, watched(), never)).toEqual({ alreadyHeld: false })
  expect(sim.state()).toMatchObject({ restarts: 1, version: '2.4.0' })
})

test('an upload that was stopped goes on where it stopped', async () => {
  const { device } = await start({ workMs: 15 })
  const image = await firmware('acme-crane', '2.5.0', 60_000)
  let looks = 0
  const stopped = watched(async () => {
    looks += 1
    if (looks > 1) throw new AppError('condition.changed-while-writing')
  })
  await expect(driver.write(device, image, stopped, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  const reached = stopped.seen.at(-1) ?? 0
  expect(reached).toBeGreaterThan(0)
  expect(reached).toBeLessThan(image.length)
  const resumed = watched()
  await driver.write(device, image, resumed, never)
  expect(resumed.seen[0]).toBeGreaterThanOrEqual(reached)
})

test('between may use the same link', async () => {
  const { device } = await start({ workMs: 5 })
  const readings: unknown[] = []
  const between = async () => {
    readings.push(await driver.read(device, { from: 'smp.shell', argv: ['boom'], match: 'S4=(\\w+)' }, never))
  }
  await driver.write(device, await firmware('acme-crane', '2.5.0', 60_000), watched(between), never)
  expect(readings.length).toBeGreaterThan(2)
  expect(new Set(readings)).toEqual(new Set(['closed']))
})

test.each([
  ['refuses the upload', { refuse: 'upload' }, 'device.incompatible'],
  ['has gone silent', { stall: true }, 'device.no-answer'],
] as const)('a device that %s', async (_, faults, code) => {
  const { sim, device } = await start()
  await driver.identify(device, never)
  sim.setFaults(faults)
  await expect(driver.write(device, await firmware('acme-crane', '2.5.0'), watched(), never)).rejects.toMatchObject({
    code,
  })
})

test('an image that is too large is refused by the device and said so', async () => {
  const { device } = await start({ config: { slotSize: 10_000 } })
  await expect(driver.write(device, await firmware('acme-crane', '2.5.0'), watched(), never)).rejects.toMatchObject({
    code: 'device.image-rejected',
    detail: { reason: 'too-large' },
  })
})

test('a boot loader that rejects the image leaves the old one running, and the slots say so', async () => {
  const { sim, device } = await start({ version: '2.4.0', faults: { refuse: 'boot' } })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  const status = await driver.status(device, never)
  expect(status.versions).toEqual({ app: '2.4.0' })
  expect(status.slots.some((slot) => slot.pending)).toBe(false)
})

test('a lying version is seen through by its hash', async () => {
  const { sim, device } = await start({ version: '2.4.0', faults: { lie: true } })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  const status = await driver.status(device, never)
  expect(status.versions).toEqual({ app: '2.5.0' })
  expect(status.slots[0]).toMatchObject({ active: true })
  expect(status.slots[0]?.hash).not.toBe(image.deviceHash)
  await expect(driver.confirm?.(device, [image], never)).rejects.toMatchObject({ code: 'device.reverted' })
})

test.each([
  ['an old MCUboot that drops version 2', { onlyVersion1: true }],
  ['a device that does not tell its buffers', { hasParams: false }],
  ['a device that knows no resuming', { resumes: false }],
  ['a device with 128-byte flash words and small buffers', { align: 128, bufSize: 384 }],
])('%s is updated all the same', async (_, config) => {
  const { sim, device } = await start({ config })
  const image = await update(device, '2.5.0')
  await driver.attach(device, [image], never)
  await back(sim, 1)
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: true })
})

test('two images of one device: written one after the other, started and confirmed together', async () => {
  const make = (version: string) => makeFirmware({ type: 'acme-crane', version, size: 4000 })
  const { sim, device: one } = await start({ images: [make('1.0.0'), make('7.0.0')] })
  const [app] = one.profile.components
  if (!app) return
  const radioVersion = { source: { from: 'smp.image', image: 1 } } as const
  const radio = { ...app, id: 'radio', image: 1, version: radioVersion }
  const device = { ...one, profile: { ...one.profile, components: [app, radio] } }
  const images = [
    await imageOf(make('1.1.0')),
    await imageOf(make('7.1.0'), 'mcuboot', { component: 'radio', index: 1 }),
  ]
  for (const image of images) await driver.write(device, image, watched(), never)
  await driver.attach(device, images, never)
  await back(sim, 1)
  expect((await driver.status(device, never)).versions).toEqual({ app: '1.1.0', radio: '7.1.0' })
  await driver.confirm?.(device, images, never)
  const { slots } = await driver.status(device, never)
  expect(slots.filter(({ active }) => active).map(({ component, confirmed }) => [component, confirmed])).toEqual([
    ['app', true],
    ['radio', true],
  ])
  sim.powerCycle()
  await expect.poll(() => sim.state().running).toBe(true)
  expect((await driver.status(device, never)).versions).toEqual({ app: '1.1.0', radio: '7.1.0' })
})

test('an image for another component index is not found in the first', async () => {
  const { device } = await start()
  const image = await imageOf(makeFirmware({ type: 'acme-crane', version: '2.5.0', size: 4000 }), 'mcuboot', {
    index: 1,
  })
  await expect(driver.write(device, image, watched(), never)).rejects.toMatchObject({ code: 'device.no-slot' })
})

test('another type of device is not mine', async () => {
  const { sim, device } = await start()
  expect(await driver.identify({ ...device, profile: profileOf('acme-gateway') }, never)).toBeNull()
  sim.setFaults({ stall: true })
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.no-answer' })
})

test('identity sources that cannot be read: another device without a type, an unhealthy one with it', async () => {
  const { device } = await start()
  const gone = { source: { from: 'smp.shell', argv: ['nothing'] } } as const
  const { type, ...rest } = device.profile.identity
  const withSerial = (identity: object) => ({
    ...device,
    profile: { ...device.profile, identity: identity as typeof rest },
  })
  expect(await driver.identify(withSerial({ serial: gone }), never)).toBeNull()
  await expect(driver.identify(withSerial({ type, serial: gone }), never)).rejects.toMatchObject({
    code: 'device.identity-missing',
  })
})

test('a link that is lost in mid-upload is said at once', async () => {
  const { sim, device } = await start({ workMs: 10 })
  const writing = driver.write(device, await firmware('acme-crane', '2.5.0', 80_000), watched(), never)
  setTimeout(() => void sim.unplug(), 150)
  await expect(writing).rejects.toMatchObject({ code: 'link.lost' })
})

test('a wish to stop ends an upload at once', async () => {
  const { device } = await start({ workMs: 10 })
  const stop = new AbortController()
  const writing = driver.write(device, await firmware('acme-crane', '2.5.0', 80_000), watched(), stop.signal)
  setTimeout(() => stop.abort(), 100)
  await expect(writing).rejects.toMatchObject({ code: 'cancelled' })
})
