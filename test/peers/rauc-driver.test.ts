import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Device } from '../../electron/host/device/driver.ts'
import { raucDriver } from '../../electron/host/device/drivers/rauc/driver.ts'
import { sshOpener } from '../../electron/host/link/ssh.ts'
import { AppError } from '../../shared/errors.ts'
import { Profile, type Source } from '../../shared/model/profile.ts'
import { clock, imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { type RaucMachine, startRaucMachine } from './rauc/machine.ts'
import { needsRauc } from './rauc/needs-rauc.ts'

/** The driver against the real RAUC of Debian and its service, behind the real OpenSSH. */
const driver = raucDriver()
const code = (expected: string, detail: object = {}) =>
  expect.objectContaining({ code: expected, detail: expect.objectContaining(detail) })

/** One machine for all: each test leaves it running 1.0.0, as it found it. */
let shared: Promise<RaucMachine> | null = null
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})
afterAll(async () => (await shared)?.close())

async function start(): Promise<{ machine: RaucMachine; open: () => Promise<Device> }> {
  shared ??= startRaucMachine()
  const machine = await shared
  const profile = Profile.parse(machine.profile)
  const [binding] = profile.drivers
  const open = async () => {
    const link = await sshOpener().open(machine.sshd.address, { ssh: machine.sshd.access }, never)
    cleanUps.push(() => link.close())
    if (!binding) throw new Error('a profile has drivers')
    return { link, profile, binding, clock, credential: null }
  }
  return { machine, open }
}

const bundleOf = (path: string) => imageOf(readFileSync(path), 'rauc', { component: 'system' })
const slots = async (device: Device) =>
  Object.fromEntries((await driver.status(device, never)).slots.map((slot) => [slot.name, slot]))

test('installed, started on trial, marked good and read back; then back to the other system', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  expect(await driver.identify(device, never)).toEqual({ type: 'acme-gateway', serial: 'GW-REAL', hardware: null })
  expect(await driver.status(device, never)).toMatchObject({ mode: 'application', versions: { system: '1.0.0' } })
  expect(await slots(device)).toMatchObject({
    A: { version: '1.0.0', active: true, pending: false, confirmed: true, permanent: true },
    B: { active: false, pending: false, confirmed: false },
  })

  const image = await bundleOf(machine.bundle('1.1.0'))
  expect(image).toMatchObject({ version: '1.1.0', facts: { hardware: ['board-a'] } })
  const options = watched()
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect(options.seen.filter((done) => done > image.length * 0.75).length).toBeGreaterThan(2)
  expect(await readdir(machine.path('upload'))).toEqual([])
  expect(await slots(device)).toMatchObject({
    A: { active: true, confirmed: true },
    B: { version: '1.1.0', active: false, pending: true },
  })
  // What waits already is not sent again.
  expect(await driver.write(device, image, watched(), never)).toEqual({ alreadyHeld: true })

  await driver.attach(device, [image], never)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.1.0' })
  expect(await slots(device)).toMatchObject({
    A: { active: false, pending: false },
    B: { version: '1.1.0', active: true, confirmed: false, permanent: false },
  })
  // Told to start what runs already, it leaves the trial alone.
  await driver.attach(device, [image], never)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.1.0' })
  await driver.confirm?.(device, [image], never)
  expect(await slots(device)).toMatchObject({ B: { active: true, confirmed: true, permanent: true } })
  machine.reboot()
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.1.0' })

  await driver.rollback?.(device, [image], never)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
  expect(await slots(device)).toMatchObject({
    A: { active: true, confirmed: true },
    B: { active: false, pending: false },
  })
  machine.reboot()
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
})

test('a system that nobody marked good is left at the next start, and marking it good then is refused', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  const image = await bundleOf(machine.bundle('1.2.0'))
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  machine.reboot()
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
  await expect(driver.confirm?.(device, [image], never)).rejects.toEqual(code('device.reverted', { found: '1.0.0' }))
})

test('what RAUC refuses is told by its reason, and the old system runs on', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  const image = await bundleOf(machine.bundle('9.9.9'))
  const attempt = (bytes: Uint8Array) => {
    const whole = { ...image, length: bytes.length, sha256: 'f'.repeat(64) }
    return driver
      .write(
        device,
        { ...whole, read: async (offset, length) => bytes.subarray(offset, offset + length) },
        watched(),
        never,
      )
      .then(
        () => 'written',
        (error: AppError) => error,
      )
  }
  expect(await attempt(readFileSync(machine.bundle('1.1.0', { compatible: 'board-z' })))).toEqual(
    code('device.incompatible', { found: 'board-a', expected: 'board-z' }),
  )
  expect(await attempt(readFileSync(machine.bundle('1.1.0', { signer: 'stranger' })))).toEqual(
    code('device.signature-rejected', { said: expect.stringContaining('signature verification failed') }),
  )
  const turned = readFileSync(machine.bundle('1.1.0'))
  turned[5000] = (turned[5000] ?? 0) ^ 1
  expect(await attempt(turned)).toEqual(code('device.signature-rejected'))
  expect(await attempt(new Uint8Array(5000))).toMatchObject({ code: expect.stringMatching(/^device\./) })
  expect(await readdir(machine.path('upload'))).toEqual([])
  expect(await slots(device)).toMatchObject({
    A: { active: true, confirmed: true },
    B: { active: false, pending: false },
  })
  machine.reboot()
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
  await driver.restore?.(device, [], never)
})

test('a wish to stop while RAUC writes is kept until it is done; what waits then is taken back', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  const image = await bundleOf(machine.bundle('1.3.0'))
  const stop = new AppError('condition.changed-while-writing')
  let installing = false
  const options = watched(async () => {
    if (installing) throw stop
  })
  const progress = {
    ...options,
    progress: (done: number, total: number) => {
      installing ||= done > total * 0.75
      options.progress(done, total)
    },
  }
  const eager = raucDriver({ timing: { between: 1 } })
  await expect(eager.write(device, image, progress, never)).rejects.toBe(stop)
  expect(await slots(device)).toMatchObject({ B: { pending: true } })
  await driver.restore?.(device, [image], never)
  expect(await slots(device)).toMatchObject({ A: { active: true, pending: false }, B: { pending: false } })
  machine.reboot()
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
})

test('signals: a program of the device, and facts of the slots', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  const read = async () =>
    Object.fromEntries(
      await Promise.all(
        device.profile.signals.map(async ({ id, source }) => [id, await driver.read(device, source, never)] as const),
      ),
    )
  expect(await read()).toEqual({
    'door.closed': 'closed',
    'health.selftest': 'pass',
    'boot.slot': 'A',
    'spare.good': 'good',
  })

  writeFileSync(machine.path('door'), 'open\n')
  expect(await read()).toMatchObject({ 'door.closed': 'open' })
  const failing: Source = { from: 'ssh.command', argv: ['cat', machine.path('nowhere')] }
  await expect(driver.read(device, failing, never)).rejects.toEqual(code('reading.missing'))
})

test('a machine without RAUC is another device; a RAUC whose service is down is one that is ill', async (context) => {
  needsRauc(context)
  const { machine, open } = await start()
  const device = await open()
  const calling = (program: string[]): Device => {
    if (device.binding.driver !== 'rauc') throw new Error('it is')
    return { ...device, binding: { ...device.binding, program } }
  }
  expect(await driver.identify(calling(['no-such-program']), never)).toBeNull()
  const deaf = ['env', `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${machine.path('nowhere')}`, 'rauc']
  await expect(driver.identify(calling(deaf), never)).rejects.toEqual(code('device.refused', { what: 'rauc status' }))
})
