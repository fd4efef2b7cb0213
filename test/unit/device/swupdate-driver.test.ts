import { afterEach, expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { swupdateDriver } from '../../../electron/host/device/drivers/swupdate/driver.ts'
import { makeSystem } from '../../../electron/sim/artifacts/demo.ts'
import { makeSwu } from '../../../electron/sim/artifacts/swu-maker.ts'
import { type StartWeb, startWeb } from '../../../electron/sim/start-web.ts'
import type { WebSim } from '../../../electron/sim/swupdate/web-sim.ts'
import { AppError } from '../../../shared/errors.ts'
import { imageOf, never, openDevice, profileOf, watched } from '../../fixtures/devices/bench.ts'

const timing = { request: 1000, between: 40, afterBreak: 400, words: 60, look: 20, goDown: 2000 }
const driver = swupdateDriver({ timing })
const profile = { ...profileOf('acme-winch'), timing: { restartWithin: '5s', stallAfter: '2s' } }
const account = { username: 'ada', password: 'secret' }

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

async function start(options: Partial<StartWeb> = {}, login: typeof account | null = options.account ?? null) {
  const sim = await startWeb({ kind: 'swupdate', type: 'acme-winch', serial: 'W-1', bootMs: 60, ...options })
  cleanUps.push(() => sim.close())
  const device = await openDevice(sim.address, 'acme-winch', { profile, ...(login && { credential: login }) })
  cleanUps.push(() => device.link.close())
  return { sim, device }
}

const system = async (version: string, options: Partial<Parameters<typeof makeSystem>[0]> = {}) =>
  imageOf(await makeSystem({ type: 'acme-winch', version, size: 300_000, ...options }), 'swu')

const write = async (device: Device, version: string, options = watched()) =>
  driver.write(device, await system(version), options, never)

async function back(sim: WebSim) {
  await expect.poll(() => sim.state(), { interval: 5 }).toMatchObject({ restarts: 1, running: true })
}

test('identify, status, read, write, restart', async () => {
  const { sim, device } = await start()
  expect(await driver.identify(device, never)).toEqual({ type: 'acme-winch', serial: 'W-1', hardware: '1.2' })
  expect(await driver.status(device, never)).toMatchObject({ versions: { system: '1.0.0' } })
  const image = await system('1.1.0')
  const options = watched()
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect(sim.state().version).toBe('1.0.0')
  await driver.attach(device, [image], never)
  await back(sim)
  expect(await driver.status(device, never)).toMatchObject({ versions: { system: '1.1.0' } })
  // Asked again after a crash, it has nothing left to do.
  await driver.attach(device, [image], never)
  expect(sim.state().restarts).toBe(1)
})

test('with a login: for reading, for the upload and for the WebSocket', async () => {
  const { sim, device } = await start({ account })
  expect(await driver.identify(device, never)).toMatchObject({ serial: 'W-1' })
  await write(device, '1.1.0')
  await driver.attach(device, [await system('1.1.0')], never)
  await back(sim)
  expect(sim.state().version).toBe('1.1.0')
})

test.each([
  ['no login', null],
  ['a wrong login', { username: 'ada', password: 'wrong' }],
])('%s is unauthorised, at once', async (_, login) => {
  const { device } = await start({ account }, login)
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.unauthorised' })
  await expect(write(device, '1.1.0')).rejects.toMatchObject({ code: 'device.unauthorised' })
})

test.each([
  [
    'corrupt',
    { images: [{ name: 'a', bytes: Buffer.from('x'), device: '/d', claimedSha256: 'a'.repeat(64) }] },
    {},
    'device.image-corrupt',
  ],
  ['for other hardware', { hardware: ['9.9'] }, {}, 'device.incompatible'],
  ['unsigned', {}, { signed: true }, 'device.signature-rejected'],
  ['a downgrade', {}, { notBelow: '2.0.0' }, 'device.image-rejected'],
] as const)(
  'a package that is %s is refused with its reason, and nothing changes',
  async (_, change, options, code) => {
    const { sim, device } = await start(options)
    const before = sim.state()
    const image = { name: 'a', bytes: Buffer.alloc(1000), device: '/d' }
    const bytes = await makeSwu({ version: '1.1.0', hardware: ['1.2'], images: [image], ...change })
    const facts = {
      kind: 'swu' as const,
      version: '1.1.0',
      hardware: [] as string[],
      deviceHash: null,
      signer: null,
      facts: [],
    }
    const bad = {
      ...(await system('1.1.0')),
      length: bytes.length,
      facts: { ...facts, signature: 'none' as const },
      read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
    }
    await expect(driver.write(device, bad, watched(), never)).rejects.toMatchObject({ code })
    expect(sim.state()).toEqual(before)
    await driver.restore?.(device, [bad], never)
  },
)

test('a watched condition that stops the upload leaves the device as it was', async () => {
  const { sim, device } = await start({ bytesPerSecond: 400_000 })
  let looks = 0
  const options = watched(async () => {
    looks += 1
    if (looks > 2) throw new AppError('condition.changed-while-writing')
  })
  await expect(write(device, '1.1.0', options)).rejects.toMatchObject({ code: 'condition.changed-while-writing' })
  expect(sim.state().version).toBe('1.0.0')
  // The device needs a moment to notice that nobody sends any more.
  const again = () =>
    write(device, '1.1.0').then(
      () => 'written',
      (error: AppError) => error.code,
    )
  await expect.poll(again).toBe('written')
})

test('half a package makes the device complain, but the cause is ours', async () => {
  const { device } = await start()
  const image = await system('1.1.0')
  let served = 0
  const slow = {
    ...image,
    async read(offset: number, length: number) {
      served += 1
      await new Promise((resolve) => setTimeout(resolve, 60))
      return image.read(offset, length)
    },
  }
  const options = watched(async () => {
    if (served > 2) throw new AppError('condition.changed-while-writing')
  })
  await expect(driver.write(device, slow, options, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
})

test('a condition that drops after the device has it all stops nothing: the verdict counts', async () => {
  const { device } = await start({ installMs: 900 })
  let dropped = false
  const options = watched(async () => {
    if (dropped) throw new AppError('condition.changed-while-writing')
  })
  const image = await system('1.1.0')
  setTimeout(() => {
    dropped = true
  }, 300)
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
  expect(dropped).toBe(true)
})

test('conditions are looked at again and again while a slow device takes its time', async () => {
  const { device } = await start({ bytesPerSecond: 500_000 })
  let looks = 0
  await write(
    device,
    '1.1.0',
    watched(async () => {
      looks += 1
      await driver.read(device, { from: 'http.json', path: '/device.json', pointer: '/signals/brake' }, never)
    }),
  )
  expect(looks).toBeGreaterThan(5)
})

test('a second upload while one is under way is refused as busy', async () => {
  const { sim, device } = await start({ bytesPerSecond: 300_000 })
  const first = write(device, '1.1.0')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const other = await openDevice(sim.address, 'acme-winch', { profile })
  await expect(write(other, '1.2.0')).rejects.toMatchObject({ code: 'device.busy' })
  await first
  await other.link.close()
})

test('power that fails in mid-upload is a lost link, and no success', async () => {
  const { sim, device } = await start({ faults: { powerLossAt: 100_000 } })
  await expect(write(device, '1.1.0')).rejects.toMatchObject({
    code: expect.stringMatching(/^link\.lost|verdict-missed/),
  })
  await back(sim)
  expect(sim.state().version).toBe('1.0.0')
  await write(device, '1.1.0')
})

test('a device that takes everything and then says nothing: the verdict was missed', async () => {
  const { sim, device } = await start({ installMs: 1500 })
  const options = watched()
  const pull = async () => {
    await expect.poll(() => options.seen.length).toBeGreaterThan(4)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await sim.unplug()
  }
  const [ended] = await Promise.allSettled([write(device, '1.1.0', options), pull()])
  expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'device.verdict-missed' } })
})

test('a restart that the device does by itself, or does not need', async () => {
  const [binding] = profile.drivers
  const { sim, device } = await start()
  const image = await system('1.1.0')
  await driver.write(device, image, watched(), never)
  const none = { ...device, binding: { ...binding, restart: 'none' } as typeof device.binding }
  await driver.attach(none, [image], never)
  expect(sim.state().restarts).toBe(0)
  const self = { ...device, binding: { ...binding, restart: 'self' } as typeof device.binding }
  setTimeout(() => sim.powerCycle(), 100)
  await driver.attach(self, [image], never)
  await back(sim)
  expect(sim.state().version).toBe('1.1.0')
})

test('silence and a wish to stop', async () => {
  const { sim, device } = await start()
  sim.setFaults({ stall: true })
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'link.timeout' })
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  await expect(driver.status(device, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  await sim.close()
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'link.refused' })
  await expect(driver.restore?.(device, [], never)).rejects.toMatchObject({ code: 'device.not-restored' })
})
