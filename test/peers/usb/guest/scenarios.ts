import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { DeviceRegistry } from '../../../../electron/host/device/registry/registry.ts'
import { usbOpener } from '../../../../electron/host/link/usb.ts'
import { usbFinder } from '../../../../electron/host/link/usb-finder.ts'
import { usbNudges } from '../../../../electron/host/link/usb-hotplug.ts'
import { thruster } from '../../../../electron/sim/machines/thruster.ts'
import type { DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import { Profile } from '../../../../shared/model/profile.ts'
import { fastbootJudged, fastbootUpdate } from './fastboot-scenarios.ts'
import { acmHotPlug, ftdi } from './serial-scenarios.ts'
import type { Sims } from './sim-thread.ts'
import {
  bus,
  clock,
  closing,
  dfuUtil,
  driver,
  intoDfuMode,
  never,
  open,
  plug,
  quietly,
  rawImage,
  until,
} from './tools.ts'

type Scenario = readonly [name: string, run: () => Promise<void>]

const KINDS: readonly [string, Partial<DfuDeviceConfig>][] = [
  ['DFU 1.1, detached by a bus reset', { willDetach: false, transferSize: 2048 }],
  ['DFU 1.1, not tolerant, leaves by itself', { tolerant: false }],
  ['DfuSe, flash that takes time', { dfuse: true, transferSize: 2048, pollMs: 1, eraseMs: 2 }],
  ['DfuSe, requests of 4096 bytes', { dfuse: true, transferSize: 4096 }],
]

export function scenarios(sims: Sims): readonly Scenario[] {
  return [
    ...KINDS.map(([name, config]): Scenario => [`our driver: ${name}`, () => wholeUpdate(sims, config)]),
    ['our driver: a device that is pulled in mid-transfer', () => pulled(sims)],
    ['our driver: a device that goes mute half-way', () => mute(sims)],
    ['our driver: a block that is refused, by STALL and status', () => refused(sims)],
    ['our driver: an interface that somebody else holds', () => held(sims)],
    ['registry: hot-plug, identity through re-enumeration, unplug', () => registry(sims)],
    ['serial: CDC-ACM, hot-plug, another name, the same device', () => acmHotPlug(sims)],
    ['serial: FTDI, YMODEM to lrzsz, torn off and begun anew', () => ftdi()],
    ['fastboot: our driver, over bulk transfers', () => fastbootUpdate(sims)],
    ["fastboot: Android's client judges the device", () => fastbootJudged(sims)],
    ['dfu-util judges the device: DFU 1.1', () => judged(sims)],
    ['dfu-util judges the device: DfuSe', () => judgedDfuse(sims)],
    ['dfu-util reads back what our driver wrote', () => crossed(sims)],
  ]
}

const FIRMWARE = thrusterFirmware('1.1.0', 50_000)
const IMAGE = rawImage(FIRMWARE, '1.1.0')
const same = (flash: Uint8Array, wanted: Uint8Array = FIRMWARE) =>
  ok(Buffer.compare(flash.subarray(0, wanted.length), wanted) === 0, 'the flash is not what was written')

async function wholeUpdate(sims: Sims, config: Partial<DfuDeviceConfig>): Promise<void> {
  const { id, serial } = await plug(sims, config)
  const before = await open(serial, 'application')
  await closing(before.link, async () => {
    equal((await driver.identify(before, never))?.serial, serial)
    deepEqual((await driver.status(before, never)).versions, { app: '1.0.0' })
    const temperature = { from: 'usb.vendor', request: 17, value: 0, index: 0, as: 'i16' } as const
    equal(await driver.read(before, temperature, never), 315)
  })
  const device = await intoDfuMode(serial)
  await closing(device.link, async () => {
    equal((await driver.identify(device, never))?.serial, serial)
    await driver.write(device, IMAGE, quietly, never)
    equal((await sims.report(id)).restarts, 0)
    await driver.attach(device, [IMAGE], never)
  })
  const after = await open(serial, 'application')
  await closing(after.link, async () => {
    deepEqual((await driver.status(after, never)).versions, { app: '1.1.0' })
  })
  const { flash, restarts, version } = await sims.report(id)
  same(flash)
  deepEqual({ restarts, version }, { restarts: 1, version: '1.1.0' })
  await sims.pull(id)
}

async function pulled(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims, { dfuse: true, pollMs: 5 })
  const device = await intoDfuMode(serial)
  let at = 0
  const writing = driver.write(device, IMAGE, { ...quietly, progress: (done) => (at = done) }, never)
  const outcome = rejects(writing, { code: 'link.lost' })
  await until('half of it is written', async () => at > FIRMWARE.length / 3)
  const began = performance.now()
  await sims.pull(id)
  await outcome
  ok(performance.now() - began < 3000, 'noticed too late')
  await closing(device.link, () =>
    rejects(
      driver.status(device, never).then(() => driver.identify(device, never)),
      { code: 'link.lost' },
    ),
  )
}

async function mute(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims)
  const device = await intoDfuMode(serial)
  await sims.faults(id, { muteAt: 20_000 })
  await closing(device.link, () => rejects(driver.write(device, IMAGE, quietly, never), { code: 'link.timeout' }))
  await sims.pull(id)
}

async function refused(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims, { dfuse: true })
  const device = await intoDfuMode(serial)
  await sims.faults(id, { refuseBlock: 5 })
  await closing(device.link, async () => {
    const detail = { reason: 'errPROG', status: 6, during: 'write' }
    await rejects(driver.write(device, IMAGE, quietly, never), { code: 'device.write-failed', detail })
    // The same conversation goes on where the device lets it.
    await sims.faults(id, { refuseBlock: null })
    await driver.write(device, IMAGE, quietly, never)
  })
  same((await sims.report(id)).flash)
  await sims.pull(id)
}

async function held(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims)
  const holder = await intoDfuMode(serial)
  const second = await open(serial, 'dfu')
  if (holder.link.kind !== 'usb') throw new Error('not a USB link')
  await holder.link.claim(0, never)
  await rejects(driver.write(second, IMAGE, quietly, never), { code: 'link.busy' })
  const { code, output } = await dfuUtil('-d', '1209:0002', '-U', '/run/tmp/held.bin')
  ok(code !== 0, output)
  await holder.link.close()
  await closing(second.link, () => driver.write(second, IMAGE, quietly, never))
  await sims.pull(id)
}

async function registry(sims: Sims): Promise<void> {
  const profile = Profile.parse(thruster.profile)
  const registry = new DeviceRegistry({
    openers: [usbOpener(bus)],
    // So seldom that only hot-plug events can be what is noticed.
    finders: [usbFinder({ bus, wanted: (vid) => vid === '1209', every: 600_000, nudges: usbNudges })],
    drivers: [driver],
    clock,
    store: { known: () => [], appeared: async () => 'ada', saveStatus() {}, saveSeen() {} },
    profiles: () => [profile],
    nameOf: () => null,
    credential: async () => null,
    canonical: async (address) => address,
  })
  registry.start()
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const { id, serial } = await plug(sims)
    const key = `acme-thruster:${serial}`
    const view = async () => registry.get(key)
    await until('present', async () => (await view())?.presence === 'present' && (await view())?.status)
    const address = (await view())?.link?.address
    match(address ?? '', /^usb:\d+-\d+$/)
    equal((await view())?.status?.mode, 'application')
    await registry.use(key, ({ driver, device }) => driver.detach?.(device, never) ?? Promise.resolve(), never)
    await until('in DFU mode', async () => (await view())?.status?.mode === 'bootloader')
    equal(registry.list().length, 1)
    await registry.use(
      key,
      async ({ driver, device }) => {
        await driver.write(device, IMAGE, quietly, never)
        await driver.attach(device, [IMAGE], never)
      },
      never,
    )
    await registry.waitForReturn(key, 20_000, never)
    await until('the new version', async () => (await view())?.status?.versions.app === '1.1.0')
    await sims.pull(id)
    await until('absent', async () => (await view())?.presence !== 'present')
  } finally {
    await registry.close()
  }
}

async function judged(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims, { transferSize: 2048 })
  await (await intoDfuMode(serial)).link.close()
  const list = await dfuUtil('-l')
  match(list.output, new RegExp(`Found DFU: \\[1209:0002\\].*serial="${serial}"`))
  writeFileSync('/run/tmp/new.bin', FIRMWARE)
  const down = await dfuUtil('-d', '1209:0002', '-D', '/run/tmp/new.bin')
  equal(down.code, 0, list.output + down.output)
  same((await sims.report(id)).flash)
  const up = await dfuUtil('-d', '1209:0002', '-U', '/run/tmp/back.bin')
  equal(up.code, 0, up.output)
  same(readFileSync('/run/tmp/back.bin'))
  await sims.pull(id)
}

async function judgedDfuse(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims, { dfuse: true, transferSize: 2048 })
  await (await intoDfuMode(serial)).link.close()
  writeFileSync('/run/tmp/se.bin', FIRMWARE)
  const down = await dfuUtil('-d', '1209:0002', '-a', '0', '-s', '0x08000000', '-D', '/run/tmp/se.bin')
  equal(down.code, 0, down.output)
  same((await sims.report(id)).flash)
  const where = `0x08000000:${FIRMWARE.length}`
  const up = await dfuUtil('-d', '1209:0002', '-a', '0', '-s', where, '-U', '/run/tmp/se-back.bin')
  equal(up.code, 0, up.output)
  same(readFileSync('/run/tmp/se-back.bin'))
  const leave = await dfuUtil('-d', '1209:0002', '-a', '0', '-s', '0x08000000:leave', '-D', '/run/tmp/se.bin')
  match(leave.output, /File downloaded successfully/)
  await (await open(serial, 'application')).link.close()
  await sims.pull(id)
}

async function crossed(sims: Sims): Promise<void> {
  const { id, serial } = await plug(sims, { dfuse: true })
  const device = await intoDfuMode(serial)
  await closing(device.link, () => driver.write(device, IMAGE, quietly, never))
  const where = `0x08000000:${FIRMWARE.length}`
  const up = await dfuUtil('-d', '1209:0002', '-a', '0', '-s', where, '-U', '/run/tmp/crossed.bin')
  equal(up.code, 0, up.output)
  same(readFileSync('/run/tmp/crossed.bin'))
  await sims.pull(id)
}
