import { expect, test } from 'vitest'
import type { Sim } from '../../../electron/sim/sim.ts'
import { SeenAddress, SignalRow } from '../../../shared/contract/devices.ts'
import { DeviceView } from '../../../shared/model/device.ts'
import { driver, firmware, never, openers, profileOf, watched } from '../../fixtures/devices/bench.ts'
import type { Console } from '../../fixtures/devices/console.ts'
import { deviceScene } from '../../fixtures/devices/scene.ts'

const { startSim, open } = deviceScene('RG')
const keyOf = (sim: Sim) => `${sim.type}:${sim.serial}`
function until<T>(read: () => T) {
  // oxlint-disable-next-line vitest/require-awaited-expect-poll -- awaited by who asks
  return expect.poll(read, { interval: 10 })
}
const present = (console: Console, sim: Sim) =>
  until(() => console.registry.get(keyOf(sim))).toMatchObject({ presence: 'present', status: { mode: 'application' } })

test('a named address: the device behind it, in the shape of the contract', async () => {
  const sim = await startSim({ serial: 'NAMED-1', version: '2.4.0' })
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  const view = console.registry.get('acme-crane:NAMED-1')
  expect(DeviceView.parse(view)).toMatchObject({
    name: 'Foredeck crane',
    typeTitle: 'Crane controller',
    link: { kind: 'memory', address: sim.address },
    status: { versions: { app: '2.4.0' } },
    lastSeenBy: 'ada',
    trouble: null,
  })
  expect(console.appeared).toEqual([{ identity: view?.identity, address: sim.address }])
  expect(console.saved.get('acme-crane:NAMED-1')?.versions).toEqual({ app: '2.4.0' })
  expect(SeenAddress.array().parse(console.registry.addresses())).toEqual([
    { address: sim.address, label: sim.address, state: 'device', device: 'acme-crane:NAMED-1', reason: null },
  ])
})

test('a device goes on being looked for, and is seen to come and go, without an entry for each look', async () => {
  const sim = await startSim({ transport: 'udp', type: 'acme-gateway' })
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  sim.setFaults({ stall: true })
  await until(() => console.registry.get(keyOf(sim))).toMatchObject({
    presence: 'silent',
    trouble: { code: 'device.no-answer' },
  })
  expect(console.registry.addresses()[0]).toMatchObject({ state: 'silent', device: null })
  sim.setFaults({ stall: false })
  await until(() => console.appeared.length).toBe(2)
})

test('a port that hot-plug announced is asked only by profiles that name its USB ids', async () => {
  const opened: string[] = []
  const counting = openers.map((opener) => ({
    ...opener,
    open: (...args: Parameters<typeof opener.open>) => {
      opened.push(args[0])
      return opener.open(...args)
    },
  }))
  const [mine, stranger] = [await startSim(), await startSim()]
  const console = open({ openers: counting })
  console.plug({ address: stranger.address, usb: { vid: '067b', pid: '2303', serial: null } })
  console.plug({ address: mine.address, usb: { vid: '1209', pid: 'c0de', serial: 'x' } })
  await present(console, mine)
  await until(() => console.registry.addresses().find(({ address }) => address === stranger.address)).toMatchObject({
    state: 'not-ours',
    reason: { code: 'device.no-profile' },
  })
  expect(opened).not.toContain(stranger.address)
  // A person who names it takes that upon themselves.
  console.name(stranger.address)
  await present(console, stranger)
})

test('looking writes nothing: slots, marks and uptime stay as they are', async () => {
  const sim = await startSim({ version: '2.4.0' })
  const before = sim.state()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  const release = console.registry.watchSignals(keyOf(sim))
  await until(() => console.registry.signals(keyOf(sim)).length).toBe(6)
  release()
  expect(sim.state()).toEqual({ ...before, running: true })
})

test('a device keeps its identity under another port name', async () => {
  const sim = await startSim()
  const console = open()
  const usb = { vid: '1209', pid: 'c0de', serial: null }
  console.plug({ address: sim.address, usb })
  await present(console, sim)
  const before = sim.address
  await sim.unplug()
  console.unplug(before)
  await until(() => console.registry.get(keyOf(sim))?.presence).toBe('absent')
  await expect(console.registry.use(keyOf(sim), async () => 1, never)).rejects.toMatchObject({ code: 'device.gone' })
  await sim.plug()
  expect(sim.address).not.toBe(before)
  console.plug({ address: sim.address, usb })
  await present(console, sim)
  expect(console.registry.list()).toHaveLength(1)
})

test('two devices with one identity block each other until one is gone', async () => {
  const first = await startSim({ serial: 'TWIN', transport: 'udp', type: 'acme-gateway' })
  const console = open()
  console.name(first.address)
  await present(console, first)
  const second = await startSim({ serial: 'TWIN', transport: 'udp', type: 'acme-gateway' })
  console.name(second.address)
  await until(() => console.registry.get('acme-gateway:TWIN')?.presence).toBe('duplicate')
  const refused = await console.registry.use('acme-gateway:TWIN', async () => 1, never).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'device.duplicate', detail: { device: 'acme-gateway:TWIN' } })
  await first.close()
  await until(() => console.registry.get('acme-gateway:TWIN')?.presence).toBe('present')
  expect(console.registry.get('acme-gateway:TWIN')?.link?.address).toBe(second.address)
  expect(await console.registry.use('acme-gateway:TWIN', async () => 1, never)).toBe(1)
})

test('a device that moved to another address is no twin of itself', async () => {
  const first = await startSim({ serial: 'MOVED', transport: 'udp', type: 'acme-gateway' })
  const console = open()
  console.name(first.address)
  await present(console, first)
  await first.close()
  const again = await startSim({ serial: 'MOVED', transport: 'udp', type: 'acme-gateway' })
  console.name(again.address)
  await until(() => console.registry.get('acme-gateway:MOVED')?.link?.address).toBe(again.address)
  expect(console.registry.get('acme-gateway:MOVED')?.presence).not.toBe('duplicate')
})

test('two names of one address are one device', async () => {
  const sim = await startSim({ transport: 'udp', type: 'acme-gateway' })
  const console = open()
  console.name(sim.address, sim.address.replace('127.0.0.1', 'localhost'))
  await present(console, sim)
  await until(() => console.registry.addresses().map(({ state }) => state)).toEqual(['device', 'device'])
  expect(await console.registry.use(keyOf(sim), async () => 1, never)).toBe(1)
})

test('uses of one device never interleave; who gives up waiting holds nobody up', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  const log: string[] = []
  const work = (name: string, ms: number) =>
    console.registry.use(
      keyOf(sim),
      async () => {
        log.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, ms))
        log.push(`${name} ends`)
      },
      never,
    )
  const stop = new AbortController()
  const a = work('a', 80)
  const gaveUp = console.registry.use(keyOf(sim), async () => log.push('never'), stop.signal)
  const b = work('b', 5)
  stop.abort()
  await expect(gaveUp).rejects.toMatchObject({ code: 'cancelled' })
  await Promise.all([a, b])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

test('another device behind the same port is noticed before anything is done to it', async () => {
  const udp = { transport: 'udp', type: 'acme-gateway' } as const
  const first = await startSim({ ...udp, serial: 'SWAP-A' })
  const timing = { presence: 60_000, status: 60_000, retryFirst: 50, retryMost: 100, returning: 20, probe: 3000 }
  const console = open({ timing })
  const port = Number(first.address.split(':').at(-1))
  console.name(first.address)
  await present(console, first)
  await first.close()
  // The same port, and another machine behind it.
  const second = await startSim({ ...udp, serial: 'SWAP-B', port })
  await until(() => second.state().running).toBe(true)
  let touched = false
  const use = () =>
    console.registry.use(
      keyOf(first),
      async () => {
        touched = true
      },
      never,
    )
  await expect(use()).rejects.toMatchObject({ code: 'device.identity-changed', detail: { expected: keyOf(first) } })
  await present(console, second)
  await expect(use()).rejects.toMatchObject({ code: 'device.gone' })
  expect(touched).toBe(false)
})

test('silence, strangers and busy ports are told apart', async () => {
  const [silent, strange, busy] = [await startSim({ faults: { stall: true } }), await startSim(), await startSim()]
  const taken = openers.find(({ scheme }) => scheme === 'sim')?.open(busy.address, {}, never)
  const console = open()
  console.setProfiles([{ ...profileOf('acme-crane'), type: 'other-crane' }])
  console.name(silent.address, strange.address, busy.address)
  const states = () => Object.fromEntries(console.registry.addresses().map(({ address, state }) => [address, state]))
  await until(states).toEqual({ [silent.address]: 'silent', [strange.address]: 'not-ours', [busy.address]: 'busy' })
  await (await taken)?.close()
  // A profile that comes with the next sync is asked at once.
  console.setProfiles([profileOf('acme-crane')])
  await present(console, strange)
  await present(console, busy)
  expect(console.registry.list().map(({ identity }) => identity.serial)).toEqual([strange.serial, busy.serial])
})

/** Writes a version to it and orders the restart, which it has not seen through yet. */
async function writeAndRestart(console: Console, sim: Sim, version: string): Promise<void> {
  const image = await firmware('acme-crane', version)
  await console.registry.use(
    keyOf(sim),
    async ({ device }) => {
      await driver.write(device, image, watched(), never)
      await driver.attach(device, [image], never)
    },
    never,
  )
}

test('a restart: the device is waited for, and is back only when it has really restarted', async () => {
  const sim = await startSim({ bootMs: 300, version: '2.4.0' })
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  await writeAndRestart(console, sim, '2.5.0')
  const returning = console.registry.waitForReturn(keyOf(sim), 10_000, never)
  expect(console.registry.get(keyOf(sim))?.presence).toBe('restarting')
  await returning
  expect(console.registry.get(keyOf(sim))).toMatchObject({
    presence: 'present',
    status: { versions: { app: '2.5.0' } },
  })
  expect(console.appeared).toHaveLength(1)
})

test('a device that takes its time to go down is not taken for the restarted one', async () => {
  const sim = await startSim({ restartDelayMs: 2500, version: '2.4.0' })
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  await writeAndRestart(console, sim, '2.5.0')
  // The order was taken, and the old version still answers.
  expect(sim.state()).toMatchObject({ restarts: 0, running: true })
  await console.registry.waitForReturn(keyOf(sim), 10_000, never)
  expect(sim.state()).toMatchObject({ restarts: 1, version: '2.5.0' })
})

test('a device that comes back under another name is found', async () => {
  const sim = await startSim({ bootMs: 100, faults: { reenumerate: true } })
  const console = open()
  const usb = { vid: '1209', pid: 'c0de', serial: null }
  console.plug({ address: sim.address, usb })
  await present(console, sim)
  const before = sim.address
  sim.onAddress((address) => {
    console.unplug(before)
    setTimeout(() => console.plug({ address, usb }), 50)
  })
  await writeAndRestart(console, sim, '2.5.0')
  await console.registry.waitForReturn(keyOf(sim), 10_000, never)
  expect(console.registry.get(keyOf(sim))).toMatchObject({ presence: 'present', link: { address: sim.address } })
  expect(sim.address).not.toBe(before)
})

test('a device that does not come back ends the wait with its code', async () => {
  const sim = await startSim({ faults: { silentAfterRestart: true } })
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  await writeAndRestart(console, sim, '2.5.0')
  await expect(console.registry.waitForReturn(keyOf(sim), 600, never)).rejects.toMatchObject({
    code: 'device.restart-timeout',
  })
})

test('signals are read only while somebody watches, and carry what the profile says of them', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  expect(console.registry.signals(keyOf(sim))).toEqual([])
  const releases = [console.registry.watchSignals(keyOf(sim)), console.registry.watchSignals(keyOf(sim))]
  await until(() => console.registry.signals(keyOf(sim)).length).toBe(6)
  const row = (id: string) => console.registry.signals(keyOf(sim)).find(({ signal }) => signal === id)
  expect(SignalRow.parse(row('boom.parked'))).toMatchObject({
    value: true,
    fault: null,
    raw: 'closed',
    level: 'normal',
  })
  expect(row('hydraulics.pressure')).toMatchObject({ value: 12, unit: 'bar' })
  sim.setSignals({ 'battery.percent': 12, 'boom.parked': false })
  await until(() => row('battery.percent')).toMatchObject({ value: 12, level: 'alarm', recent: [87, 12] })
  expect(row('boom.parked')).toMatchObject({ value: false })

  sim.setFaults({ stall: true })
  await until(() => row('boom.parked')).toMatchObject({ value: null, fault: 'no-answer', level: 'unknown' })
  sim.setFaults({ stall: false })
  await until(() => row('boom.parked')).toMatchObject({ value: false, fault: null })

  for (const release of releases) release()
  const last = row('boom.parked')
  await new Promise((resolve) => setTimeout(resolve, 1300))
  expect(row('boom.parked')?.at).toBe(last?.at)
  expect(row('boom.parked')?.ageMs).toBeGreaterThan(1000)
})

test('a signal that no profile knows is a mistake of who asks', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  await expect(
    console.registry.use(keyOf(sim), (session) => session.readSignals(['boom.colour'], never), never),
  ).rejects.toMatchObject({ code: 'reading.unknown-signal' })
})

test('an address that is forgotten in mid-use is let go of afterwards', async () => {
  const sim = await startSim()
  const console = open()
  console.name(sim.address)
  await present(console, sim)
  const image = await firmware('acme-crane', '2.5.0')
  const writing = console.registry.use(keyOf(sim), ({ device }) => driver.write(device, image, watched(), never), never)
  await new Promise((resolve) => setTimeout(resolve, 10))
  console.forget(sim.address)
  expect(await writing).toEqual({ alreadyHeld: false })
  await until(() => console.registry.get(keyOf(sim))?.presence).toBe('absent')
  await until(() => console.registry.addresses()).toEqual([])
  // The port is free again for others.
  await (await openers.find(({ scheme }) => scheme === 'sim')?.open(sim.address, {}, never))?.close()
})

test('what was seen on an earlier day is listed as absent', async () => {
  const identity = { type: 'acme-crane', serial: 'OLD-1', hardware: null }
  const known = {
    key: 'acme-crane:OLD-1',
    identity,
    address: 'serial:/dev/x',
    status: null,
    statusAt: null,
    lastSeenAt: 5,
    lastSeenBy: 'bo',
  }
  const console = open({ known: [known] })
  expect(console.registry.list()).toEqual([
    expect.objectContaining({ key: known.key, presence: 'absent', lastSeenAt: 5, lastSeenBy: 'bo', link: null }),
  ])
})
