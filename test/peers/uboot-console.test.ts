import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Depot } from '../../electron/depot/depot.ts'
import { PUMP_PROFILE } from '../../electron/sim/machines/pump.ts'
import type { PlanInput } from '../../shared/model/plan.ts'
import { isFinal } from '../../shared/model/run.ts'
import { toInstant } from '../../shared/model/text.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { type ConsoleProcess, startConsoleProcess } from '../fixtures/whole/console-process.ts'
import { PASSPHRASE, settleIn, waitForMachine } from '../fixtures/whole/harbour.ts'
import { until } from '../fixtures/whole/watching.ts'
import { needsUBoot, startUBoot, type UBootMachine } from './uboot/machine.ts'
import { makeApp } from './uboot/pump-app.ts'

/** The whole console on U-Boot: published, synced, proved safe, loaded at 115200 baud, stored, started, read back. */
const KEY = 'acme-pump:P-7'
const APP = makeApp('2.5.0', 90_000)
const DAY = 86_400_000

const plan: PlanInput = {
  format: 'slipway.plan/1',
  id: 'pump-2.5.0',
  title: 'Bilge pump 2.5.0',
  reason: 'A float switch that sticks.',
  notBefore: toInstant(Date.now() - DAY),
  expires: toInstant(Date.now() + 30 * DAY),
  scope: { sites: ['*'], deviceTypes: ['acme-pump'], from: { app: '>=2.4.0 <2.5.0' } },
  authority: { roles: ['technician'] },
  artifacts: [{ component: 'app', target: 'artifacts/pump-2.5.0.bin', version: '2.5.0' }],
  conditions: [
    {
      id: 'hatch-closed',
      title: 'Hatch closed',
      at: ['detach', 'write', 'restart'],
      watch: true,
      expr: 'signal.hatch.closed',
      maxAge: '30s',
    },
  ],
  checks: [{ id: 'self-test', title: 'Self-test', expr: "signal.health.selftest == 'pass'", within: '30s' }],
}

interface Harbour {
  readonly machine: UBootMachine
  readonly console: ConsoleProcess
  readonly dir: string
  readonly operator: string
}

async function harbour(): Promise<Harbour> {
  const machine = await startUBoot(tempDir(), 'P-7', '2.4.0')
  onTestFinished(() => machine.close())
  const depot = await Depot.create(join(tempDir(), 'depot'), { clock: { now: () => Date.now() }, name: 'Harbour' })
  await depot.addProfile(PUMP_PROFILE)
  const custom = {
    kind: 'raw',
    component: 'app',
    version: '2.5.0',
    deviceTypes: ['acme-pump'],
    hardware: ['1.2'],
  } as const
  await depot.addArtifact('pump-2.5.0.bin', APP, { ...custom, hardware: ['1.2'], deviceTypes: ['acme-pump'] })
  await depot.addPlan(plan)
  const device = { name: 'Bilge pump', type: 'acme-pump', serial: 'P-7', wanted: { app: '2.5.0' } }
  await depot.addSite({
    format: 'slipway.site/1',
    id: 'harbour',
    title: 'Harbour',
    zone: 'Europe/Oslo',
    devices: [{ ...device, addresses: [machine.address] }],
  })
  await depot.publish()
  const serving = await depot.serve({ port: 0, refreshEveryMs: null })
  onTestFinished(() => serving.close())
  const { fingerprint } = await depot.fingerprint()
  const dir = tempDir()
  const console = await startConsoleProcess(dir)
  const operator = await settleIn(console.client, { depot, url: serving.url, fingerprint })
  await waitForMachine(console.client, KEY)
  return { machine, console, dir, operator }
}

const succeeded = { phase: 'succeeded', result: { device: 'runs-new', readBack: { app: '2.5.0' } } }

test('the main job', { timeout: 300_000 }, async (context) => {
  needsUBoot(context)
  const { machine, console } = await harbour()
  const { client } = console
  const { run } = await client.runs.start({ plan: plan.id, device: KEY })
  expect(await until(client.runs.one, { run }, ({ phase }) => isFinal(phase), 120_000)).toMatchObject(succeeded)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(APP))).toBe(true)
  await until(client.site.board, null, ({ rows }) => rows[0]?.group === 'up-to-date')
})

test('the console is killed in the middle of a load, and finishes the run in its next life', {
  timeout: 300_000,
}, async (context) => {
  needsUBoot(context)
  const { machine, console, dir, operator } = await harbour()
  const { run } = await console.client.runs.start({ plan: plan.id, device: KEY })
  await until(console.client.runs.one, { run }, ({ progress }) => (progress?.done ?? 0) > 30_000, 120_000)
  await console.kill()
  const { client } = await startConsoleProcess(dir)
  await client.people.signIn({ operator, passphrase: PASSPHRASE })
  expect(await until(client.runs.one, { run }, ({ phase }) => isFinal(phase), 120_000)).toMatchObject(succeeded)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(APP))).toBe(true)
})

test('cancelled in the middle of a load: the pump runs what it ran', { timeout: 300_000 }, async (context) => {
  needsUBoot(context)
  const { machine, console } = await harbour()
  const { client } = console
  const { run } = await client.runs.start({ plan: plan.id, device: KEY })
  await until(client.runs.one, { run }, ({ progress }) => (progress?.done ?? 0) > 30_000, 120_000)
  await client.runs.cancel({ run })
  expect(await until(client.runs.one, { run }, ({ phase }) => isFinal(phase), 120_000)).toMatchObject({
    phase: 'cancelled',
    result: { device: 'runs-old', readBack: { app: '2.4.0' } },
  })
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.4.0')))).toBe(true)
})
