import { assert, integer, ipV4, property } from 'fast-check'
import { expect, test } from 'vitest'
import { announcedPort } from '../../../electron/host/link/mdns-service.ts'
import { ipv4, ipv4Text, isIn, isPrivate, ownLinks, ownNetworks } from '../../../electron/host/link/own-networks.ts'

const NET = [{ name: 'eth0', address: '192.168.4.10', prefix: 24 }]
const HTTP = { type: '_http._tcp', scheme: 'http' } as const
const port = (said: object) => announcedPort(said, HTTP, NET)

test('an announcement leads to the address within our own network', () => {
  expect(port({ name: 'Winch', port: 8080, addresses: ['fe80::1', '8.8.8.8', '192.168.4.77'] })).toMatchObject({
    address: 'http://192.168.4.77:8080',
    label: 'Winch',
    found: 'announced',
  })
  // Without an address of its own: who sent it.
  expect(port({ name: 'Winch', port: 80, addresses: [], referer: { address: '192.168.4.9' } })?.address).toBe(
    'http://192.168.4.9:80',
  )
})

test.each([
  { port: 8080, addresses: ['8.8.8.8'] },
  { port: 8080, addresses: ['127.0.0.1'] },
  { port: 8080, addresses: ['192.168.5.1'] },
  { port: 0, addresses: ['192.168.4.1'] },
  { port: 70_000, addresses: ['192.168.4.1'] },
  { port: '80', addresses: ['192.168.4.1'] },
  { addresses: ['192.168.4.1'] },
  { port: 80, addresses: [7, null, {}] },
  {},
])('%j leads nowhere', (said) => {
  expect(port(said)).toBeNull()
})

const LINK = [...NET, { name: 'eth0', address: 'fe80::10', prefix: 10, zone: 'eth0' }]

test('where no IPv4 address leads there, the IPv6 link of the interface does, and is worth nothing without it', () => {
  const over = (said: object) => announcedPort(said, HTTP, LINK)?.address
  expect(over({ port: 80, addresses: ['fe80::77'] })).toBe('http://[fe80::77%eth0]:80')
  expect(over({ port: 80, addresses: [], referer: { address: 'fe80::77%eth0' } })).toBe('http://[fe80::77%eth0]:80')
  expect(over({ port: 80, addresses: ['fe80::77', '192.168.4.77'] })).toBe('http://192.168.4.77:80')
  expect(over({ port: 80, addresses: ['2001:db8::1', 'fe80::77%wlan0', '::1', 'fd00::9'] })).toBeUndefined()
})

test('the IPv6 links of this laptop, by the name that each system gives an interface', () => {
  const own = { netmask: 'ffff:ffff:ffff:ffff::', mac: '02:00:00:00:00:01', family: 'IPv6' as const }
  const eth0 = [
    { ...own, address: 'fd00::2', internal: false, cidr: 'fd00::2/64', scopeid: 0 },
    { ...own, address: 'fe80::2', internal: false, cidr: 'fe80::2/64', scopeid: 4 },
  ]
  const lo = [{ ...own, address: '::1', internal: true, cidr: '::1/128', scopeid: 0 }]
  expect(ownLinks(() => ({ lo, eth0 }), 'linux')).toEqual([
    { name: 'eth0', address: 'fe80::2', prefix: 10, zone: 'eth0' },
  ])
  expect(ownLinks(() => ({ lo, eth0 }), 'win32')).toMatchObject([{ zone: '4' }])
  expect(isIn('fe80::9%eth1', { address: 'fe80::2', prefix: 10, zone: 'eth0' })).toBe(false)
})

test('a name cannot forge a line of the screen', () => {
  const label = (name: string) => port({ name, port: 80, addresses: ['192.168.4.1'] })?.label
  expect(label('Crane\u202e\n\u0007 7')).toBe('Crane 7')
  expect(label('\u0000')).toBe('192.168.4.1')
  expect(label('x'.repeat(500))).toHaveLength(63)
})

test('addresses and networks', () => {
  assert(property(ipV4(), (text) => ipv4Text(ipv4(text) ?? -1) === text))
  assert(property(ipV4(), integer({ min: 0, max: 32 }), (address, prefix) => isIn(address, { address, prefix })))
  expect(isIn('10.0.1.1', { address: '10.0.0.1', prefix: 23 })).toBe(true)
  expect(isIn('10.0.2.1', { address: '10.0.0.1', prefix: 23 })).toBe(false)
  expect(isIn('::1', { address: '10.0.0.1', prefix: 0 })).toBe(false)
  expect(['10.1.2.0/24', '172.31.0.0/16', '192.168.0.0/16', '169.254.3.0/24', '127.0.0.8/29'].map(privately)).toEqual(
    Array(5).fill(true),
  )
  expect(['8.8.8.0/24', '172.32.0.0/16', '192.168.0.0/15', '0.0.0.0/0', '100.64.0.0/10'].map(privately)).toEqual(
    Array(5).fill(false),
  )
})

test('the loopback and IPv6 are no networks that a cable leads to', () => {
  const lo = {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '',
    internal: true,
    cidr: '127.0.0.1/8',
  } as const
  const eth = { ...lo, address: '10.0.0.5', internal: false, cidr: '10.0.0.5/16' }
  const six = { ...eth, family: 'IPv6', address: 'fe80::1', cidr: 'fe80::1/64', scopeid: 2 } as const
  expect(ownNetworks(() => ({ lo: [lo], eth0: [six, eth] }))).toEqual([
    { name: 'eth0', address: '10.0.0.5', prefix: 16 },
  ])
  expect(ownNetworks(() => ({}))).toEqual([])
})

function privately(text: string): boolean {
  const [address = '', prefix] = text.split('/')
  return isPrivate({ address, prefix: Number(prefix) })
}

test.each([
  { addresses: { address: '192.168.4.9' } },
  { addresses: '192.168.4.9' },
  { addresses: 7, referer: null },
  { referer: 'x' },
])('nothing is made of %j', (said) => {
  expect(port({ name: 'Winch', port: 80, ...said })).toBeNull()
})
