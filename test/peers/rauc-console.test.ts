import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Depot } from '../../electron/depot/depot.ts'
import type { SlipwayContract } from '../../shared/contract/index.ts'
import { isFinal, type RunView } from '../../shared/model/run.ts'
import type { Client } from '../../shared/rpc/define.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../fixtures/whole/console-process.ts'
import { planFor, settleIn, waitForMachine } from '../fixtures/whole/harbour.ts'
import { first, until } from '../fixtures/whole/watching.ts'
import { type RaucMachine, startRaucMachine } from './rauc/machine.ts'
import { needsRauc } from './rauc/needs-rauc.ts'

/** The whole console by its contract, and the real RAUC behind the real OpenSSH as one of its gateways. */

const TYPE = 'acme-gateway'
const KEY = `${TYPE}:GW-REAL`
const VERSION = '1.1.0'
const PLAN = planFor('swupdate', {
  id: `${TYPE}-${VERSION}`,
  scope: { sites: ['*'], deviceTypes: [TYPE], from: { system: '<1.1.0' } },
  artifacts: [{ component: 'system', target: 'artifacts/gateway.raucb', version: VERSION }],
  conditions: [
    {
      id: 'door',
      title: 'Door closed',
      at: ['write', 'restart', 'confirm'],
      watch: true,
      expr: 'signal.door.closed',
      maxAge: '10s',
    },
  ],
  checks: [{ id: 'self-test', title: 'Self-test', expr: "signal.health.selftest == 'pass'", within: '2s' }],
  onCheckFail: 'rollback',
})

/** The host key stands in the site document, as that of this very device. */
async function publish(machine: RaucMachine) {
  const { profile, sshd } = machine
  const depot = await Depot.create(join(tempDir(), 'depot'), { clock: { now: () => Date.now() }, name: 'Harbour' })
  const drivers = profile.drivers.map((binding) => ({ ...binding, hostKeys: [] }))
  await depot.addProfile({ ...profile, drivers })
  await depot.addArtifact('gateway.raucb', readFileSync(machine.bundle(VERSION)), {
    kind: 'rauc',
    component: 'system',
    version: VERSION,
    deviceTypes: [TYPE],
    hardware: [],
  })
  await depot.addPlan(PLAN)
  await depot.addSite({
    format: 'slipway.site/1',
    id: 'harbour',
    title: 'Harbour',
    zone: 'Europe/Oslo',
    devices: [
      {
        name: 'Quay gateway',
        type: TYPE,
        serial: 'GW-REAL',
        wanted: { system: VERSION },
        addresses: [sshd.address],
        hostKeys: [...sshd.access.hostKeys],
      },
    ],
  })
  await depot.publish()
  const serving = await depot.serve({ port: 0, refreshEveryMs: null })
  onTestFinished(() => serving.close())
  return { depot, url: serving.url, fingerprint: (await depot.fingerprint()).fingerprint }
}

async function run(client: Client<SlipwayContract>): Promise<RunView> {
  const started = await client.runs.start({ plan: PLAN.id, device: KEY })
  return until(
    client.runs.one,
    { run: started.run },
    ({ phase, question }) => isFinal(phase) || question !== null,
    90_000,
  )
}

test('a bundle: proved safe, installed, tried, taken back when its check fails, and kept when it passes', async (context) => {
  needsRauc(context)
  const machine = await startRaucMachine()
  onTestFinished(() => machine.close())
  const { address, access } = machine.sshd
  const { client } = await startConsoleProcess(tempDir())
  await settleIn(client, await publish(machine))
  // Proved to be the one meant, and it wants to know who asks.
  await until(client.devices.addresses, null, ([place]) => place?.reason?.code === 'device.unauthorised')
  const { username, privateKey } = access.login ?? {}
  await client.people.storeCredential({ address, username: username ?? '', password: '', privateKey })
  await waitForMachine(client, KEY)

  writeFileSync(machine.path('self-test'), 'fail\n')
  expect(await run(client)).toMatchObject({
    phase: 'rolled-back',
    result: { device: 'runs-old', readBack: { system: '1.0.0' }, reason: { code: 'check.failed' }, also: null },
  })
  writeFileSync(machine.path('self-test'), 'pass\n')
  expect(await run(client)).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: VERSION }, reason: null, also: null },
    conditions: [{ state: 'holds', readings: [{ value: true }] }],
  })
  // Marked good: it starts again what it runs.
  machine.reboot()
  const [device] = await first(client.devices.list, null)
  expect(device).toMatchObject({ link: { kind: 'ssh', address }, status: { versions: { system: VERSION } } })
  expect(machine.starts()).toEqual(['A', 'B', 'A', 'B', 'B'])
  expect(await client.audit.verify(null)).toMatchObject({ ok: true })
}, 300_000)
