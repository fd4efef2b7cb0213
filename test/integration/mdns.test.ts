import { createSocket } from 'node:dgram'
import { Bonjour } from 'bonjour-service'
import { afterEach, expect, test } from 'vitest'
import { announcedBy } from '../../electron/host/device/registry/candidates.ts'
import type { SeenPort } from '../../electron/host/link/link.ts'
import { mdnsFinder } from '../../electron/host/link/mdns-finder.ts'
import type { WantedService } from '../../electron/host/link/mdns-service.ts'
import { openMdnsSocket } from '../../electron/host/link/mdns-socket.ts'
import { ownLinks } from '../../electron/host/link/own-networks.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { Profile } from '../../shared/model/profile.ts'
import { ports, profileOf } from '../fixtures/devices/bench.ts'
import { startConsole } from '../fixtures/devices/console.ts'
import { eventually } from '../fixtures/eventually.ts'

/** Real sockets and a real responder, on the loopback: it is there on every machine. */
const LO = [{ name: 'lo', address: '127.0.0.1', prefix: 8 }]
const SMP: WantedService = { type: '_mcumgr._udp', scheme: 'udp' }

const cleanUps: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

function responder() {
  const config = { interface: '127.0.0.1', bind: '0.0.0.0' } as object
  const bonjour = new Bonjour(config)
  cleanUps.push(() => new Promise<void>((resolve) => bonjour.destroy(() => resolve())))
  return bonjour
}

function find(wanted: () => readonly WantedService[], networks = () => LO) {
  const [seen, gone]: [SeenPort[], string[]] = [[], []]
  const stop = new AbortController()
  const watching = mdnsFinder({ wanted, networks, rounds: [200], every: 50 }).watch(
    (port) => seen.push(port),
    (address) => gone.push(address),
    stop.signal,
  )
  const end = async () => {
    stop.abort()
    await watching
  }
  cleanUps.push(end)
  return { seen, gone }
}

test('a device that announces itself becomes a device of the console, asked by who names its service', async () => {
  const sim = await startSmp({ kind: 'smp', type: 'acme-gateway', serial: 'MD-1', transport: 'udp', bootMs: 20 }, ports)
  cleanUps.push(() => sim.close())
  const named = Profile.parse({
    ...profileOf('acme-gateway'),
    drivers: [{ driver: 'smp', link: 'udp', mdns: [SMP.type] }],
  })
  const other = Profile.parse({ ...profileOf('acme-winch'), drivers: [{ driver: 'swupdate', link: 'http' }] })
  const finder = mdnsFinder({ wanted: () => announcedBy([named, other]), networks: () => LO, rounds: [200], every: 50 })
  const console = startConsole({ finders: [finder], profiles: () => [named, other] })
  cleanUps.push(() => console.close())
  const port = Number(new URL(sim.address).port)
  responder().publish({ name: 'Gateway', type: 'mcumgr', protocol: 'udp', port, disableIPv6: true })
  await eventually(() =>
    expect(console.registry.get('acme-gateway:MD-1')).toMatchObject({
      presence: 'present',
      link: { kind: 'udp', address: `udp://127.0.0.1:${port}` },
    }),
  )
  expect(console.registry.addresses()[0]?.label).toBe('Gateway')
})

test('a device that announces itself is found, under its port, and gone when it says goodbye', async () => {
  const found = find(() => [SMP])
  const bonjour = responder()
  const service = bonjour.publish({ name: 'Crane 7', type: 'mcumgr', protocol: 'udp', port: 4242, disableIPv6: true })
  // What no profile names is none of our business.
  bonjour.publish({ name: 'Printer', type: 'ipp', port: 631, disableIPv6: true })
  await eventually(() => expect(found.seen).toHaveLength(1))
  expect(found.seen[0]).toEqual({
    address: 'udp://127.0.0.1:4242',
    label: 'Crane 7',
    found: 'announced',
    service: '_mcumgr._udp',
    usb: null,
  })
  await new Promise<void>((resolve) => service.stop?.(() => resolve()))
  await eventually(() => expect(found.gone).toEqual(['udp://127.0.0.1:4242']))
  expect(found.seen).toHaveLength(1)
})

test('a device that falls silent without a goodbye is gone after some questions, and back when it answers', async () => {
  const found = find(() => [SMP])
  const first = responder()
  first.publish({ name: 'Crane 8', type: 'mcumgr', protocol: 'udp', port: 4243, disableIPv6: true })
  await eventually(() => expect(found.seen).toHaveLength(1))
  // Without stopping its services: as if its power went.
  await new Promise<void>((resolve) => first.destroy(() => resolve()))
  await eventually(() => expect(found.gone).toEqual(['udp://127.0.0.1:4243']))
  responder().publish({ name: 'Crane 8', type: 'mcumgr', protocol: 'udp', port: 4243, disableIPv6: true })
  await eventually(() => expect(found.seen).toHaveLength(2))
})

test('what is no mDNS at all does not disturb', async () => {
  const found = find(() => [SMP])
  const noise = createSocket('udp4')
  cleanUps.push(() => new Promise<void>((resolve) => noise.close(() => resolve())))
  await new Promise<void>((resolve) => noise.bind(0, '127.0.0.1', resolve))
  noise.setMulticastInterface('127.0.0.1')
  let seed = 7
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31)
  for (let packet = 0; packet < 150; packet += 1) {
    const bytes = Buffer.from(Array.from({ length: next() % 300 }, () => next() % 256))
    if (bytes.length > 3) bytes.writeUInt16BE(0x8400, 2)
    await new Promise<void>((resolve) => noise.send(bytes, 5353, '224.0.0.251', () => resolve()))
  }
  responder().publish({ name: 'Crane 9', type: 'mcumgr', protocol: 'udp', port: 4244, disableIPv6: true })
  await eventually(() => expect(found.seen.map(({ label }) => label)).toEqual(['Crane 9']))
})

test('no interface, an interface that cannot, nothing wanted: nothing is found, and that is no error', async () => {
  let networks: typeof LO = []
  const none = find(
    () => [SMP],
    () => networks,
  )
  const wrong = find(
    () => [SMP],
    () => [{ name: 'gone', address: '203.0.113.9', prefix: 24 }],
  )
  let wanted: readonly WantedService[] = []
  const nothing = find(() => wanted)
  responder().publish({ name: 'Crane 10', type: 'mcumgr', protocol: 'udp', port: 4245, disableIPv6: true })
  const other = find(() => [SMP])
  await eventually(() => expect(other.seen).toHaveLength(1))
  expect([none.seen, wrong.seen, nothing.seen]).toEqual([[], [], []])
  // A cable is plugged in; a profile arrives.
  networks = LO
  wanted = [SMP]
  await eventually(() => expect([none.seen.length, nothing.seen.length]).toEqual([1, 1]))
  wanted = []
  await eventually(() => expect(nothing.gone).toEqual(['udp://127.0.0.1:4245']))
})

test('a device that speaks nothing but IPv6 is found on the link of an interface, and asked there', async () => {
  const links = ownLinks()
  const [link] = links
  const sim = await startSmp({ kind: 'smp', type: 'acme-gateway', serial: 'MD-6', transport: 'udp', bootMs: 20 }, ports)
  cleanUps.push(() => sim.close())
  const port = await overIpv6(Number(new URL(sim.address).port))
  if (link) {
    const socket = await openMdnsSocket(link, new AbortController().signal)
    const bonjour = new Bonjour({ socket, bind: false, multicast: false } as object)
    cleanUps.push(() => new Promise<void>((resolve) => bonjour.destroy(() => resolve())))
    bonjour.publish({ name: 'Six', type: 'mcumgr', protocol: 'udp', port })
  }
  const profile = Profile.parse({
    ...profileOf('acme-gateway'),
    drivers: [{ driver: 'smp', link: 'udp', mdns: [SMP.type] }],
  })
  const finder = mdnsFinder({ wanted: () => announcedBy([profile]), networks: () => links, rounds: [200], every: 50 })
  const console = startConsole({ finders: [finder], profiles: () => [profile] })
  cleanUps.push(() => console.close())
  const here = link ? [['acme-gateway:MD-6', 'present', `udp://[${link.address}%${link.zone}]:${port}`]] : []
  // A machine without an IPv6 link finds nothing, and that is no error.
  await eventually(() =>
    expect(console.registry.list().map(({ key, presence, link: at }) => [key, presence, at?.address])).toEqual(here),
  )
})

/** The same device, reached over IPv6 alone. */
async function overIpv6(to: number): Promise<number> {
  const [outside, inside] = [createSocket({ type: 'udp6', ipv6Only: true }), createSocket('udp4')]
  let asker: { readonly port: number; readonly address: string } | null = null
  outside.on('message', (bytes, from) => {
    asker = from
    inside.send(bytes, to, '127.0.0.1')
  })
  inside.on('message', (bytes) => {
    if (asker) outside.send(bytes, asker.port, asker.address)
  })
  await new Promise<void>((resolve) => inside.bind(0, '127.0.0.1', resolve))
  const bound = await new Promise<number>((resolve) => {
    outside.once('error', () => resolve(0))
    outside.bind(0, '::', () => resolve(outside.address().port))
  })
  cleanUps.push(async () => {
    inside.close()
    if (bound > 0) outside.close()
  })
  return bound
}
