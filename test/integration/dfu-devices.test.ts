import { afterEach, expect, test } from 'vitest'
import { usbOpener } from '../../electron/host/link/usb.ts'
import { usbFinder } from '../../electron/host/link/usb-finder.ts'
import { SimUsbBus } from '../../electron/sim/usb/bus.ts'
import { DFU_DEVICE, DfuDevice, type DfuDeviceConfig } from '../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../electron/sim/usb/firmware.ts'
import type { PlanInput } from '../../shared/model/plan.ts'
import { dfuImage, driver, thrusterProfile } from '../fixtures/devices/dfu-bench.ts'
import { type RunConsole, startRunConsole } from '../fixtures/devices/run-console.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

const SAFE = 'signal.propeller.stopped && signal.motor.temperature < 60.0'
/** In the boot loader nobody can be asked: what must hold is proved before the application is left, and by a person. */
const CONDITIONS: PlanInput['conditions'] = [
  { id: 'stopped', at: ['detach'], expr: SAFE, title: 'Propeller stopped', maxAge: '5s' },
]

let count = 0
async function scene(config: Partial<DfuDeviceConfig> = {}, plan: Partial<PlanInput> = {}) {
  count += 1
  const bus = new SimUsbBus({ gapMs: 60, patienceMs: 300 })
  const sim = new DfuDevice({
    ...DFU_DEVICE,
    serial: `DR-${count}`,
    firmware: thrusterFirmware('1.0.0', 8000),
    ...config,
  })
  const ids = (vid: string, pid: string) => vid === '1209' && (pid === '0001' || pid === '0002')
  const app = await startRunConsole({
    addresses: [],
    timing: { restartWithin: '6s', stallAfter: '10s' },
    plan: { conditions: CONDITIONS, ...plan },
    own: {
      profile: thrusterProfile(),
      image: await dfuImage('2.5.0', 40_000),
      safe: SAFE,
      console: {
        drivers: [driver],
        openers: [usbOpener(bus)],
        finders: [usbFinder({ bus, wanted: ids, every: 500, nudges: (nudge) => bus.onChange(nudge) })],
      },
    },
  })
  cleanUps.push(() => app.close())
  bus.plug(sim, count)
  await present(app, sim)
  return { bus, port: count, sim, app }
}
async function present(app: RunConsole, { config }: DfuDevice): Promise<void> {
  const key = `acme-thruster:${config.serial}`
  await expect.poll(() => app.console.registry.get(key)?.presence).toBe('present')
}
async function over(app: RunConsole, run: string) {
  await expect.poll(() => app.runs.view(run).endedAt, { timeout: 60_000, interval: 20 }).not.toBeNull()
  return app.runs.view(run).result
}

test.each<[string, Partial<DfuDeviceConfig>]>([
  ['DFU 1.1', { willDetach: false }],
  ['DFU 1.1, not tolerant', { tolerant: false }],
  ['DfuSe', { dfuse: true, transferSize: 2048, eraseMs: 1 }],
])('%s: a run from a propeller that stands still to the version that is read back', async (_, config) => {
  const { sim, app } = await scene(config)
  const run = await app.start(sim.config.serial)
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '2.5.0' } })
  expect(sim).toMatchObject({ version: '2.5.0', mode: 'application', restarts: 1 })
  expect(app.logged).toEqual([])
})

test('a propeller that turns keeps the application running', async () => {
  const { sim, app } = await scene()
  sim.setSignals({ 'propeller.stopped': false })
  const run = await app.start(sim.config.serial)
  await expect.poll(() => app.runs.view(run).reason?.code).toBe('condition.false')
  expect(sim.mode).toBe('application')
  sim.setSignals({ 'propeller.stopped': true })
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded' })
})

test('a cable that is pulled in the middle of the write: plugged in again, it is written from the beginning', async () => {
  const { bus, port, sim, app } = await scene({ dfuse: true, pollMs: 5 })
  const run = await app.start(sim.config.serial)
  await expect.poll(() => app.runs.view(run).progress?.done ?? 0, { interval: 2 }).toBeGreaterThan(9000)
  bus.unplug(port)
  await expect.poll(() => app.runs.view(run).phase).not.toBe('succeeded')
  bus.plug(sim, port)
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
  expect(sim.version).toBe('2.5.0')
})

test('a boot loader that does not start the image is said, and left for a person', async () => {
  const { sim, app } = await scene({ dfuse: true })
  const run = await app.start(sim.config.serial)
  await expect.poll(() => sim.mode, { interval: 1 }).toBe('dfu')
  // From here on the device has nothing that it would start, whatever was written.
  Object.defineProperty(sim, 'version', { get: () => null })
  await expect.poll(() => app.runs.view(run).phase).toBe('attention')
  expect(app.runs.view(run)).toMatchObject({
    reason: { code: 'device.image-rejected', detail: { reason: 'stays-in-boot-loader' } },
    question: { about: 'device-not-restored' },
  })
  await app.runs.answer(
    { run, question: app.runs.view(run).question?.id ?? '', choice: 'give-up' },
    { operator: 'ada', roles: ['technician'] },
  )
  expect(await over(app, run)).toMatchObject({ device: 'not-known' })
})

test('a device that lies about every byte is never a success', async () => {
  const { sim, app } = await scene()
  sim.setFaults({ lie: true })
  const run = await app.start(sim.config.serial)
  await expect.poll(() => ['attention', 'failed'].includes(app.runs.view(run).phase)).toBe(true)
  expect(app.runs.view(run).result?.outcome).not.toBe('succeeded')
  expect(sim.version).toBe('1.0.0')
})

test('nothing but the boot loader is left: refused, unless the plan is meant to bring such a device back', async () => {
  const stuck = { firmware: new Uint8Array(8000).fill(0xff), dfuse: true }
  const scope = { sites: ['*'], deviceTypes: ['acme-thruster'], from: { app: '<2.5.0' } }
  const refused = await scene(stuck, { conditions: [], scope })
  await expect(refused.app.start(refused.sim.config.serial)).rejects.toMatchObject({ code: 'plan.version-unknown' })
  expect(refused.sim.dfu.counts[1]).toBeUndefined()

  const { sim, app } = await scene(stuck, { conditions: [], scope: { ...scope, recovery: true } })
  const run = await app.start(sim.config.serial)
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '2.5.0' } })
  expect(sim).toMatchObject({ version: '2.5.0', mode: 'application' })
})

test('where there is no USB bus, there are no USB devices, and nothing fails', async () => {
  const finder = usbFinder({
    bus: { list: () => Promise.reject(new Error('/sys/bus/usb/devices/ not found (errno 2)')) },
    wanted: () => true,
    every: 10,
  })
  const stop = new AbortController()
  const seen: string[] = []
  const watching = finder.watch(
    (port) => seen.push(port.address),
    () => {},
    stop.signal,
  )
  setTimeout(() => stop.abort(), 60)
  await watching
  expect(seen).toEqual([])
})
