import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { NetworkSearch } from '../../electron/host/device/search/search.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { Profile } from '../../shared/model/profile.ts'
import { ports, profileOf } from '../fixtures/devices/bench.ts'
import { startConsole } from '../fixtures/devices/console.ts'
import { eventually } from '../fixtures/eventually.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

test('a real network: a device that speaks SMP over UDP, a stranger’s web server, and silence', async () => {
  const sim = await startSmp({ kind: 'smp', type: 'acme-gateway', serial: 'SN-1', transport: 'udp', bootMs: 20 }, ports)
  cleanUps.push(() => sim.close())
  const stranger = createServer((socket) => {
    // Who only knocks hangs up at once.
    socket.on('error', () => {})
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => stranger.close())
  const udp = Number(new URL(sim.address).port)
  const http = (stranger.address() as { port: number }).port
  const console = startConsole({})
  cleanUps.push(() => console.close())
  const gateway = Profile.parse({ ...profileOf('acme-gateway'), drivers: [{ driver: 'smp', link: 'udp', port: udp }] })
  const winch = Profile.parse({
    ...profileOf('acme-winch'),
    drivers: [{ driver: 'swupdate', link: 'http', port: http }],
  })
  console.setProfiles([gateway, winch])
  const search = new NetworkSearch({
    profiles: () => [gateway, winch],
    identify: (address, signal) => console.registry.identify(address, signal),
  })
  cleanUps.push(() => search.close())
  // The laptop itself, seven neighbours of it that nobody is at, and the real sockets.
  await search.start('127.0.0.0/29', async () => {})
  await eventually(() => expect(search.read().state).toBe('done'))
  const { found, done, total } = search.read()
  expect([done, total]).toEqual([12, 12])
  expect(found.find(({ address }) => address === `udp://127.0.0.1:${udp}`)).toMatchObject({
    state: 'device',
    device: 'acme-gateway:SN-1',
    known: false,
  })
  expect(found.find(({ address }) => address === `http://127.0.0.1:${http}`)).toMatchObject({
    state: 'other',
    device: null,
  })
  expect(console.registry.list()).toEqual([])
})
