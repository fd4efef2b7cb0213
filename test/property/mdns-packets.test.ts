import { Bonjour } from 'bonjour-service'
import { array, assert, asyncProperty, integer, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import type { SeenPort } from '../../electron/host/link/link.ts'
import { mdnsFinder } from '../../electron/host/link/mdns-finder.ts'
import { MdnsSocket } from '../../electron/host/link/mdns-socket.ts'
import { eventually } from '../fixtures/eventually.ts'

const NET = { name: 'eth0', address: '10.0.4.2', prefix: 24 }
const FROM = { address: '10.0.4.9', port: 5353 }

/** What a real responder says of a service, byte by byte. */
async function announcement(name: string): Promise<Uint8Array> {
  const sent: Uint8Array[] = []
  const socket = new MdnsSocket(
    (bytes, _offset, _length, _port, _host, done) => {
      sent.push(new Uint8Array(bytes))
      done()
    },
    () => {},
  )
  const bonjour = new Bonjour({ socket, bind: false, multicast: false } as object)
  bonjour.publish({ name, type: 'mcumgr', protocol: 'udp', port: 4242, probe: false, disableIPv6: true })
  await eventually(() => expect(sent.length).toBeGreaterThan(0))
  const [first = new Uint8Array()] = sent
  await new Promise<void>((resolve) => bonjour.destroy(() => resolve()))
  return first
}

/** A finder on a network that the test plays. */
function listening(onPacket: (take: (bytes: Uint8Array) => void) => void): {
  seen: SeenPort[]
  end: () => Promise<void>
} {
  const seen: SeenPort[] = []
  const stop = new AbortController()
  const watching = mdnsFinder({
    wanted: () => [{ type: '_mcumgr._udp', scheme: 'udp' }],
    networks: () => [NET],
    rounds: [60_000],
    every: 60_000,
    open: async () => {
      const socket = new MdnsSocket(
        (_bytes, _offset, _length, _port, _host, done) => done(),
        () => {},
      )
      onPacket((bytes) => socket.take(Buffer.from(bytes), FROM))
      return socket
    },
  }).watch(
    (port) => seen.push(port),
    () => {},
    stop.signal,
  )
  const end = async () => {
    stop.abort()
    await watching
  }
  return { seen, end }
}

test('packets that were damaged, cut or made up neither stop the finder nor lead out of the network', async () => {
  const good = await announcement('Crane 7')
  let take: ((bytes: Uint8Array) => void) | undefined
  const { seen, end } = listening((taking) => {
    take = taking
  })
  await eventually(() => expect(take).toBeDefined())
  // The browsers listen from the next turn on.
  await new Promise((resolve) => setImmediate(resolve))
  const damage = array(tuple(integer({ min: 2, max: good.length - 1 }), integer({ min: 0, max: 255 })), {
    maxLength: 12,
  })
  await assert(
    asyncProperty(
      damage,
      integer({ min: 1, max: good.length }),
      uint8Array({ maxLength: 40 }),
      async (bytes, length, tail) => {
        const packet = Buffer.concat([good.slice(0, length), tail])
        for (const [at, value] of bytes) if (at < packet.length) packet[at] = value
        take?.(packet)
        take?.(Buffer.concat([good.slice(0, 12), tail]))
      },
    ),
    { numRuns: 3000 },
  )
  expect(seen.filter(({ address }) => !/^udp:\/\/10\.0\.4\.\d+:\d+$/.test(address))).toEqual([])
  expect(seen.filter(({ label }) => /\p{Cc}/u.test(label) || label.length > 63)).toEqual([])
  expect(new Set(seen.map(({ address }) => address)).size).toBeLessThanOrEqual(256)
  await end()
})

test('a network that shouts fills no memory: so many are followed, and no more', async () => {
  let take: ((bytes: Uint8Array) => void) | undefined
  const { seen, end } = listening((taking) => {
    take = taking
  })
  await eventually(() => expect(take).toBeDefined())
  await new Promise((resolve) => setImmediate(resolve))
  const name = 'Crane 0000'
  const good = Buffer.from(await announcement(name))
  for (let number = 0; number < 600; number += 1) {
    const text = good.toString('latin1').replaceAll(name, `Crane ${String(number).padStart(4, '0')}`)
    take?.(Buffer.from(text, 'latin1'))
  }
  expect(new Set(seen.map(({ label }) => label)).size).toBe(256)
  await end()
})

test('a decoder that stumbles over a packet does not take the process with it', () => {
  const socket = new MdnsSocket(
    () => {},
    () => {},
  )
  socket.on('message', () => {
    throw new RangeError('offset is out of bounds')
  })
  expect(() => socket.take(new Uint8Array(3), FROM)).not.toThrow()
})
