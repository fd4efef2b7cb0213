import { afterEach, expect, test } from 'vitest'
import type { Device } from '../../../electron/host/device/driver.ts'
import { smpDriver } from '../../../electron/host/device/drivers/smp/driver.ts'
import { SmpClient } from '../../../electron/host/protocol/smp/client.ts'
import { resetIntoRecovery } from '../../../electron/host/protocol/smp/os.ts'
import { saveSettings, writeSetting } from '../../../electron/host/protocol/smp/settings.ts'
import { smpTransport } from '../../../electron/host/protocol/smp/transport.ts'
import type { SmpSim } from '../../../electron/sim/smp/smp-sim.ts'
import { type StartSmp, startSmp } from '../../../electron/sim/start-smp.ts'
import type { DriverBinding, Source } from '../../../shared/model/profile.ts'
import { driver, FAST, firmware, never, openDevice, ports, profileOf, watched } from '../../fixtures/devices/bench.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

let serial = 0
async function start(options: Partial<StartSmp> = {}, binding: Partial<DriverBinding> = {}) {
  serial += 1
  const base = { kind: 'smp', type: 'acme-crane', serial: `EX-${serial}`, transport: 'memory', bootMs: 20 } as const
  const sim = await startSmp({ ...base, ...options }, ports)
  cleanUps.push(() => sim.close())
  return { sim, device: await open(sim, binding) }
}

async function open(sim: SmpSim, change: Partial<DriverBinding> = {}): Promise<Device> {
  const profile = profileOf('acme-crane')
  const binding = { ...profile.drivers[0], ...change } as DriverBinding
  const device = await openDevice(sim.address, 'acme-crane', { profile: { ...profile, drivers: [binding] } })
  cleanUps.push(() => device.link.close())
  return device
}

/** Another client for a moment: two on one link would take each other's answers. */
async function aside(sim: SmpSim, work: (client: SmpClient) => Promise<unknown>): Promise<void> {
  const { link } = await openDevice(sim.address, 'acme-crane')
  if (link.kind !== 'memory') throw new Error('a link in memory')
  await work(new SmpClient(smpTransport(link), 140))
  await link.close()
}

async function back(sim: SmpSim, restarts: number): Promise<void> {
  await expect.poll(() => sim.state(), { interval: 5 }).toMatchObject({ restarts, running: true })
}

test.each<[Source, string | number]>([
  [{ from: 'smp.setting', name: 'unit/name', as: 'text' }, 'Simulated'],
  [{ from: 'smp.setting', name: 'unit/hours', as: 'u32' }, 1234],
  [{ from: 'smp.setting', name: 'unit/hours', as: 'hex' }, 'd2040000'],
  [{ from: 'smp.task', task: 'main', field: 'stkuse' }, 720],
  [{ from: 'smp.task', task: 'main', field: 'prio' }, 0],
  [{ from: 'smp.pool', pool: 'msys', field: 'nfree' }, 9],
  [{ from: 'smp.info', format: 's' }, 'Zephyr'],
])('%o is read', async (source, value) => {
  const { device } = await start()
  expect(await driver.read(device, source, never)).toBe(value)
})

test.each<[Source, string, string]>([
  [{ from: 'smp.setting', name: 'none', as: 'text' }, 'device.refused', 'unknown'],
  [{ from: 'smp.setting', name: 'unit/hours', as: 'u16' }, 'reading.unreadable', 'size'],
  [{ from: 'smp.file', path: '/none' }, 'device.refused', 'no-entry'],
  [{ from: 'smp.time' }, 'device.refused', 'no-entry'],
])('%o is refused, and says why', async (source, code, reason) => {
  const { device } = await start()
  await expect(driver.read(device, source, never)).rejects.toMatchObject({ code, detail: { reason } })
})

test('a fact that the device does not have is missing', async () => {
  const { device } = await start()
  const none: Source[] = [
    { from: 'smp.task', task: 'none', field: 'prio' },
    { from: 'smp.task', task: 'main', field: 'runtime' },
    { from: 'smp.pool', pool: 'none', field: 'min' },
  ]
  for (const source of none) {
    await expect(driver.read(device, source, never)).rejects.toMatchObject({ code: 'reading.missing' })
  }
})

test('a setting that was written holds until the restart, one that was saved longer', async () => {
  const { sim, device } = await start()
  const quick = { timeout: 200, tries: 5 }
  await device.link.close()
  await aside(sim, async (client) => {
    await writeSetting(client, 'unit/name', Buffer.from('Bow'), quick, never)
    await saveSettings(client, quick, never)
    await writeSetting(client, 'unit/name', Buffer.from('Stern'), quick, never)
  })
  const name: Source = { from: 'smp.setting', name: 'unit/name', as: 'text' }
  const again = await open(sim)
  expect(await driver.read(again, name, never)).toBe('Stern')
  sim.powerCycle()
  await expect.poll(() => driver.read(again, name, never)).toBe('Bow')
})

test('a device without a lasting clock is given the trusted time when its profile says so, before and after', async () => {
  const trusted = Date.parse('2026-11-20T12:00:00Z')
  const given = smpDriver({ firstSeq: () => 3, timing: FAST, now: () => trusted })
  const { sim, device } = await start({}, { time: 'set' })
  const image = await firmware('acme-crane', '2.5.0')
  await given.write(device, image, watched(), never)
  expect(await given.read(device, { from: 'smp.time' }, never)).toMatch(/^2026-11-20T12:00:/)
  await given.attach(device, [image], never)
  await back(sim, 1)
  expect(sim.time).toBeNull()
  await given.confirm?.(device, [image], never)
  expect(sim.time).toBeGreaterThanOrEqual(trusted)

  const other = await start()
  await given.write(other.device, image, watched(), never)
  expect(other.sim.time).toBeNull()
})

test('a line without framing carries a whole update', async () => {
  const { sim, device } = await start({ framing: 'raw' }, { framing: 'raw' })
  expect(await driver.identify(device, never)).toMatchObject({ serial: sim.serial })
  const image = await firmware('acme-crane', '2.5.0')
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  await back(sim, 1)
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: true })
})

test('a boot loader in recovery is no application: it is said, and nothing is written', async () => {
  const { sim, device } = await start({ version: '2.4.0' })
  await device.link.close()
  await aside(sim, (client) => resetIntoRecovery(client, 200, never))
  await back(sim, 1)
  const again = await open(sim)
  const refused = { code: 'device.in-recovery', detail: { held: '2.4.0' } }
  await expect(driver.identify(again, never)).rejects.toMatchObject(refused)
  expect(await driver.status(again, never)).toMatchObject({ mode: 'bootloader', slots: [{ active: false }] })
  const image = await firmware('acme-crane', '2.5.0')
  await expect(driver.write(again, image, watched(), never)).rejects.toMatchObject(refused)
  expect(sim.state().version).toBe('2.4.0')
})

test('a plan that says for good writes the primary slot of a device in recovery, and starts it', async () => {
  const { sim, device } = await start({ version: '2.4.0' })
  await device.link.close()
  await aside(sim, (client) => resetIntoRecovery(client, 200, never))
  await back(sim, 1)
  const again = await open(sim)
  const image = { ...(await firmware('acme-crane', '2.5.0')), permanent: true }
  expect(await driver.write(again, image, watched(), never)).toEqual({ alreadyHeld: false })
  await driver.attach(again, [image], never)
  await back(sim, 2)
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
  expect(await driver.status(again, never)).toMatchObject({ mode: 'application' })
})

test('a file that would plant an order for the boot loader is not sent', async () => {
  const { sim, device } = await start()
  const image = await firmware('acme-crane', '2.5.0')
  const padded = { ...image, facts: { ...image.facts, trailer: 'permanent' as const } }
  await expect(driver.write(device, padded, watched(), never)).rejects.toMatchObject({ code: 'artifact.padded' })
  expect(sim.slot('secondary')).toBeNull()
})

test('what does not fit the slot is not begun: the old image there is left', async () => {
  const { sim, device } = await start({ config: { slotSize: 30_000 } })
  const small = await firmware('acme-crane', '2.5.0', 10_000)
  await driver.write(device, small, watched(), never)
  const large = await firmware('acme-crane', '2.6.0', 40_000)
  await expect(driver.write(device, large, watched(), never)).rejects.toMatchObject({
    code: 'device.image-rejected',
    detail: { reason: 'too-large', room: 30_000 },
  })
  expect(sim.slot('secondary')).toBe(small.deviceHash)
})
