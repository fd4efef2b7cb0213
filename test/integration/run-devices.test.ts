import { afterEach, expect, test } from 'vitest'
import type { Sim } from '../../electron/sim/sim.ts'
import { startSim } from '../../electron/sim/start.ts'
import { type StartSmp, startSmp } from '../../electron/sim/start-smp.ts'
import { ports } from '../fixtures/devices/bench.ts'
import { type RunConsole, type RunConsoleOptions, startRunConsole } from '../fixtures/devices/run-console.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

let count = 0
async function scene(sim: Partial<StartSmp> = {}, options: Partial<RunConsoleOptions> = {}) {
  count += 1
  const base = {
    kind: 'smp',
    type: 'acme-crane',
    serial: `RUN-${count}`,
    transport: 'memory',
    version: '2.4.0',
    bootMs: 200,
  } as const
  const device = await startSmp({ ...base, ...sim }, ports)
  cleanUps.push(() => device.close())
  const app = await startRunConsole({ ...options, addresses: [device.address] })
  cleanUps.push(() => app.close())
  await present(app, device)
  return { device, app }
}
const keyOf = (sim: Sim) => `${sim.type}:${sim.serial}`
async function present(app: RunConsole, sim: Sim): Promise<void> {
  await expect.poll(() => app.console.registry.get(keyOf(sim))?.presence).toBe('present')
}
async function over(app: RunConsole, run: string) {
  await expect.poll(() => app.runs.view(run).endedAt, { timeout: 60_000, interval: 20 }).not.toBeNull()
  return app.runs.view(run).result
}
async function phase(app: RunConsole, run: string, wanted: string): Promise<void> {
  await expect.poll(() => app.runs.view(run).phase, { interval: 2 }).toBe(wanted)
}

test('a crane on its console line: proved safe, written, restarted, checked, confirmed, read back', async () => {
  const { device, app } = await scene()
  const run = await app.start(device.serial)
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '2.5.0' } })
  expect(device.state()).toMatchObject({ version: '2.5.0', trial: false, restarts: 1 })
  expect(app.logged).toEqual([])
})

test('a boom that is not parked keeps it waiting, and one that rises stops the write', async () => {
  const { device, app } = await scene({ workMs: 15 }, { size: 120_000 })
  device.setSignals({ 'boom.locked': false })
  const run = await app.start(device.serial)
  await expect.poll(() => app.runs.view(run).reason?.code).toBe('condition.false')
  device.setSignals({ 'boom.locked': true })
  await phase(app, run, 'writing')
  device.setSignals({ 'boom.parked': false })
  await expect.poll(() => app.runs.view(run).reason?.code).toBe('condition.changed-while-writing')
  expect(device.state()).toMatchObject({ version: '2.4.0', restarts: 0 })
  device.setSignals({ 'boom.parked': true })
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded' })
})

test('a self-test that fails on the new version brings the old one back', async () => {
  const { device, app } = await scene(
    {},
    {
      selfTest: 'fail',
      plan: { checks: [{ id: 's', title: 'S', expr: "signal.health.selftest == 'pass'", within: '2s' }] },
    },
  )
  const run = await app.start(device.serial)
  expect(await over(app, run)).toMatchObject({
    outcome: 'rolled-back',
    device: 'runs-old',
    reason: { code: 'check.failed' },
  })
  expect(device.state()).toMatchObject({ version: '2.4.0', trial: false })
})

test('a device that lies about its version is found out', async () => {
  const { device, app } = await scene({ faults: { lie: true } }, { timing: { restartWithin: '3s' } })
  const run = await app.start(device.serial)
  expect(await over(app, run)).toMatchObject({
    outcome: 'failed',
    device: 'runs-old',
    reason: { code: 'device.wrong-version' },
  })
  expect(device.state().version).toBe('2.4.0')
})

test('a device that never comes back is unknown, until it does', async () => {
  const { device, app } = await scene({ faults: { silentAfterRestart: true } }, { timing: { restartWithin: '2s' } })
  const run = await app.start(device.serial)
  expect(await over(app, run)).toMatchObject({
    outcome: 'unknown',
    device: 'not-known',
    reason: { code: 'device.restart-timeout' },
  })
  device.setFaults({ silentAfterRestart: false })
  device.powerCycle()
  await present(app, device)
  await app.runs.checkAgain({ run }, { operator: 'ada', roles: ['technician'] })
  const end = await over(app, run)
  // The power cut ended an unconfirmed trial: the old version is back, and that is what is said.
  expect(end).toMatchObject(
    device.state().version === '2.5.0' ? { outcome: 'succeeded' } : { outcome: 'rolled-back', device: 'runs-old' },
  )
})

test('power that fails in the middle of a write costs the time of the bytes that are missing', async () => {
  const { device, app } = await scene({ faults: { powerLossAt: 30_000 } }, { size: 60_000 })
  const run = await app.start(device.serial)
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
  expect(device.state().version).toBe('2.5.0')
})

test('a cable that is pulled and plugged in again, on a link that drops packets', async () => {
  const { device, app } = await scene({ faults: { drop: 0.02 }, workMs: 10 }, { size: 90_000 })
  const run = await app.start(device.serial)
  await phase(app, run, 'writing')
  device.onAddress((address) => app.console.name(address))
  await device.unplug()
  await expect.poll(() => app.runs.view(run).linkNote !== null || app.runs.view(run).phase !== 'writing').toBe(true)
  await device.plug()
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded' })
})

test('a person who stops it while it writes gets the old version back', async () => {
  const { device, app } = await scene({ workMs: 15 }, { size: 120_000 })
  const run = await app.start(device.serial)
  await phase(app, run, 'writing')
  await app.runs.cancel({ run }, null)
  expect(await over(app, run)).toMatchObject({ outcome: 'cancelled', device: 'runs-old' })
  expect(device.state()).toMatchObject({ version: '2.4.0', restarts: 0 })
})

test.each(['writing', 'restarting', 'verifying'])(
  'a host that stops while %s goes on in its next life',
  async (where) => {
    const { device, app } = await scene({ workMs: 5 }, { size: 60_000 })
    const run = await app.start(device.serial)
    await phase(app, run, where)
    const next = await app.reboot()
    cleanUps.push(() => next.close())
    next.runs.recover()
    expect(await over(next, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new' })
    const actions = next.recorder.entries().map(({ action }) => action)
    expect(actions.filter((action) => action === 'run.ended')).toHaveLength(1)
    expect(actions).toContain('run.recovered')
  },
)

async function other(type: 'acme-gateway' | 'acme-winch', options: Partial<RunConsoleOptions> = {}, sim: object = {}) {
  count += 1
  const serial = `RUN-${count}`
  const device =
    type === 'acme-gateway'
      ? await startSim({ kind: 'smp', type, serial, transport: 'udp', version: '2.4.0', bootMs: 200 })
      : await startSim({ kind: 'swupdate', type, serial, version: '2.4.0', bootMs: 200, ...sim })
  cleanUps.push(() => device.close())
  const app = await startRunConsole({ ...options, type, addresses: [device.address] })
  cleanUps.push(() => app.close())
  await present(app, device)
  return { device, app, run: await app.start(serial) }
}

test('a gateway over the network', async () => {
  const { device, app, run } = await other('acme-gateway')
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', readBack: { app: '2.5.0' } })
  expect(device.state()).toMatchObject({ version: '2.5.0', trial: false })
})

test('a winch with SWUpdate: no trial boot, its version is the proof', async () => {
  const { device, app, run } = await other('acme-winch')
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', readBack: { system: '2.5.0' } })
  expect(device.state().version).toBe('2.5.0')
  expect(app.logged).toEqual([])
})

test('a winch whose brake is released while it is written', async () => {
  const { device, app, run } = await other('acme-winch', { size: 400_000 }, { bytesPerSecond: 100_000 })
  await phase(app, run, 'writing')
  device.setSignals({ 'brake.set': false })
  await expect.poll(() => app.runs.view(run).reason?.code).toBe('condition.changed-while-writing')
  expect(device.state().version).toBe('2.4.0')
  device.setSignals({ 'brake.set': true })
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded' })
})

test('a winch that fails its check and cannot go back asks a person, and says what it runs', async () => {
  const checks = [{ id: 's', title: 'S', expr: "signal.health.selftest == 'pass'", within: '2s' }]
  const { app, run } = await other('acme-winch', { selfTest: 'fail', plan: { checks } })
  await phase(app, run, 'attention')
  expect(app.runs.view(run).question).toMatchObject({ about: 'checks-failed', choices: ['check-again', 'give-up'] })
  const question = app.runs.view(run).question?.id ?? ''
  await app.runs.answer({ run, question, choice: 'give-up' }, { operator: 'ada', roles: ['technician'] })
  expect(await over(app, run)).toMatchObject({
    outcome: 'failed',
    device: 'runs-new',
    reason: { code: 'check.failed' },
  })
})
