import { afterEach, expect, test } from 'vitest'
import type { Device, Image } from '../../electron/host/device/driver.ts'
import { swupdateDriver } from '../../electron/host/device/drivers/swupdate/driver.ts'
import { imageBody } from '../../electron/sim/artifacts/demo.ts'
import { AppError } from '../../shared/errors.ts'
import { imageOf, never, openDevice, watched } from '../fixtures/devices/bench.ts'
import { type DaemonOptions, type SwupdateDaemon, startSwupdate } from './swupdate/daemon.ts'
import { needsSwupdate } from './swupdate/needs-swupdate.ts'

/** The driver against the real SWUpdate daemon of Debian: packages signed by CMS, digest login on. */
const driver = swupdateDriver({ timing: { afterBreak: 3000, goDown: 3000, look: 50 } })

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

async function start(options: DaemonOptions = {}): Promise<{ daemon: SwupdateDaemon; device: Device }> {
  const daemon = await startSwupdate(options)
  cleanUps.push(() => daemon.close())
  const device = await openDevice(daemon.address, 'acme-winch', daemon.account ? { credential: daemon.account } : {})
  cleanUps.push(() => device.link.close())
  return { daemon, device }
}

test('a good package: installed by its verdict, started, and read back', async (context) => {
  needsSwupdate(context)
  const { daemon, device } = await start()
  expect(await driver.identify(device, never)).toEqual({ type: 'acme-winch', serial: 'W-REAL', hardware: '1.2' })
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
  const image = await imageOf(await daemon.package('1.1.0', { size: 3_000_000 }), 'swu')
  expect(image.facts).toMatchObject({ version: '1.1.0', hardware: ['1.2'], signature: 'not-checked' })
  const options = watched()
  expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
  await driver.attach(device, [image], never)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.1.0' })
})

test('without a login the daemon works the same', async (context) => {
  needsSwupdate(context)
  const { daemon, device } = await start({ login: false })
  const image = await imageOf(await daemon.package('1.1.0'), 'swu')
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  expect((await driver.status(device, never)).versions).toEqual({ system: '1.1.0' })
})

/** The daemon needs a moment after a refusal, and says "busy" until then. */
const tryWrite = (device: Device, image: Image) =>
  driver.write(device, image, watched(), never).then(
    () => 'written',
    (error: AppError) => error.code,
  )

const wrongHash = (slot: string) => ({
  images: [
    {
      name: 'rootfs.img',
      bytes: imageBody({ type: 'acme-winch', version: '1.1.0' }),
      device: slot,
      claimedSha256: 'a'.repeat(64),
    },
  ],
})

interface Wrong {
  readonly what: string
  readonly code: string
  readonly reason: string
  readonly make: (daemon: SwupdateDaemon) => Promise<Uint8Array>
}

const WRONG: readonly Wrong[] = [
  {
    what: 'a corrupt payload',
    make: (daemon) => daemon.package('1.1.0', wrongHash(daemon.slot)),
    code: 'device.image-corrupt',
    reason: 'hash-mismatch',
  },
  {
    what: 'another hardware revision',
    make: (daemon) => daemon.package('1.1.0', { hardware: ['9.9'] }),
    code: 'device.incompatible',
    reason: 'hardware',
  },
  {
    what: 'no signature',
    make: (daemon) => daemon.package('1.1.0', { unsigned: true }),
    code: 'device.signature-rejected',
    reason: 'unsigned',
  },
  {
    what: 'a signer it does not know',
    make: (daemon) => daemon.package('1.1.0', { sign: (text) => daemon.stranger.sign(text) }),
    code: 'device.signature-rejected',
    reason: 'signer',
  },
]

test.for(WRONG)(
  '$what is refused, and the slot stays as it was, to the byte',
  async ({ make, code, reason }, context) => {
    needsSwupdate(context)
    const { daemon, device } = await start()
    const before = daemon.slotHash()
    const bytes = Buffer.from(await make(daemon))
    const good = await imageOf(await daemon.package('1.1.0'), 'swu')
    // What the console's own reader would say of the file, where it can read it at all.
    const signature = bytes.includes('sw-description.sig') ? 'not-checked' : 'none'
    const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
    const bad = { ...good, length: bytes.length, read, facts: { ...good.facts, signature } as const }
    const refused = await driver.write(device, bad, watched(), never).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code, detail: { reason } })
    expect(daemon.slotHash()).toBe(before)
    await driver.restore?.(device, [bad], never)
    expect((await driver.status(device, never)).versions).toEqual({ system: '1.0.0' })
    // And, a moment later, it still takes a good one.
    await expect.poll(() => tryWrite(device, good)).toBe('written')
  },
)

test('a downgrade that the daemon was told to refuse', async (context) => {
  needsSwupdate(context)
  const { daemon, device } = await start({ version: '2.0.0', args: ['-N', '2.0.0'] })
  const image = await imageOf(await daemon.package('1.1.0'), 'swu')
  await expect(driver.write(device, image, watched(), never)).rejects.toMatchObject({
    code: 'device.image-rejected',
    detail: { reason: 'downgrade' },
  })
})

test('a wrong login is unauthorised', async (context) => {
  needsSwupdate(context)
  const { daemon } = await start()
  const device = await openDevice(daemon.address, 'acme-winch', {
    credential: { username: 'technician', password: 'no' },
  })
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.unauthorised' })
  await device.link.close()
})

test('an upload that a condition stops leaves the slot as it was, and the daemon ready for the next', async (context) => {
  needsSwupdate(context)
  const { daemon, device } = await start()
  const before = daemon.slotHash()
  const image = await imageOf(await daemon.package('1.1.0', { size: 3_500_000 }), 'swu')
  let served = 0
  const slow = {
    ...image,
    async read(offset: number, length: number) {
      served += 1
      await new Promise((resolve) => setTimeout(resolve, 40))
      return image.read(offset, length)
    },
  }
  const options = watched(async () => {
    if (served > 10) throw new AppError('condition.changed-while-writing')
  })
  await expect(driver.write(device, slow, options, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect(daemon.slotHash()).toBe(before)
  await expect.poll(() => tryWrite(device, image)).toBe('written')
})
