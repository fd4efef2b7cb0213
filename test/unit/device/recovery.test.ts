/** A boot loader that cannot say whose device it is: found, shown, and taken for a device only on somebody's word. */

import { expect, test } from 'vitest'
import type { Sim } from '../../../electron/sim/sim.ts'
import type { Identity } from '../../../shared/model/device.ts'
import { firmware, never, profileOf, watched } from '../../fixtures/devices/bench.ts'
import type { Console } from '../../fixtures/devices/console.ts'
import { deviceScene } from '../../fixtures/devices/scene.ts'

const { startSim, open } = deviceScene('RC')
const TYPE = 'acme-crane'
const identityOf = ({ serial }: Sim, change: Partial<Identity> = {}): Identity => ({
  type: TYPE,
  serial,
  hardware: 'rev-c',
  ...change,
})
const keyOf = (sim: Sim) => `${TYPE}:${sim.serial}`
const claim = { how: 'plate', plan: 'rescue', by: 'ada', second: null, at: 1 } as const
function until<T>(read: () => T) {
  // oxlint-disable-next-line vitest/require-awaited-expect-poll -- awaited by who asks
  return expect.poll(read, { interval: 10 })
}
const present = (console: Console, sim: Sim) => until(() => console.registry.get(keyOf(sim))?.presence).toBe('present')
const waits = (console: Console, sim: Sim) =>
  until(() => console.registry.waiting().map(({ address }) => address)).toContain(sim.address)

/** A crane whose application does not start, and a console that has found its boot loader. */
async function stranded(): Promise<{ sim: Sim; console: Console }> {
  const sim = await startSim({ faults: { breakApplication: true } })
  const console = open()
  console.name(sim.address)
  await waits(console, sim)
  return { sim, console }
}

test('it is shown as what it is: a boot loader of these types, and no device', async () => {
  const { sim, console } = await stranded()
  const [waiting] = console.registry.waiting()
  expect(waiting).toMatchObject({ address: sim.address, label: sim.address })
  // Both profiles speak SMP on a serial line; only the crane's does here, for the gateway's link is UDP.
  expect(waiting?.mayBe.map(({ profile, driver, facts }) => [profile.type, driver, facts])).toEqual([
    [TYPE, 'smp', { hardware: null, holds: null, says: { loader: 'MCUboot' } }],
  ])
  expect(console.registry.addresses()).toMatchObject([
    { state: 'boot-loader', device: null, reason: { code: 'device.in-recovery' } },
  ])
  expect(console.registry.list()).toEqual([])
  expect(console.appeared).toEqual([])
})

test('on the word of a person it is that device, in its boot loader, and is not said to have been seen', async () => {
  const { sim, console } = await stranded()
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  await until(() => console.registry.get(keyOf(sim))).toMatchObject({
    presence: 'present',
    claim,
    lastSeenAt: null,
    status: { mode: 'bootloader', versions: { app: null } },
  })
  expect(console.registry.waiting()).toEqual([])
  expect(console.appeared).toEqual([])
  expect(console.saved.size).toBe(0)
  await expect(console.registry.use(keyOf(sim), async (session) => session.claim, never)).resolves.toEqual(claim)
})

test('the word ends with the presence for which it was given: pulled and plugged in again, it waits as before', async () => {
  const { sim, console } = await stranded()
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  const before = sim.address
  await sim.unplug()
  await until(() => console.registry.get(keyOf(sim))?.claim).toBeUndefined()
  const used = console.registry.use(keyOf(sim), async () => 'written', never)
  await expect(used).rejects.toMatchObject({ code: expect.stringMatching(/^(?:device|link)\./) })
  await sim.plug()
  console.forget(before)
  console.name(sim.address)
  await waits(console, sim)
  expect(console.registry.get(keyOf(sim))?.claim).toBeUndefined()
})

test('a single answer that does not come ends the word', async () => {
  const { sim, console } = await stranded()
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  sim.setFaults({ stall: true })
  await until(() => console.registry.get(keyOf(sim))?.claim).toBeUndefined()
  sim.setFaults({ stall: false })
  await waits(console, sim)
  expect(console.registry.get(keyOf(sim))?.presence).not.toBe('present')
})

test('two boot loaders that are alike are nobody’s, whatever plate was read', async () => {
  const { sim, console } = await stranded()
  const other = await startSim({ faults: { breakApplication: true } })
  console.name(other.address)
  await waits(console, other)
  const said = console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  await expect(said).rejects.toMatchObject({
    code: 'device.several-loaders',
    detail: { addresses: `${sim.address}, ${other.address}` },
  })
  await other.unplug()
  console.forget(other.address)
  await until(() => console.registry.waiting().length).toBe(1)
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  // Nor is a second one taken for a device while the first is held for one: the plates may have been mixed up.
  const third = await startSim({ faults: { breakApplication: true } })
  console.name(third.address)
  await waits(console, third)
  const again = console.registry.claim({ address: third.address, identity: identityOf(third), claim }, never)
  await expect(again).rejects.toMatchObject({ code: 'device.several-loaders' })
})

test('a device that answers elsewhere is not the one that waits', async () => {
  const { sim, console } = await stranded()
  const well = await startSim()
  console.name(well.address)
  await present(console, well)
  const said = console.registry.claim({ address: sim.address, identity: identityOf(well), claim }, never)
  await expect(said).rejects.toMatchObject({ code: 'device.seen-elsewhere', detail: { address: well.address } })
})

test('who is taken for a device and answers elsewhere blocks both', async () => {
  const { sim, console } = await stranded()
  const well = await startSim({ serial: 'RC-WELL' })
  await console.registry.claim({ address: sim.address, identity: identityOf(well), claim }, never)
  await until(() => console.registry.get(keyOf(well))?.claim).toEqual(claim)
  console.name(well.address)
  await until(() => console.registry.get(keyOf(well))?.presence).toBe('duplicate')
  await expect(console.registry.use(keyOf(well), async () => 1, never)).rejects.toMatchObject({
    code: 'device.duplicate',
  })
})

test('a word that is taken back holds no longer', async () => {
  const { sim, console } = await stranded()
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  await console.registry.disclaim(keyOf(sim))
  await waits(console, sim)
  await expect(console.registry.use(keyOf(sim), async () => 1, never)).rejects.toMatchObject({
    code: 'device.unclaimed',
  })
})

test('written on that word it comes back, and says itself who it is', async () => {
  const { sim, console } = await stranded()
  await console.registry.claim({ address: sim.address, identity: identityOf(sim), claim }, never)
  const image = { ...(await firmware(TYPE, '2.5.0')), permanent: true }
  await console.registry.use(
    keyOf(sim),
    async (session) => {
      await session.driver.write(session.device, image, watched(), never)
      session.expectLoader(5000)
      await session.driver.attach(session.device, [image], never)
    },
    never,
  )
  await console.registry.waitForReturn(keyOf(sim), 5000, never)
  await until(() => console.registry.get(keyOf(sim))).toMatchObject({
    presence: 'present',
    status: { mode: 'application', versions: { app: '2.5.0' } },
  })
  expect(console.registry.get(keyOf(sim))?.claim).toBeUndefined()
  await until(() => console.appeared).toEqual([{ identity: identityOf(sim), address: sim.address }])
})

test('written as one device it says that it is another: whoever waits for it hears so at once', async () => {
  const { sim, console } = await stranded()
  const meant = identityOf(sim, { serial: 'RC-MEANT' })
  await console.registry.claim({ address: sim.address, identity: meant, claim }, never)
  const image = { ...(await firmware(TYPE, '2.5.0')), permanent: true }
  await console.registry.use(
    `${TYPE}:RC-MEANT`,
    async (session) => {
      await session.driver.write(session.device, image, watched(), never)
      session.expectLoader(5000)
      await session.driver.attach(session.device, [image], never)
    },
    never,
  )
  await expect(console.registry.waitForReturn(`${TYPE}:RC-MEANT`, 5000, never)).rejects.toMatchObject({
    code: 'device.mistaken',
    detail: { expected: `${TYPE}:RC-MEANT`, found: keyOf(sim), address: sim.address },
  })
  expect(console.registry.get(`${TYPE}:RC-MEANT`)?.trouble).toMatchObject({ code: 'device.mistaken' })
})

test('the boot loader of a device that the console itself sent there is that device’s, once', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  sim.setFaults({ breakApplication: true })
  await console.registry.use(
    keyOf(sim),
    async (session) => {
      session.expectLoader(5000)
      sim.powerCycle()
    },
    never,
  )
  await until(() => console.registry.get(keyOf(sim))).toMatchObject({
    presence: 'present',
    claim: { how: 'carried' },
    status: { mode: 'bootloader' },
  })
  // Whoever comes after it is a stranger, however soon.
  sim.setFaults({ stall: true })
  await until(() => console.registry.get(keyOf(sim))?.claim).toBeUndefined()
  sim.setFaults({ stall: false })
  await waits(console, sim)
  expect(console.registry.get(keyOf(sim))?.presence).not.toBe('present')
})

test('nobody expected it: a device that falls into its boot loader by itself waits for a person', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  sim.setFaults({ breakApplication: true })
  sim.powerCycle()
  await waits(console, sim)
  expect(console.registry.get(keyOf(sim))?.presence).not.toBe('present')
  expect(console.registry.lastSeen(keyOf(sim))?.address).toBe(sim.address)
})

test('one that may belong to devices of two types is shown as both', async () => {
  const sim = await startSim({ faults: { breakApplication: true } })
  const crane = profileOf(TYPE)
  const other = { ...crane, type: 'other-crane', title: 'Other crane' }
  const console = open({ profiles: () => [crane, other] })
  console.name(sim.address)
  await waits(console, sim)
  expect(console.registry.waiting()[0]?.mayBe.map(({ profile }) => profile.type)).toEqual([TYPE, 'other-crane'])
})
