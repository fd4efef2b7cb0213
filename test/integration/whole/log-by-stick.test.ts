import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../../../electron/cli/cli.ts'
import { processIo } from '../../../electron/cli/io.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { harbourDepot, letIn, PASSPHRASE, settleIn } from '../../fixtures/whole/harbour.ts'
import { first } from '../../fixtures/whole/watching.ts'

/** What `slipway depot ...` prints about a publisher's folder. */
async function depotSays(dir: string, line: readonly string[]): Promise<string[]> {
  const out: string[] = []
  const never = () => Promise.reject(new Error('no host is needed'))
  const io = { ...processIo(), out: (text: string) => void out.push(text) }
  const signal = new AbortController().signal
  expect(await runCli(['depot', '--depot', dir, ...line], { io, signal, openHost: never, runHost: never })).toBe(0)
  return out
}

/**
 * A crew's laptop that never sees a network; an office that does; one stick between them. The office's host is killed
 * in the middle of what it carries. Both are real processes, and so is what they talk to.
 */
test('the log of a laptop in airplane mode reaches the publisher by stick, and its receipt comes back', {
  timeout: 120_000,
}, async () => {
  const harbour = await harbourDepot({ 'smp-serial': null })
  const { depot, fingerprint } = harbour
  const stick = tempDir()
  const officeDir = tempDir()
  let office = await startConsoleProcess(officeDir)
  const kari = await settleIn(office.client, harbour)
  await office.client.packs.make({ folder: stick })

  const crew = await startConsoleProcess(tempDir(), { network: false })
  await crew.client.packs.adopt({ folder: stick, fingerprint })
  const request = await crew.client.people.enrol({ name: 'Anna Berg', passphrase: PASSPHRASE })
  const crewId = request.console.id
  await letIn(depot, request, ['crew'])
  await office.client.sync.setOffline({ offline: false })
  await office.client.sync.start({})
  await office.client.packs.make({ folder: stick })

  await crew.client.packs.take({ folder: stick })
  await crew.client.people.signIn({ operator: request.operator.id, passphrase: PASSPHRASE })
  const handed = await crew.client.packs.handOver({ folder: stick })
  expect(handed).toMatchObject({ folder: join(stick, 'slipway-pack'), others: [], receipts: 0 })
  expect(handed.entries).toBeGreaterThan(5)
  expect((await first(crew.client.audit.state, null)).carried.own).toMatchObject({ entries: handed.entries })

  // Meanwhile the office got something newer: what is on the stick is older, and its log comes all the same.
  await depot.publish()
  await office.client.sync.start({})
  expect((await office.client.packs.look({ folder: stick })).logs).toEqual([{ console: crewId, segments: 1 }])
  expect(await office.client.packs.take({ folder: stick })).toMatchObject({
    notTaken: { code: 'pack.older' },
    artifacts: 0,
    along: { logs: [{ console: crewId, entries: handed.entries }], refused: [] },
  })
  let deaths = 0
  for (const at of [2, 3, 4]) {
    await office.count({ at, when: 'after' })
    const died = await office.client.audit.upload(null).then(
      () => null,
      (error: unknown) => error,
    )
    if (died === null) break
    expect(died).toMatchObject({ code: 'rpc.closed' })
    await office.ended
    deaths += 1
    office = await startConsoleProcess(officeDir)
  }
  expect(deaths).toBeGreaterThan(0)
  await office.count(null)
  await office.client.audit.upload(null)
  const { carried } = await first(office.client.audit.state, null)
  expect(carried).toMatchObject({ own: null, others: [], bytes: 0 })
  expect(readdirSync(join(officeDir, 'carried'))).toEqual([])

  // Nothing is missing, and what it says is sealed to those who may read it.
  expect(await depotSays(depot.layout.dir, ['audit', 'verify'])).toEqual(['all that is held verifies'])
  const identity = join(depot.layout.keys, 'audit-detail.age-identity')
  const opened = (await depotSays(depot.layout.dir, ['audit', 'open', crewId, '--identity', identity])).map(
    (line) => JSON.parse(line) as { seq: number; action: string; opened: boolean },
  )
  expect(opened.map(({ seq }) => seq)).toEqual(Array.from({ length: handed.entries }, (_, index) => index + 1))
  expect(opened.every((entry) => entry.opened)).toBe(true)
  expect(opened.map(({ action }) => action)).toContain('people.signed-in')

  await office.client.people.signIn({ operator: kari, passphrase: PASSPHRASE })
  expect((await office.client.packs.make({ folder: stick })).log).toMatchObject({ receipts: 1 })
  const home = await crew.client.packs.take({ folder: stick })
  const officeId = (await office.client.app.info(null)).console.id
  expect(home).toMatchObject({ notTaken: null, along: { receipts: { entries: handed.entries, carriers: [officeId] } } })
  const [receipt] = await crew.client.audit.receipts(null)
  expect(receipt).toMatchObject({ first: 1, last: handed.entries, carrier: officeId })
  const after = await first(crew.client.audit.state, null)
  expect(after).toMatchObject({ carried: { own: null }, lastReceipt: { carrier: officeId } })
  expect(await crew.client.audit.verify(null)).toMatchObject({ ok: true })
  expect(crew.networkUses()).toEqual([])
  // No name of a person is on the stick in the clear because of a log.
  for (const name of readdirSync(join(stick, 'slipway-pack', 'logs', crewId))) {
    expect(readFileSync(join(stick, 'slipway-pack', 'logs', crewId, name)).includes('Anna')).toBe(false)
  }
})
