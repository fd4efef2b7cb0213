/** Devices of which only the boot loader is left, brought back by a plan: on whose word, and what is read afterwards. */

import { afterEach, expect, test } from 'vitest'
import type { Sim } from '../../electron/sim/sim.ts'
import type { SmpSim } from '../../electron/sim/smp/smp-sim.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import type { PlanInput } from '../../shared/model/plan.ts'
import type { RunView } from '../../shared/model/run.ts'
import type { Site } from '../../shared/model/site.ts'
import { never, ports } from '../fixtures/devices/bench.ts'
import { type RunConsole, startRunConsole } from '../fixtures/devices/run-console.ts'

const TYPE = 'acme-crane'
const PLAN = 'acme-crane-2.5.0'
const ADA = { operator: 'ada', roles: ['technician'] as const }
const keyOf = ({ serial }: Sim) => `${TYPE}:${serial}`
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

let count = 0
async function crane(broken = true): Promise<SmpSim> {
  count += 1
  const serial = `RR-${count}`
  const faults = { breakApplication: broken }
  const sim = await startSmp({ kind: 'smp', type: TYPE, serial, transport: 'memory', bootMs: 20, faults }, ports)
  cleanUps.push(() => sim.close())
  return sim
}

const RESCUE: Partial<PlanInput> = {
  scope: {
    sites: ['*'],
    deviceTypes: [TYPE],
    recovery: { only: true, plate: { roles: ['technician'], twoPerson: false } },
  },
  artifacts: [{ component: 'app', target: 'artifacts/image.bin', version: '2.5.0', permanent: true }],
  conditions: [
    { id: 'clear', at: ['write', 'restart'], title: 'Boom secured', attest: { text: 'The boom is in its cradle.' } },
  ],
}

const siteOf = (...serials: readonly string[]): Site => ({
  format: 'slipway.site/1',
  id: 'quay-4',
  title: 'Quay 4',
  zone: 'UTC',
  devices: serials.map((serial) => ({
    name: serial,
    type: TYPE,
    serial,
    hardware: 'rev-c',
    wanted: {},
    addresses: [],
  })),
})

async function consoleAt(sim: Sim, serials: readonly string[], plan = RESCUE): Promise<RunConsole> {
  const timing = { restartWithin: '2s' }
  const console = await startRunConsole({ addresses: [sim.address], site: siteOf(...serials), plan, timing })
  cleanUps.push(() => console.close())
  return console
}

async function waits(console: RunConsole, sim: Sim): Promise<void> {
  await expect.poll(() => console.runs.claims.list().map(({ address }) => address)).toContain(sim.address)
}
const claimAs = (console: RunConsole, sim: Sim, serial: string, plan = PLAN) =>
  console.runs.claims.claim({ address: sim.address, plan, serial }, ADA, never)

/** Attests whatever the run asks, until it is over. */
async function through(console: RunConsole, run: string): Promise<RunView> {
  await expect
    .poll(
      async () => {
        const view = console.runs.view(run)
        const { question } = view
        if (question?.kind === 'attest')
          await console.runs.answer({ run, question: question.id, choice: 'attest' }, ADA)
        return view.endedAt !== null
      },
      { timeout: 15_000, interval: 50 },
    )
    .toBe(true)
  return console.runs.view(run)
}

test('a broken crane is brought back on the word of one who read its plate, and says then itself what it runs', async () => {
  const sim = await crane()
  const console = await consoleAt(sim, [sim.serial])
  await waits(console, sim)
  expect(console.runs.claims.list()).toMatchObject([
    {
      mayBe: [{ type: TYPE, driver: 'smp', says: { loader: 'MCUboot' } }],
      alike: [],
      left: null,
      plans: [{ id: PLAN, roles: ['technician'], twoPerson: false, reason: null }],
    },
  ])
  expect(await claimAs(console, sim, sim.serial)).toEqual({ device: keyOf(sim) })
  const run = await console.start(sim.serial)
  expect(await through(console, run)).toMatchObject({ phase: 'succeeded', device: keyOf(sim) })
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
  expect(console.console.registry.get(keyOf(sim))).toMatchObject({ status: { versions: { app: '2.5.0' } } })
  const entries = console.recorder.entries()
  expect(entries.find(({ action }) => action === 'device.claimed')).toMatchObject({ actor: 'ada', subject: keyOf(sim) })
  expect(entries.find(({ action }) => action === 'run.started')?.detail).toMatchObject({
    claim: { how: 'plate', plan: PLAN, by: 'ada', second: null },
  })
})

test('the plate of another crane: the run ends unknown, and says who answers now', async () => {
  const sim = await crane()
  const console = await consoleAt(sim, [sim.serial, 'RR-OTHER'])
  await waits(console, sim)
  await claimAs(console, sim, 'RR-OTHER')
  const run = await console.start('RR-OTHER')
  expect(await through(console, run)).toMatchObject({
    phase: 'unknown',
    result: { reason: { code: 'device.mistaken', detail: { expected: `${TYPE}:RR-OTHER`, found: keyOf(sim) } } },
  })
})

test('nobody may say whose it is but by a plan, a serial number that is known, and the roles that the plan names', async () => {
  const sim = await crane()
  const console = await consoleAt(sim, [sim.serial])
  await waits(console, sim)
  await expect(claimAs(console, sim, 'RR-NOBODY')).rejects.toMatchObject({ code: 'device.unknown-serial' })
  await expect(claimAs(console, sim, sim.serial, 'no-such-plan')).rejects.toMatchObject({ code: 'plan.unknown' })
  const elsewhere = { address: 'sim:nowhere', plan: PLAN, serial: sim.serial }
  await expect(console.runs.claims.claim(elsewhere, ADA, never)).rejects.toMatchObject({ code: 'device.no-loader' })
  expect(console.recorder.entries().map(({ action }) => action)).not.toContain('device.claimed')
  expect(console.console.registry.waiting()).toHaveLength(1)
})

test.each([
  ['a plan that only knows devices whose boot loader speaks for itself', true],
  ['a plan that knows no boot loaders', false],
  ['a plan that recovers, and lets nobody read plates', { only: true }],
])('%s: nothing is taken for anything', async (_, recovery) => {
  const sim = await crane()
  const scope = { sites: ['*' as const], deviceTypes: [TYPE], recovery }
  const console = await consoleAt(sim, [sim.serial], { ...RESCUE, scope })
  await waits(console, sim)
  expect(console.runs.claims.list()[0]?.plans).toEqual([])
  await expect(claimAs(console, sim, sim.serial)).rejects.toMatchObject({ code: 'plan.no-claims' })
})

test('two must read it where the plan says so, each for themselves', async () => {
  const sim = await crane()
  const plate = { roles: ['technician' as const] }
  const scope = { sites: ['*' as const], deviceTypes: [TYPE], recovery: { plate } }
  const console = await consoleAt(sim, [sim.serial], { ...RESCUE, scope })
  await waits(console, sim)
  await expect(claimAs(console, sim, sim.serial)).rejects.toMatchObject({ code: 'people.second-person-needed' })
  const by = (operator: string, serial: string) =>
    console.runs.claims.claim(
      { address: sim.address, plan: PLAN, serial: sim.serial, second: { operator, passphrase: 'x', serial } },
      ADA,
      never,
    )
  await expect(by('ada', sim.serial)).rejects.toMatchObject({ code: 'people.same-person-twice' })
  await expect(by('ole', `${sim.serial}0`)).rejects.toMatchObject({ code: 'device.readings-differ' })
  expect(console.console.registry.waiting()).toHaveLength(1)
  await by('ole', sim.serial)
  await expect
    .poll(() => console.console.registry.get(keyOf(sim))?.claim)
    .toMatchObject({ how: 'plate', by: 'ada', second: 'ole' })
})

test('a device whose application runs is not brought back by a plan that only rescues', async () => {
  const sim = await crane(false)
  const console = await consoleAt(sim, [sim.serial])
  await expect.poll(() => console.console.registry.get(keyOf(sim))?.status?.mode).toBe('application')
  await expect(console.start(sim.serial)).rejects.toMatchObject({ code: 'plan.only-recovery' })
})

test('the word is good for one plan: another one refuses the device', async () => {
  const sim = await crane()
  const console = await consoleAt(sim, [sim.serial])
  await waits(console, sim)
  const claim = { how: 'plate', plan: 'another-plan', by: 'ada', second: null, at: 1 } as const
  const identity = { type: TYPE, serial: sim.serial, hardware: 'rev-c' }
  await console.console.registry.claim({ address: sim.address, identity, claim }, never)
  await expect.poll(() => console.console.registry.get(keyOf(sim))?.status?.mode).toBe('bootloader')
  await expect(console.start(sim.serial)).rejects.toMatchObject({ code: 'plan.other-claim' })
})

test('a run that broke off leaves word whose boot loader may be at the port, and one person may say that it is', async () => {
  const sim = await crane(false)
  const plain = { scope: { sites: ['*' as const], deviceTypes: [TYPE], from: { app: '<2.5.0' } } }
  const console = await consoleAt(sim, [sim.serial], plain)
  await expect.poll(() => console.console.registry.get(keyOf(sim))?.status?.mode).toBe('application')
  const run = await console.start(sim.serial)
  sim.setFaults({ breakApplication: true, refuse: 'boot' })
  await expect.poll(() => console.runs.view(run).phase).toBe('attention')
  // While the run lives, the boot loader that came back where it was sent is that device's, on nobody's word.
  await expect.poll(() => console.console.registry.get(keyOf(sim))?.claim).toEqual({ how: 'carried' })

  // In its next life the console knows of no order of its own, and may only remember.
  const next = await console.reboot()
  cleanUps.push(() => next.close())
  await waits(next, sim)
  expect(next.runs.view(run).phase).toBe('attention')
  const [waiting] = next.runs.claims.list()
  expect(waiting).toMatchObject({
    left: { device: keyOf(sim), run },
    plans: [{ id: PLAN, roles: ['technician'], twoPerson: false }],
  })
  await claimAs(next, sim, sim.serial)
  await expect.poll(() => next.console.registry.get(keyOf(sim))?.claim).toMatchObject({ how: 'plate', by: 'ada' })
  const claimed = next.recorder.entries().find(({ action }) => action === 'device.claimed')
  expect(claimed?.detail).toMatchObject({ left: run, second: null })
})
