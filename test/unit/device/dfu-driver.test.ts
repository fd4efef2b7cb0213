import { afterEach, expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import type { DfuDeviceConfig } from '../../../electron/sim/usb/dfu-device.ts'
import type { DfuFaults } from '../../../electron/sim/usb/dfu-function.ts'
import { thrusterFirmware } from '../../../electron/sim/usb/firmware.ts'
import type { DfuQuirks } from '../../../shared/model/dfu-binding.ts'
import { makeDfu, makeDfuse } from '../../fixtures/artifacts/makers.ts'
import { imageOf, never, watched } from '../../fixtures/devices/bench.ts'
import { type DfuScene, dfuImage, dfuScene, driver } from '../../fixtures/devices/dfu-bench.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

function scene(config: Partial<DfuDeviceConfig> = {}, quirks: Partial<DfuQuirks> = {}): DfuScene {
  const made = dfuScene(config, quirks)
  cleanUps.push(() => made.close())
  return made
}

async function inDfuMode(config: Partial<DfuDeviceConfig> = {}, quirks: Partial<DfuQuirks> = {}) {
  const made = scene(config, quirks)
  await driver.detach?.(await made.open(), never)
  return { ...made, device: await made.open() }
}

async function update(made: DfuScene, version: string): Promise<void> {
  const image = await dfuImage(version)
  await driver.detach?.(await made.open(), never)
  const device = await made.open()
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
}

const versionsOf = async (device: Device) => (await driver.status(device, never)).versions

const KINDS: readonly [string, Partial<DfuDeviceConfig>][] = [
  ['DFU 1.1, tolerant, by itself', {}],
  ['DFU 1.1, tolerant, by bus reset', { willDetach: false }],
  ['DFU 1.1, not tolerant, by itself', { tolerant: false }],
  ['DFU 1.1, not tolerant, by bus reset', { tolerant: false, willDetach: false }],
  ['DFU 1.1 that cannot be read', { canUpload: false }],
  ['DFU 1.1 with odd requests and slow flash', { transferSize: 52, pollMs: 1 }],
  ['DfuSe', { dfuse: true, transferSize: 2048 }],
  ['DfuSe that cannot be read, slow flash', { dfuse: true, canUpload: false, pollMs: 1, eraseMs: 2 }],
  ['DfuSe with requests longer than systems pass on', { dfuse: true, transferSize: 8192, sectorSize: 16_384 }],
]

test.each(KINDS)('%s: detach, write, start, and the new version is read from the application', async (_, config) => {
  const made = scene(config)
  const device = await made.open()
  expect(await driver.identify(device, never)).toMatchObject({ type: 'acme-thruster', serial: made.sim.config.serial })
  expect(await driver.status(device, never)).toMatchObject({ mode: 'application', versions: { app: '1.0.0' } })
  const image = await dfuImage('1.1.0')

  await driver.detach?.(device, never)
  const boot = await made.open()
  expect(await driver.identify(boot, never)).toMatchObject({ serial: made.sim.config.serial })
  expect(await driver.status(boot, never)).toEqual({ mode: 'bootloader', versions: { app: null }, slots: [] })
  // Told again, after a crash of the console say, it is where it should be already.
  await driver.detach?.(boot, never)
  const options = watched()
  expect(await driver.write(boot, image, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect(options.seen.length).toBeGreaterThan(5)
  // Written is not started: that is an act of its own.
  expect(made.sim).toMatchObject({ mode: 'dfu', restarts: 0 })

  await driver.attach(boot, [image], never)
  const after = await made.open()
  expect(await driver.status(after, never)).toMatchObject({ mode: 'application', versions: { app: '1.1.0' } })
  await driver.attach(after, [image], never)
  expect(made.sim.restarts).toBe(1)
})

test('signals are asked of the application, and never of the boot loader', async () => {
  const made = scene()
  const device = await made.open()
  const stopped = { from: 'usb.vendor', request: 16, value: 0, index: 0, as: 'u8' } as const
  expect(await driver.read(device, stopped, never)).toBe(1)
  made.sim.setSignals({ 'propeller.stopped': false, 'motor.temperature': -3.5 })
  expect(await driver.read(device, stopped, never)).toBe(0)
  expect(await driver.read(device, { ...stopped, request: 17, as: 'i16' }, never)).toBe(-35)
  await expect(driver.read(device, { ...stopped, request: 99 }, never)).rejects.toMatchObject({
    code: 'device.refused',
  })
  await expect(driver.read(device, { ...stopped, as: 'u16' }, never)).rejects.toMatchObject({
    code: 'reading.unreadable',
  })
  expect(await driver.read(device, { from: 'usb', field: 'product', match: 'Bow (\\w+)' }, never)).toBe('thruster')
  await driver.detach?.(device, never)
  await expect(driver.read(await made.open(), stopped, never)).rejects.toMatchObject({ code: 'reading.missing' })
})

test('an application without a DFU interface is one of mine, and cannot be told to detach', async () => {
  const made = scene({ runtimeDfu: false })
  const device = await made.open()
  expect(await driver.identify(device, never)).not.toBeNull()
  expect(await versionsOf(device)).toEqual({ app: '1.0.0' })
  await expect(driver.detach?.(device, never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { reason: 'no-dfu-interface' },
  })
})

test('a device of other ids, or of another product, is not mine', async () => {
  const made = scene()
  const device = await made.open()
  if (device.binding.driver !== 'dfu') return
  const withUsb = (usb: typeof device.binding.usb) => ({
    ...device,
    binding: { ...device.binding, usb } as typeof device.binding,
  })
  expect(await driver.identify(withUsb([{ vid: '0483', pid: 'df11' }]), never)).toBeNull()
  expect(await driver.identify(withUsb([{ vid: '1209', pid: '0001', product: 'Other' }]), never)).toBeNull()
  expect(await driver.identify(withUsb([{ vid: '1209', pid: '0001', product: 'Bow thruster' }]), never)).not.toBeNull()
})

test('the application is never written', async () => {
  const made = scene()
  await expect(driver.write(await made.open(), await dfuImage('1.1.0'), watched(), never)).rejects.toMatchObject({
    code: 'device.write-failed',
    detail: { reason: 'not-in-dfu-mode' },
  })
  expect(made.sim.version).toBe('1.0.0')
})

const FAULTS: readonly [string, Partial<DfuFaults>, string, object, Partial<DfuDeviceConfig>?][] = [
  ['is mute', { mute: true }, 'link.timeout', {}],
  ['goes mute half-way', { muteAt: 10_000 }, 'link.timeout', {}],
  ['loses power', { powerLossAt: 10_000 }, 'link.lost', {}],
  ['cannot program a block', { refuseBlock: 3 }, 'device.write-failed', { reason: 'errPROG', during: 'write' }],
  ['says it wrote and did not', { lie: true }, 'device.write-failed', { reason: 'read-back-differs' }],
  ['answers garbage', { garbage: true }, 'device.bad-frame', { what: 'dfu-status' }],
]

for (const dfuse of [false, true]) {
  test.each(FAULTS)(
    `${dfuse ? 'DfuSe' : 'DFU 1.1'}: a device that %s is no success`,
    async (_, faults, code, detail) => {
      const { device, sim } = await inDfuMode({ dfuse, eraseMs: 1 })
      sim.setFaults(faults)
      await expect(driver.write(device, await dfuImage('1.1.0'), watched(), never)).rejects.toMatchObject({
        code,
        detail,
      })
    },
  )
}

test('what the boot loader says of the image is said', async () => {
  const { device, sim } = await inDfuMode()
  sim.setFaults({ refuseFirmware: true })
  await expect(driver.write(device, await dfuImage('1.1.0'), watched(), never)).rejects.toMatchObject({
    code: 'device.image-rejected',
    detail: { reason: 'errFIRMWARE', status: 10, during: 'manifest' },
  })
})

test('a device that is pulled in mid-transfer is lost at once', async () => {
  const { device, sim, bus } = await inDfuMode({ pollMs: 5 })
  const port = Number(device.link.address.split('-')[1])
  const writing = driver.write(device, await dfuImage('1.1.0', 60_000), watched(), never)
  setTimeout(() => bus.unplug(port), 60)
  await expect(writing).rejects.toMatchObject({ code: 'link.lost' })
  expect(sim.version).toBe('1.0.0')
})

test('a device that does not let itself be read although it says so is written all the same', async () => {
  const { device, sim, open } = await inDfuMode({ dfuse: true })
  sim.setFaults({ readProtected: true })
  const image = await dfuImage('1.1.0')
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  expect(await versionsOf(await open())).toEqual({ app: '1.1.0' })
})

test('an image beyond the memory, or in a layout that says nothing, is refused before anything is erased', async () => {
  const { device, sim } = await inDfuMode({ dfuse: true, sectors: 8 })
  await expect(driver.write(device, await dfuImage('1.1.0', 20_000), watched(), never)).rejects.toMatchObject({
    code: 'device.image-rejected',
    detail: { reason: 'outside-memory', address: '0x8004000' },
  })
  const other = await inDfuMode({ dfuse: true }, { layout: 'Internal Flash' })
  await expect(driver.write(other.device, await dfuImage('1.1.0'), watched(), never)).rejects.toMatchObject({
    code: 'device.bad-frame',
    detail: { what: 'memory-layout' },
  })
  expect([sim.version, other.sim.version]).toEqual(['1.0.0', '1.0.0'])
})

test('an error that the last host left, or that the device starts in, is cleared', async () => {
  const { device, sim } = await inDfuMode({ dfuse: true })
  // A request out of order leaves it in dfuERROR.
  expect(sim.dfu.control(1, 2, 4096, new Uint8Array(4096))).toBe('stall')
  expect(sim.dfu.state).toBe(10)
  await driver.write(device, await dfuImage('1.1.0'), watched(), never)
  expect(sim.version).toBe('1.1.0')
})

test('waits that a device claims are believed up to a limit, and a profile may know better', async () => {
  const { device, sim } = await inDfuMode({ dfuse: true, sectors: 16 }, { pollMs: 1 })
  sim.setFaults({ claimsMs: 0xffffff })
  await driver.write(device, await dfuImage('1.1.0'), watched(), never)
  expect(sim.version).toBe('1.1.0')
})

test('quirks: mass erase, blocks in order, small requests', async () => {
  const { device, sim } = await inDfuMode(
    { dfuse: true, transferSize: 2048 },
    { massErase: true, ascending: true, transferSize: 512 },
  )
  await driver.write(device, await dfuImage('1.1.0'), watched(), never)
  expect(sim.version).toBe('1.1.0')
})

test('a DfuSe write that was cut off leaves no entry point, and is never started', async () => {
  const { device, sim, open } = await inDfuMode({ dfuse: true })
  sim.setFaults({ refuseBlock: 15 })
  const image = await dfuImage('1.1.0')
  await expect(driver.write(device, image, watched(), never)).rejects.toMatchObject({ code: 'device.write-failed' })
  expect(sim.version).toBeNull()
  sim.setFaults({ refuseBlock: null })
  await expect(driver.restore?.(device, [image], never)).rejects.toMatchObject({
    code: 'device.not-restored',
    detail: { reason: 'erased' },
  })
  expect(sim).toMatchObject({ mode: 'dfu', restarts: 0 })
  // Written again from the beginning, it is whole.
  const again = await open()
  await driver.write(again, image, watched(), never)
  await driver.attach(again, [image], never)
  expect(await versionsOf(await open())).toEqual({ app: '1.1.0' })
})

test.each<[string, Partial<DfuDeviceConfig>]>([
  ['DFU 1.1', {}],
  ['DFU 1.1, not tolerant', { tolerant: false }],
  ['DfuSe', { dfuse: true }],
])('%s: restoring leads back to the old version while it is there', async (_, config) => {
  const { device, open } = await inDfuMode(config)
  await driver.restore?.(device, [await dfuImage('1.1.0')], never)
  expect(await versionsOf(await open())).toEqual({ app: '1.0.0' })
})

test.each<[string, Partial<DfuDeviceConfig>]>([
  ['DFU 1.1', {}],
  ['DfuSe', { dfuse: true }],
])('%s: restoring never starts the new version', async (_, config) => {
  const { device, sim } = await inDfuMode(config)
  const image = await dfuImage('1.1.0')
  await driver.write(device, image, watched(), never)
  await expect(driver.restore?.(device, [image], never)).rejects.toMatchObject({
    code: 'device.not-restored',
    detail: { reason: 'new-version-written' },
  })
  expect(sim.mode).toBe('dfu')
})

test('an image that is only held is dropped, and the old version starts', async () => {
  const { device, open } = await inDfuMode({ tolerant: false })
  const image = await dfuImage('1.1.0')
  await driver.write(device, image, watched(), never)
  await driver.restore?.(device, [image], never)
  expect(await versionsOf(await open())).toEqual({ app: '1.0.0' })
})

test('a device that stays where it is when told to go', async () => {
  const made = scene()
  made.sim.setFaults({ stays: true })
  await expect(driver.detach?.(await made.open(), never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { what: 'detach', reason: 'stayed' },
  })
  made.sim.setFaults({ stays: false })
  await driver.detach?.(await made.open(), never)
  const device = await made.open()
  const image = await dfuImage('1.1.0')
  await driver.write(device, image, watched(), never)
  made.sim.setFaults({ stays: true })
  await expect(driver.attach(device, [image], never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { what: 'restart' },
  })
})

test('a download that was lost before the start is not called started', async () => {
  const { device, open, sim } = await inDfuMode({ tolerant: false })
  const image = await dfuImage('1.1.0')
  await driver.write(device, image, watched(), never)
  sim.dfu.control(6, 0, 0, new Uint8Array())
  await expect(driver.attach(await open(), [image], never)).rejects.toMatchObject({
    code: 'device.write-failed',
    detail: { reason: 'download-lost' },
  })
})

test('a device without anything to run waits in DFU mode, and is brought to life', async () => {
  const made = scene({ dfuse: true, firmware: new Uint8Array() })
  const device = await made.open()
  expect(await driver.status(device, never)).toMatchObject({ mode: 'bootloader' })
  await update(made, '1.1.0')
  expect(await versionsOf(await made.open())).toEqual({ app: '1.1.0' })
})

test('a wish to stop ends a wait at once', async () => {
  const { device } = await inDfuMode({ dfuse: true, eraseMs: 5000 })
  const stop = new AbortController()
  const writing = driver.write(device, await dfuImage('1.1.0'), watched(), stop.signal)
  setTimeout(() => stop.abort(), 50)
  await expect(writing).rejects.toMatchObject({ code: 'cancelled' })
})

test('bytes that are not what was verified end the write', async () => {
  const { device } = await inDfuMode()
  const image = { ...(await dfuImage('1.1.0')), read: async () => thrusterFirmware('1.1.0').subarray(0, 3) }
  await expect(driver.write(device, image, watched(), never)).rejects.toMatchObject({ code: 'artifact.corrupt' })
})

test('a file with a DFU suffix: the suffix stays here, and names the device it is for', async () => {
  const { device, sim } = await inDfuMode()
  const firmware = thrusterFirmware('1.1.0')
  const own = await imageOf(makeDfu(firmware, { vendor: 0x1209, product: 0x0002 }), 'dfu', { version: '1.1.0' })
  await driver.write(device, own, watched(), never)
  expect(sim.dfu.installed).toBe(firmware.length)
  expect(Buffer.compare(sim.flash.bytes.subarray(0, firmware.length), firmware)).toBe(0)
  const other = await imageOf(makeDfu(firmware, { vendor: 0x0483, product: 0xdf11 }), 'dfu')
  await expect(driver.write(device, other, watched(), never)).rejects.toMatchObject({
    code: 'device.incompatible',
    detail: { found: '0483:df11' },
  })
})

test('a DfuSe file: every area to its own address, two of them in one sector', async () => {
  const { device, sim } = await inDfuMode({ dfuse: true })
  const firmware = thrusterFirmware('1.1.0', 9000)
  const [settings, table] = [Buffer.alloc(300, 0x5a), Buffer.alloc(100, 0xa5)]
  const elements = [
    { address: 0x0800_5000, bytes: settings },
    { address: 0x0800_0000, bytes: firmware },
    { address: 0x0800_5200, bytes: table },
  ]
  const file = makeDfuse([{ alternate: 0, name: 'Internal Flash', elements }], { vendor: 0x1209, product: 0xffff })
  const image = await imageOf(file, 'dfuse', { version: '1.1.0' })
  const options = watched()
  await driver.write(device, image, options, never)
  expect(options.seen.at(-1)).toBe(image.length)
  for (const { address, bytes } of elements) {
    expect(Buffer.compare(sim.flash.read(address, bytes.length), bytes)).toBe(0)
  }
  const plain = await inDfuMode()
  await expect(driver.write(plain.device, image, watched(), never)).rejects.toMatchObject({
    code: 'artifact.wrong-type',
  })
  // Nothing was touched: the old version may start.
  await driver.restore?.(plain.device, [image], never)
  expect(await versionsOf(await plain.open())).toEqual({ app: '1.0.0' })
})
