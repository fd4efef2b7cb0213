import { expect, test, vi } from 'vitest'
import { addressFinder, type NamedAddress } from '../../../electron/host/link/address-finder.ts'
import { type ListedPort, serialFinder } from '../../../electron/host/link/serial-finder.ts'
import { usbNudges } from '../../../electron/host/link/usb-hotplug.ts'
import { eventually } from '../../fixtures/eventually.ts'

test('serial ports are announced as they come and go, by USB ids in lower case', async () => {
  let ports: ListedPort[] = [{ path: '/dev/ttyUSB0', vendorId: '0403', productId: '6A01', serialNumber: 'A1' }]
  const [seen, gone]: [unknown[], string[]] = [[], []]
  const stop = new AbortController()
  const watching = serialFinder({ list: async () => ports, every: 5 }).watch(
    (port) => seen.push(port),
    (address) => gone.push(address),
    stop.signal,
  )
  await eventually(() =>
    expect(seen).toEqual([
      {
        address: 'serial:/dev/ttyUSB0',
        label: '/dev/ttyUSB0',
        found: 'hot-plug',
        usb: { vid: '0403', pid: '6a01', serial: 'A1' },
      },
    ]),
  )
  // Another device on the same path is another port.
  ports = [{ path: '/dev/ttyUSB0', vendorId: '10c4', productId: 'ea60' }]
  await eventually(() => expect([gone.length, seen.length]).toEqual([1, 2]))
  ports = []
  await eventually(() => expect(gone).toEqual(['serial:/dev/ttyUSB0', 'serial:/dev/ttyUSB0']))
  stop.abort()
  await watching
})

test('a machine without udevadm has no serial ports, and that is no error', async () => {
  const list = vi.fn<() => Promise<readonly ListedPort[]>>(() =>
    Promise.reject(Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' })),
  )
  const stop = new AbortController()
  const watching = serialFinder({ list, every: 1 }).watch(
    () => expect.unreachable(),
    () => expect.unreachable(),
    stop.signal,
  )
  await eventually(() => expect(list.mock.calls.length).toBeGreaterThan(2))
  stop.abort()
  await watching
})

test('the real list of this machine can be asked', async () => {
  const stop = new AbortController()
  const watching = serialFinder().watch(
    () => {},
    () => {},
    stop.signal,
  )
  setTimeout(() => stop.abort(), 300)
  await expect(watching).resolves.toBeUndefined()
})

test('a nudge looks at once', async () => {
  let nudge = () => {}
  const list = vi.fn<() => Promise<readonly ListedPort[]>>(async () => [])
  const stop = new AbortController()
  const watching = serialFinder({
    list,
    every: 60_000,
    nudges: (wake) => {
      nudge = wake
      return () => {}
    },
  }).watch(
    () => {},
    () => {},
    stop.signal,
  )
  await eventually(() => expect(list).toHaveBeenCalledTimes(1))
  nudge()
  await eventually(() => expect(list).toHaveBeenCalledTimes(2))
  stop.abort()
  await watching
})

test('listening for USB works, or does nothing, on any machine', async () => {
  const stop = usbNudges(() => {})
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(stop).not.toThrow()
})

test('named addresses follow their source', async () => {
  let named: NamedAddress[] = [{ address: 'udp://a:1', label: 'A' }]
  let changed = () => {}
  const [seen, gone]: [string[], string[]] = [[], []]
  const stop = new AbortController()
  const watching = addressFinder({
    current: () => named,
    onChange: (listener) => {
      changed = listener
      return () => {
        changed = () => {}
      }
    },
  }).watch(
    (port) => seen.push(port.address),
    (address) => gone.push(address),
    stop.signal,
  )
  named = [
    { address: 'udp://b:1', label: 'B' },
    { address: 'udp://b:1', label: 'B again' },
  ]
  changed()
  expect([seen, gone]).toEqual([['udp://a:1', 'udp://b:1'], ['udp://a:1']])
  // The same place with other host keys is another way to reach it.
  named = [{ address: 'udp://b:1', label: 'B', hostKeys: ['SHA256:x'] }]
  changed()
  changed()
  stop.abort()
  await watching
  expect([seen, gone]).toEqual([['udp://a:1', 'udp://b:1', 'udp://b:1'], ['udp://a:1']])
})
