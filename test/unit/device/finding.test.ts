import { expect, test } from 'vitest'
import { announcedBy, candidatesFor } from '../../../electron/host/device/registry/candidates.ts'
import { Identification, ReadValue } from '../../../shared/contract/finding.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { driver, never, openers, profileOf } from '../../fixtures/devices/bench.ts'
import { deviceScene } from '../../fixtures/devices/scene.ts'

const { startSim, open } = deviceScene('FD')
const until = <T>(read: () => T) =>
  // oxlint-disable-next-line vitest/require-awaited-expect-poll -- awaited by who asks
  expect.poll(read, { interval: 10 })

test('an address is asked who it is, by which driver, and nothing of it is kept', async () => {
  const sim = await startSim()
  const console = open()
  const found = Identification.parse(await console.registry.identify(sim.address, never))
  expect(found).toEqual({
    address: sim.address,
    state: 'device',
    device: `acme-crane:${sim.serial}`,
    identity: { type: 'acme-crane', serial: sim.serial, hardware: 'rev-c' },
    typeTitle: 'Crane controller',
    driver: 'smp',
    known: false,
    reason: null,
    attempts: [{ type: 'acme-crane', typeTitle: 'Crane controller', driver: 'smp', reason: null }],
  })
  expect(console.registry.list()).toEqual([])
  expect(console.registry.addresses()).toEqual([])
  expect(console.appeared).toEqual([])
})

test('nobody, something else, another scheme: each with its reason', async () => {
  const console = open()
  const silent = await startSim({ serial: 'MUTE' })
  silent.setFaults({ stall: true })
  expect(await console.registry.identify(silent.address, never)).toMatchObject({
    state: 'silent',
    device: null,
    reason: { code: 'device.no-answer' },
    attempts: [{ type: 'acme-crane', reason: { code: 'device.no-answer' } }],
  })
  const sim = await startSim()
  console.setProfiles([Profile.parse({ ...profileOf('acme-crane'), type: 'acme-hoist' })])
  expect(await console.registry.identify(sim.address, never)).toMatchObject({
    state: 'not-ours',
    reason: { code: 'device.not-mine' },
    attempts: [{ type: 'acme-hoist', reason: { code: 'device.not-mine' } }],
  })
  console.setProfiles([])
  expect(await console.registry.identify(sim.address, never)).toMatchObject({
    state: 'not-ours',
    reason: { code: 'device.no-profile' },
    attempts: [],
  })
  await expect(console.registry.identify('nowhere', never)).rejects.toMatchObject({ code: 'link.bad-address' })
})

test('where a device is at work already, it is asked over the link that is open', async () => {
  const sim = await startSim()
  let opened = 0
  const counting = openers.map((opener) => ({
    ...opener,
    open: (...args: Parameters<typeof opener.open>) => {
      opened += 1
      return opener.open(...args)
    },
  }))
  const console = open({ openers: counting })
  console.name(sim.address)
  await until(() => console.registry.list()[0]?.presence).toBe('present')
  const before = opened
  const found = await console.registry.identify(sim.address, never)
  expect(found).toMatchObject({ state: 'device', known: true, attempts: [{ reason: null }] })
  expect(opened).toBe(before)
  expect(console.registry.list()[0]?.presence).toBe('present')
})

test('what the profile names is read by its name, and nothing else can be', async () => {
  const sim = await startSim({ version: '2.4.0' })
  const console = open()
  console.name(sim.address)
  await until(() => console.registry.list()[0]?.presence).toBe('present')
  const key = `acme-crane:${sim.serial}`
  const all = ReadValue.array().parse(await console.registry.read(key, undefined, never))
  expect(all.map(({ source }) => source)).toEqual(
    expect.arrayContaining(['identity.serial', 'version.app', ...profileOf('acme-crane').signals.map(({ id }) => id)]),
  )
  expect(all.filter(({ fault }) => fault !== null)).toEqual([])
  const [serial, version] = await console.registry.read(key, ['identity.serial', 'version.app'], never)
  expect([serial?.value, version?.value]).toEqual([sim.serial, '2.4.0'])
  await expect(console.registry.read(key, ['shell.reboot'], never)).rejects.toMatchObject({
    code: 'reading.unknown-signal',
  })
})

test('a device that announced itself is asked only by profiles that name the service', () => {
  const gateway = profileOf('acme-gateway')
  const announcing = Profile.parse({
    ...gateway,
    type: 'acme-beacon',
    drivers: [{ driver: 'smp', link: 'udp', mdns: ['_mcumgr._udp'] }],
  })
  const profiles = [gateway, announcing]
  const at = { address: 'udp://10.0.0.7:1337', label: 'x', found: 'announced', usb: null } as const
  const types = (service: string) =>
    candidatesFor({ ...at, service }, profiles, [driver], null).map(({ profile }) => profile.type)
  expect(types('_mcumgr._udp')).toEqual(['acme-beacon'])
  expect(types('_http._tcp')).toEqual([])
  expect(announcedBy(profiles)).toEqual([{ type: '_mcumgr._udp', scheme: 'udp' }])
  const web = (change: object) =>
    Profile.parse({ ...gateway, drivers: [{ driver: 'swupdate', link: 'http', mdns: ['_http._tcp'], ...change }] })
  expect(
    announcedBy([
      web({}),
      web({}),
      web({ tls: { ca: '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----' } }),
    ]),
  ).toEqual([
    { type: '_http._tcp', scheme: 'http' },
    { type: '_http._tcp', scheme: 'https' },
  ])
  expect(() => web({ mdns: ['http'] })).toThrow(/_name\._tcp/)
})
