/** Devices behind a gateway that leads its ports to them: each is a device of its own, wherever a port leads today. */

import { createSocket, type RemoteInfo } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import type { Sim } from '../../electron/sim/sim.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { Profile } from '../../shared/model/profile.ts'
import { driver, firmware, never, profileOf } from '../fixtures/devices/bench.ts'
import { startConsole } from '../fixtures/devices/console.ts'
import { startRunConsole } from '../fixtures/devices/run-console.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

/** A crane that is reached through the network of its gateway. */
const CRANE = Profile.parse({ ...profileOf('acme-crane'), drivers: [{ driver: 'smp', link: 'udp' }] })
const keyOf = (sim: Sim) => `${sim.type}:${sim.serial}`
const portOf = ({ address }: Sim) => Number(new URL(address).port)

async function behind(type: 'acme-crane' | 'acme-gateway', serial: string): Promise<Sim> {
  const sim = await startSmp({ kind: 'smp', type, serial, transport: 'udp', bootMs: 20 })
  cleanUps.push(() => sim.close())
  return sim
}

/** A port of the gateway: what comes there goes to a device behind it, and its answers come back. */
async function forwarding(first: number) {
  const [outside, inside] = [createSocket('udp4'), createSocket('udp4')]
  let asker: RemoteInfo | null = null
  const lead = { to: first }
  outside.on('message', (bytes, from) => {
    asker = from
    inside.send(bytes, lead.to, '127.0.0.1')
  })
  inside.on('message', (bytes, { port }) => {
    if (asker && port === lead.to) outside.send(bytes, asker.port, asker.address)
  })
  for (const socket of [outside, inside]) {
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    cleanUps.push(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  }
  return { lead, address: `udp://127.0.0.1:${outside.address().port}` }
}

test('a gateway and two cranes behind it: three devices, and an update of one leaves the others alone', async () => {
  const [gateway, left, right] = [
    await behind('acme-gateway', 'GW-9'),
    await behind('acme-crane', 'LEFT'),
    await behind('acme-crane', 'RIGHT'),
  ]
  const ports = [await forwarding(portOf(gateway)), await forwarding(portOf(left)), await forwarding(portOf(right))]
  const console = await startRunConsole({
    addresses: ports.map(({ address }) => address),
    own: {
      profile: CRANE,
      image: await firmware('acme-crane', '2.5.0'),
      safe: 'signal.boom.parked && signal.boom.locked',
      console: { profiles: () => [CRANE, profileOf('acme-gateway')], drivers: [driver] },
    },
  })
  cleanUps.push(() => console.close())
  const { registry } = console.console
  await expect
    .poll(() => registry.list().map(({ key, presence, link }) => [key, presence, link?.address]))
    .toEqual(
      expect.arrayContaining([gateway, left, right].map((sim, at) => [keyOf(sim), 'present', ports[at]?.address])),
    )
  expect(registry.list()).toHaveLength(3)
  await expect.poll(() => registry.get(keyOf(left))?.status).not.toBeNull()

  const run = await console.start('LEFT')
  await expect.poll(() => console.runs.view(run).endedAt, { timeout: 15_000 }).not.toBeNull()
  expect(console.runs.view(run)).toMatchObject({ phase: 'succeeded', device: keyOf(left) })
  expect([left, right, gateway].map((sim) => [sim.state().version, sim.state().restarts])).toEqual([
    ['2.5.0', 1],
    ['2.4.0', 0],
    ['2.4.0', 0],
  ])
  expect(console.runs.history(keyOf(gateway))).toEqual([])
})

test('a port that leads to another crane today: who is meant is not taken for who answers', async () => {
  const [left, right] = [await behind('acme-crane', 'LEFT-2'), await behind('acme-crane', 'RIGHT-2')]
  const port = await forwarding(portOf(left))
  const console = startConsole({ profiles: () => [CRANE] })
  cleanUps.push(() => console.close())
  console.name(port.address)
  await expect.poll(() => console.registry.get(keyOf(left))?.presence).toBe('present')
  port.lead.to = portOf(right)
  let reached = false
  const meant = console.registry.use(keyOf(left), async () => (reached = true), never)
  await expect(meant).rejects.toMatchObject({ code: expect.stringMatching(/^device\.(?:identity-changed|gone)$/) })
  expect(reached).toBe(false)
  await expect.poll(() => console.registry.get(keyOf(right))?.presence).toBe('present')
  expect(console.registry.get(keyOf(left))?.presence).not.toBe('present')
})
