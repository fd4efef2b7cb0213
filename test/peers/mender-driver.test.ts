import { beforeAll, expect, test } from 'vitest'
import type { Device, Image } from '../../electron/host/device/driver.ts'
import type { Source } from '../../shared/model/profile.ts'
import { never, watched } from '../fixtures/devices/bench.ts'
import { driver, menderBench, menderImage } from '../fixtures/mender/bench.ts'
import { SERIAL } from '../fixtures/mender/device.ts'
import { type ArtifactKey, newEcKey, newRsaKey } from '../fixtures/mender/keys.ts'

/** The driver against Mender's own client behind OpenSSH's server: virtual devices with two slots. */
let ec: ArtifactKey
beforeAll(() => {
  ec = newEcKey()
})

const write = (device: Device, image: Image) => driver.write(device, image, watched(), never)
const refusal = (work: Promise<unknown>) => work.catch((error: unknown) => error)
const system = async (device: Device) => {
  const { versions, slots } = await driver.status(device, never)
  return {
    runs: versions.system,
    slots: slots.map(({ name, version, pending, confirmed }) => ({ name, version, pending, confirmed })),
  }
}
const running = (version: string, confirmed = true) => ({ name: 'running', version, pending: false, confirmed })
const waiting = (version: string) => ({ name: 'installed', version, pending: true, confirmed: false })

test.for([
  ['ECDSA P-256', newEcKey],
  ['RSA', newRsaKey],
] as const)(
  'an artifact signed with %s: installed, started on trial, committed, read back',
  async ([, makeKey], context) => {
    const key = makeKey()
    const { machine, device, returned } = await menderBench(context, key)
    const before = await device()
    expect(await driver.identify(before, never)).toEqual({ type: 'acme-winch', serial: SERIAL, hardware: 'acme-winch' })
    expect(await system(before)).toEqual({ runs: 'winch-1.0.0', slots: [running('winch-1.0.0')] })

    const image = await menderImage({ name: 'winch-2.0.0', key, size: 400_000 })
    expect(image.facts).toMatchObject({ version: 'winch-2.0.0', signature: 'good' })
    const options = watched()
    expect(await driver.write(before, image, options, never)).toEqual({ alreadyHeld: false })
    expect(options.seen.at(-1)).toBe(image.length)
    expect(await system(before)).toEqual({
      runs: 'winch-1.0.0',
      slots: [running('winch-1.0.0'), waiting('winch-2.0.0')],
    })
    // Called again after a crash it finds that there is nothing to do.
    expect(await write(before, image)).toEqual({ alreadyHeld: true })

    await driver.attach(before, [image], never)
    const after = await returned()
    expect(await system(after)).toEqual({ runs: 'winch-2.0.0', slots: [running('winch-2.0.0', false)] })
    await driver.confirm?.(after, [image], never)
    expect(await system(after)).toEqual({ runs: 'winch-2.0.0', slots: [running('winch-2.0.0')] })
    expect(machine.mender('show-artifact').out).toContain('winch-2.0.0')
    await driver.confirm?.(after, [image], never)
    await expect(driver.rollback?.(after, [image], never)).rejects.toMatchObject({ code: 'device.no-rollback' })
  },
)

test('a trial that is rolled back runs the old version after its restart', async (context) => {
  const { machine, device, returned } = await menderBench(context, ec)
  const image = await menderImage({ name: 'winch-2.0.0', key: ec })
  const before = await device()
  await write(before, image)
  await driver.attach(before, [image], never)
  const trial = await returned()
  expect((await system(trial)).runs).toBe('winch-2.0.0')
  await driver.rollback?.(trial, [image], never)
  const after = await returned()
  expect(await system(after)).toEqual({ runs: 'winch-1.0.0', slots: [running('winch-1.0.0')] })
  expect(machine.mender('commit').code).toBe(2)
})

test('a new version that does not start is left by the boot loader, and what waits is taken back', async (context) => {
  const { device, returned } = await menderBench(context, ec, { boots: false })
  const image = await menderImage({ name: 'winch-2.0.0', key: ec })
  const before = await device()
  await write(before, image)
  await driver.attach(before, [image], never)
  const after = await returned()
  expect(await system(after)).toEqual({ runs: 'winch-1.0.0', slots: [running('winch-1.0.0'), waiting('winch-2.0.0')] })
  // The client would commit it all the same.
  await expect(driver.confirm?.(after, [image], never)).rejects.toMatchObject({ code: 'device.reverted' })
  await driver.restore?.(after, [image], never)
  expect(await system(after)).toEqual({ runs: 'winch-1.0.0', slots: [running('winch-1.0.0')] })
})

test('a payload without a way back is committed before it runs: it counts once the device runs it', async (context) => {
  const { device, returned } = await menderBench(context, ec)
  const image = await menderImage({ name: 'winch-2.0.0', key: ec, module: 'stiff' })
  const before = await device()
  await write(before, image)
  expect(await system(before)).toEqual({ runs: 'winch-1.0.0', slots: [running('winch-1.0.0'), waiting('winch-2.0.0')] })
  expect(await write(before, image)).toEqual({ alreadyHeld: true })
  await driver.attach(before, [image], never)
  expect(await system(await returned())).toEqual({ runs: 'winch-2.0.0', slots: [running('winch-2.0.0')] })
})

test('a payload that runs at once is on trial from then on', async (context) => {
  const { machine, device } = await menderBench(context, ec, { restart: 'none' })
  const first = await menderImage({ name: 'app-1', key: ec, module: 'files', size: 5000 })
  const second = await menderImage({ name: 'app-2', key: ec, module: 'files', size: 6000 })
  const winch = await device()
  await write(winch, first)
  expect(await system(winch)).toEqual({ runs: 'app-1', slots: [running('app-1', false)] })
  await driver.confirm?.(winch, [first], never)
  await write(winch, second)
  expect(await system(winch)).toEqual({ runs: 'app-2', slots: [running('app-2', false)] })
  await driver.rollback?.(winch, [second], never)
  expect(await system(winch)).toEqual({ runs: 'app-1', slots: [running('app-1')] })
  expect(machine.file('files/app')?.length).toBeGreaterThan(0)
  // Its profile knows of no restart, and this one asks for one.
  const slots = await menderImage({ name: 'app-3', key: ec })
  expect(await refusal(write(winch, slots))).toMatchObject({
    code: 'device.refused',
    detail: { reason: 'wants-restart' },
  })
  expect(await system(winch)).toEqual({ runs: 'app-1', slots: [running('app-1')] })
})

test('signals are read from its inventory scripts', async (context) => {
  const { device } = await menderBench(context, ec)
  const winch = await device()
  const read = (script: string, key: string) =>
    refusal(driver.read(winch, { from: 'mender.script', kind: 'inventory', script, key }, never))
  expect(await read('mender-inventory-brake', 'brake')).toBe('set')
  expect(await read('mender-inventory-brake', 'tension_kn')).toBe('0.4')
  expect(await read('mender-inventory-brake', 'nothing')).toMatchObject({ code: 'reading.missing' })
  expect(await read('nothing', 'brake')).toMatchObject({ code: 'reading.missing' })
  const command: Source = {
    from: 'ssh.command',
    argv: ['sh', '-c', 'echo "load: $1"', 'sh', '7 %'],
    match: 'load: (\\d+)',
  }
  expect(await driver.read(winch, command, never)).toBe('7')
  expect(await refusal(driver.read(winch, { from: 'usb', field: 'serial' }, never))).toMatchObject({
    code: 'link.unsupported',
  })
})
