import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { storeArtifact } from '../../electron/depot/artifact-intake.ts'
import { Depot } from '../../electron/depot/depot.ts'
import type { PlanInput } from '../../shared/model/plan.ts'
import { isFinal, type RunView } from '../../shared/model/run.ts'
import { toInstant } from '../../shared/model/text.ts'
import { type ArtifactOptions, makeArtifact } from '../fixtures/mender/artifact.ts'
import { needsMender } from '../fixtures/mender/bench.ts'
import { menderProfile, SERIAL, startMenderDevice } from '../fixtures/mender/device.ts'
import { newEcKey } from '../fixtures/mender/keys.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../fixtures/whole/console-process.ts'
import { settleIn, waitForMachine } from '../fixtures/whole/harbour.ts'
import { until } from '../fixtures/whole/watching.ts'

/** The whole console by its contract, and Mender's own client behind OpenSSH's server as one of its winches. */
const DAY = 86_400_000
const TYPE = 'acme-winch'
const KEY = `${TYPE}:${SERIAL}`
const NEW = 'winch-2.0.0'
const TARGET = `artifacts/${NEW}.mender`

const plan = (change: Partial<PlanInput>): PlanInput => ({
  format: 'slipway.plan/1',
  id: NEW,
  title: 'Winch 2.0.0',
  reason: 'A brake that answers late.',
  notBefore: toInstant(Date.now() - DAY),
  expires: toInstant(Date.now() + 30 * DAY),
  scope: { sites: ['*'], deviceTypes: [TYPE] },
  authority: { roles: ['technician'] },
  artifacts: [{ component: 'system', target: TARGET, version: NEW }],
  conditions: [
    {
      id: 'brake',
      title: 'Brake set',
      at: ['write', 'restart', 'confirm'],
      watch: true,
      expr: 'signal.brake.set && signal.line.tension < 5.0',
      maxAge: '20s',
    },
  ],
  checks: [{ id: 'calm', title: 'Line slack', expr: 'signal.line.tension < 1.0', within: '10s' }],
  ...change,
})

/** Publishes an artifact for a device, and brings a console so far that it has proved who the device is. */
async function bench(
  context: TestContext,
  artifact: Partial<ArtifactOptions> = {},
  change: Partial<PlanInput> = {},
  restart: 'reboot' | 'none' = 'reboot',
) {
  needsMender(context)
  const key = newEcKey()
  const machine = await startMenderDevice({ key })
  onTestFinished(() => machine.close())
  const depot = await Depot.create(join(tempDir(), 'depot'), { clock: { now: () => Date.now() }, name: 'Harbour' })
  await depot.addProfile(menderProfile(machine, key, restart))
  const stored = await storeArtifact(depot.layout, TARGET, makeArtifact({ name: NEW, key, size: 300_000, ...artifact }))
  const slipway = { kind: 'mender', component: 'system', version: NEW, deviceTypes: [TYPE], hardware: [] } as const
  await depot.content.setArtifact(TARGET, { ...stored, slipway: { ...slipway, deviceTypes: [TYPE], hardware: [] } })
  await depot.addPlan(plan(change))
  await depot.addSite({
    format: 'slipway.site/1',
    id: 'harbour',
    title: 'Harbour',
    zone: 'Europe/Oslo',
    devices: [{ name: 'Winch 7', type: TYPE, serial: SERIAL, wanted: { system: NEW }, addresses: [machine.address] }],
  })
  await depot.publish()
  const serving = await depot.serve({ port: 0, refreshEveryMs: null })
  onTestFinished(() => serving.close())
  const { client } = await startConsoleProcess(tempDir())
  const { fingerprint } = await depot.fingerprint()
  await settleIn(client, { depot, url: serving.url, fingerprint })
  await client.people.storeCredential({ address: machine.address, ...machine.login })
  await waitForMachine(client, KEY)
  const follow = (run: string): Promise<RunView> =>
    until(client.runs.one, { run }, ({ phase, question }) => isFinal(phase) || question !== null, 90_000)
  return { client, machine, follow }
}

test('a signed artifact: published, synced, proved safe, installed by the client, on trial, committed, read back', async (context) => {
  const { client, machine, follow } = await bench(context)
  const { run } = await client.runs.start({ plan: NEW, device: KEY })
  expect(await follow(run)).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: NEW }, reason: null, also: null },
    conditions: [{ state: 'holds' }],
  })
  expect(machine.mender('show-artifact').out).toContain(NEW)
  expect(machine.env()).toMatchObject({ running: 'b', good: 'b', trial: '0' })
  expect(readdirSync(machine.dir).filter((name) => name.includes('.mender'))).toEqual([])
  expect(await client.audit.verify(null)).toMatchObject({ ok: true })
})

test('a payload that runs at once needs what restarting needs; a check that fails on trial: rolled back, and read back', async (context) => {
  const checks = [{ id: 'calm', title: 'Line slack', expr: 'signal.line.tension > 90.0', within: '1s' }]
  const safe = { id: 'safe', title: 'Brake set', at: ['restart' as const], expr: 'signal.brake.set', maxAge: '20s' }
  const change = { checks, conditions: [safe], onCheckFail: 'rollback' as const }
  const { client, machine, follow } = await bench(context, { module: 'files' }, change, 'none')
  machine.put('brake', 'brake=open\ntension_kn=0.4\n')
  const { run } = await client.runs.start({ plan: NEW, device: KEY })
  await until(client.runs.one, { run }, ({ reason }) => reason?.code === 'condition.false', 60_000)
  expect(machine.file('files/app')).toBeNull()
  machine.put('brake', 'brake=set\ntension_kn=0.4\n')
  expect(await follow(run)).toMatchObject({
    phase: 'rolled-back',
    result: { device: 'runs-old', readBack: { system: 'winch-1.0.0' }, reason: { code: 'check.failed' }, also: null },
  })
  expect(machine.mender('commit').code).toBe(2)
})

test('a script that refuses the commit is no success: a person is asked, and going back is what the device does', async (context) => {
  const { client, follow } = await bench(context, {
    scripts: { ArtifactCommit_Enter_10_owner: 'echo "not signed off" >&2; exit 1' },
  })
  const { run } = await client.runs.start({ plan: NEW, device: KEY })
  const asked = await follow(run)
  expect(asked).toMatchObject({
    phase: 'attention',
    question: {
      kind: 'attention',
      about: 'unconfirmed',
      reason: { code: 'device.script-failed', detail: { said: 'not signed off' } },
    },
  })
  await client.runs.answer({ run, question: asked.question?.id ?? '', choice: 'roll-back' })
  await until(client.runs.one, { run }, ({ question }) => question?.id !== asked.question?.id)
  expect(await follow(run)).toMatchObject({
    phase: 'rolled-back',
    result: { device: 'runs-old', readBack: { system: 'winch-1.0.0' } },
  })
})
