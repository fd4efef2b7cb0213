import { expect, test } from 'vitest'
import { searchable, searchPorts, targetsIn } from '../../../electron/host/device/search/plan.ts'
import { NetworkSearch, type SearchDeps } from '../../../electron/host/device/search/search.ts'
import { sleep } from '../../../electron/host/link/waiting.ts'
import type { Identification } from '../../../shared/contract/finding.ts'
import { SearchState } from '../../../shared/contract/search.ts'
import { AppError } from '../../../shared/errors.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { profileOf } from '../../fixtures/devices/bench.ts'
import { eventually } from '../../fixtures/eventually.ts'

const PROFILES = [profileOf('acme-crane'), profileOf('acme-gateway'), profileOf('acme-winch')]
const OWN = [{ name: 'eth0', address: '10.0.4.2', prefix: 24 }]
const UDP = { scheme: 'udp', port: 1337, driver: 'smp' } as const
const note = async () => {}

test('only ports that signed profiles name, each once', () => {
  const pinned = Profile.parse({
    ...profileOf('acme-winch'),
    drivers: [
      {
        driver: 'swupdate',
        link: 'http',
        port: 8443,
        tls: { ca: '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----' },
      },
    ],
  })
  expect(searchPorts([...PROFILES, ...PROFILES, pinned])).toEqual([
    { scheme: 'udp', port: 1337, driver: 'smp' },
    { scheme: 'http', port: 8080, driver: 'swupdate' },
    { scheme: 'https', port: 8443, driver: 'swupdate' },
  ])
  expect(searchPorts([profileOf('acme-crane')])).toEqual([])
})

test('every address of the network but its own, its broadcast and this laptop', () => {
  const hosts = targetsIn('10.0.4.0/29', [UDP], OWN).map(({ host }) => host)
  expect(hosts).toEqual(['10.0.4.1', '10.0.4.3', '10.0.4.4', '10.0.4.5', '10.0.4.6'])
  expect(targetsIn('10.0.4.7/32', [UDP], OWN).map(({ host }) => host)).toEqual(['10.0.4.7'])
  expect(targetsIn('10.0.4.9/22', [UDP], [])).toHaveLength(1022)
})

test.each([
  '8.8.8.0/24',
  '10.0.0.0/16',
  '192.168.0.0/15',
  '10.0.0.0/33',
  '300.1.1.0/24',
  '100.64.0.0/24',
  '10.0.4.0',
  '10.0.4.0/',
  '10.0.4.0/24/24x',
  'nonsense',
  '10.0.4.0/2.4e1',
])('%s is not searched', (network) => {
  expect(() => targetsIn(network, [UDP], [])).toThrow(expect.objectContaining({ code: 'link.not-searchable' }))
})

test('what is offered: the own networks, a wide one narrowed, a public one marked', () => {
  const own = [
    ...OWN,
    { name: 'wlan0', address: '172.16.40.9', prefix: 16 },
    { name: 'wwan0', address: '203.0.113.4', prefix: 30 },
  ]
  expect(searchable(own)).toEqual([
    { network: '10.0.4.0/24', name: 'eth0', hosts: 253, allowed: true },
    { network: '172.16.40.0/24', name: 'wlan0', hosts: 253, allowed: true },
    { network: '203.0.113.4/30', name: 'wwan0', hosts: 1, allowed: false },
  ])
})

function identity(address: string, device: string | null): Identification {
  const reason = device === null ? new AppError('device.not-mine').toData() : null
  const state = device === null ? 'not-ours' : 'device'
  return {
    address,
    state,
    device,
    identity: null,
    typeTitle: device && 'Gateway',
    driver: 'smp',
    known: false,
    reason,
    attempts: [],
  }
}

function searching(change: Partial<SearchDeps> = {}) {
  const knocked: string[] = []
  const pauses: number[] = []
  const search = new NetworkSearch({
    profiles: () => PROFILES,
    networks: () => OWN,
    identify: async (address) => identity(address, address.includes('10.0.4.5:') ? 'acme-gateway:G1' : null),
    knock: async ({ scheme, host, port }) => {
      knocked.push(`${scheme} ${host} ${port}`)
      return host === '10.0.4.5' || host === '10.0.4.6' ? 'open' : 'silent'
    },
    pause: async (ms) => void pauses.push(ms),
    ...change,
  })
  const ended = () => eventually(() => expect(search.read().state).toMatch(/done|stopped/))
  return { search, knocked, pauses, ended }
}

test('a search knocks once everywhere, keeps its rate, and asks who is behind what is open', async () => {
  const { search, knocked, pauses, ended } = searching()
  await search.start('10.0.4.0/29', note)
  await ended()
  const state = SearchState.parse(search.read())
  expect(state).toMatchObject({
    state: 'done',
    network: '10.0.4.0/29',
    ports: ['udp 1337', 'http 8080'],
    done: 10,
    total: 10,
  })
  expect(new Set(knocked).size).toBe(10)
  expect(knocked).toHaveLength(10)
  expect(pauses).toEqual(Array(10).fill(1000 / state.rate))
  expect(state.found.map(({ address, state: is, device }) => [address, is, device])).toEqual([
    ['http://10.0.4.5:8080', 'device', 'acme-gateway:G1'],
    ['http://10.0.4.6:8080', 'other', null],
    ['udp://10.0.4.5:1337', 'device', 'acme-gateway:G1'],
    ['udp://10.0.4.6:1337', 'other', null],
  ])
})

test('a search ends where it is told to, and another one can begin', async () => {
  const { search, knocked, ended } = searching({ pause: sleep })
  await search.start('10.0.4.0/24', note)
  await expect(search.start('10.0.4.0/24', note)).rejects.toMatchObject({ code: 'device.busy' })
  await eventually(() => expect(knocked.length).toBeGreaterThan(2))
  search.stop()
  await ended()
  const { state, done, total } = search.read()
  expect(state).toBe('stopped')
  expect(done).toBeLessThan(total)
  const sent = knocked.length
  await sleep(60, new AbortController().signal)
  expect(knocked).toHaveLength(sent)
  await search.start('10.0.4.0/30', note)
  search.stop()
  await search.close()
})

test('without a note in the log, without a port to knock at, in a public network: not one knock', async () => {
  const { search, knocked } = searching()
  const full = new AppError('disk.full')
  await expect(search.start('10.0.4.0/29', () => Promise.reject(full))).rejects.toBe(full)
  await expect(search.start('8.8.8.0/24', note)).rejects.toMatchObject({ code: 'link.not-searchable' })
  const bare = searching({ profiles: () => [profileOf('acme-crane')] })
  await expect(bare.search.start('10.0.4.0/29', note)).rejects.toMatchObject({ code: 'device.no-profile' })
  expect([...knocked, ...bare.knocked]).toEqual([])
  expect(search.read().state).toBe('idle')
})
