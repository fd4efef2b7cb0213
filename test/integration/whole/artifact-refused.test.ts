import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { imageBody, makeFirmware } from '../../../electron/sim/artifacts/demo.ts'
import { ed25519ImageSigner, makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { harbourDepot, machineOf, machineSim, planFor, settleIn, waitForMachine } from '../../fixtures/whole/harbour.ts'

const machine = machineOf('smp-udp')
const { type } = machine

/** As `imgtool --confirm` leaves it: the boot loader's order to keep the image, at the end of its slot. */
function confirmed(image: Uint8Array): Buffer {
  const trailer = Buffer.alloc(64, 0xff)
  trailer[64 - 24] = 1
  Buffer.from('77c295f360d2ef7f3552500f2cb67980', 'hex').copy(trailer, 48)
  return Buffer.concat([image, Buffer.alloc(4096, 0xff), trailer])
}

test('what the publisher signed is still refused when the file itself speaks against it; the machine is not touched', async () => {
  const sim = await machineSim('smp-udp', tempDir())
  const harbour = await harbourDepot({ 'smp-udp': sim })
  const { depot } = harbour
  const custom = (version: string) => ({
    kind: 'mcuboot' as const,
    component: 'app',
    version,
    deviceTypes: [type],
    hardware: [],
  })
  const padded = confirmed(makeFirmware({ type, version: '1.9.1', size: 10_000 }))
  const stranger = ed25519ImageSigner(generateEd25519().secretKey)
  const foreign = makeMcuboot({
    version: '1.9.2',
    body: imageBody({ type, version: '1.9.2', size: 10_000 }),
    sign: stranger,
  })

  await expect(depot.addArtifact('padded.bin', padded, custom('1.9.1'))).rejects.toMatchObject({
    code: 'artifact.padded',
  })
  await depot.addArtifact('padded.bin', padded, { ...custom('1.9.1'), padded: true })
  await depot.addArtifact('foreign.bin', foreign, custom('1.9.2'))
  const plan = (id: string, target: string, version: string, permanent = false) =>
    depot.addPlan(
      planFor('smp-udp', { id, artifacts: [{ component: 'app', target: `artifacts/${target}`, version, permanent }] }),
    )
  await plan('padded', 'padded.bin', '1.9.1')
  await plan('padded-for-good', 'padded.bin', '1.9.1', true)
  await plan('foreign', 'foreign.bin', '1.9.2')
  await depot.publish()

  const { client } = await startConsoleProcess(tempDir())
  await settleIn(client, harbour)
  await waitForMachine(client, machine.key)
  const before = sim.state()

  for (const [id, code] of [
    ['padded', 'artifact.padded'],
    ['foreign', 'artifact.bad-signature'],
  ] as const) {
    await expect(client.runs.start({ plan: id, device: machine.key })).rejects.toMatchObject({ code })
    const [dry] = await client.plans.dryRun({ plan: id, devices: [machine.key] })
    expect(dry?.proofs).toContainEqual({ proof: 'artifact', ok: false, reason: expect.objectContaining({ code }) })
  }
  const [allowed] = await client.plans.dryRun({ plan: 'padded-for-good', devices: [machine.key] })
  expect(allowed?.proofs).toContainEqual({ proof: 'artifact', ok: true, reason: null })
  expect(sim.state()).toEqual(before)
  const refused = (await client.audit.list({ limit: 50 })).filter(({ action }) => action === 'run.refused')
  expect(refused).toHaveLength(2)

  expect(await client.artifacts.inspect({ target: 'artifacts/padded.bin' })).toMatchObject({
    facts: { version: '1.9.1', trailer: 'permanent' },
    types: [{ type, signature: 'good', refused: null }],
    plans: [{ id: 'padded-for-good' }, { id: 'padded' }],
  })
  const path = join(tempDir(), 'from-a-stick.bin')
  writeFileSync(path, foreign)
  expect(await client.artifacts.inspectFile({ path })).toMatchObject({
    published: [{ target: 'artifacts/foreign.bin' }],
    types: [{ type, signature: 'unknown-signer', refused: { code: 'artifact.bad-signature' } }],
  })
})
