import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditContext } from '../../../electron/depot/audit-intake.ts'
import { AppError } from '../../../shared/errors.ts'
import { isFinal } from '../../../shared/model/run.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import {
  harbourDepot,
  letIn,
  machineOf,
  machineSim,
  PASSPHRASE,
  settleIn,
  waitForMachine,
} from '../../fixtures/whole/harbour.ts'
import { first, until } from '../../fixtures/whole/watching.ts'

/**
 * A crew's laptop that has never seen a network and never does: trust, enrolment, plans, artifacts, a run on a crane
 * and the log all travel by stick. Every call of its process that could reach a network is counted.
 */
test('a day in airplane mode', { timeout: 120_000 }, async () => {
  const machine = machineOf('smp-serial')
  const sim = await machineSim('smp-serial', tempDir())
  // The office must not hold the crane's port: the signed site does not say where it is.
  const harbour = await harbourDepot({ 'smp-serial': null })
  const { depot, fingerprint } = harbour
  const stick = tempDir()

  const office = await startConsoleProcess(tempDir())
  await settleIn(office.client, harbour)
  await office.client.packs.make({ folder: stick })

  const crew = await startConsoleProcess(tempDir(), { network: false })
  const { client } = crew
  await client.packs.adopt({ folder: stick, fingerprint })
  const request = await client.people.enrol({ name: 'Anna Berg', passphrase: PASSPHRASE })

  // The request goes ashore, the answer comes back with the next stick.
  await letIn(depot, request, ['crew', 'technician'])
  await office.client.sync.setOffline({ offline: false })
  await office.client.sync.start({})
  await office.client.packs.make({ folder: stick })

  expect(await client.packs.take({ folder: stick })).toMatchObject({ artifacts: 1, refused: [], toFetch: 0 })
  await client.people.signIn({ operator: request.operator.id, passphrase: PASSPHRASE })
  await client.site.choose({ site: 'harbour' })
  await client.devices.addAddress({ address: sim.address })
  await waitForMachine(client, machine.key)
  const { run } = await client.runs.start({ plan: harbour.plans['smp-serial'], device: machine.key })
  const done = await until(client.runs.one, { run }, ({ phase }) => isFinal(phase), 60_000)
  expect(done).toMatchObject({ phase: 'succeeded', result: { readBack: { [machine.component]: machine.to } } })
  expect(sim.state()).toMatchObject({ version: machine.to, trial: false })

  const carried = join(stick, 'anna.segment')
  const exported = await client.audit.export({ path: carried })
  expect(exported.entries).toBeGreaterThan(10)
  expect(await client.audit.verify(null)).toMatchObject({ ok: true })
  expect(crew.networkUses()).toEqual([])

  // Ashore the log is taken, with nothing missing, and what it says is sealed to those who may read it.
  const { intake } = await auditContext(depot.layout, depot.content, { now: () => Date.now() })
  const receipt = await intake.takeFile(carried)
  expect(receipt).toMatchObject({ first: 1, last: exported.entries })
  expect(readFileSync(carried).includes(Buffer.from('Anna Berg'))).toBe(false)
  const { toUpload } = await first(client.audit.state, null)
  expect(toUpload).toBeGreaterThanOrEqual(exported.entries)

  // The guard does guard: with a server to talk to, the same process says so.
  await expect(client.sync.check(null)).rejects.toBeInstanceOf(AppError)
  await expect.poll(() => crew.networkUses()).not.toEqual([])
})
