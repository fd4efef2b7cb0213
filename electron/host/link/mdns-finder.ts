import type { Bonjour as BonjourType, Browser } from 'bonjour-service'
import { parseAddress } from './address.ts'
import type { LinkFinder, SeenPort } from './link.ts'
import { type AnnouncedService, announcedPort, type WantedService } from './mdns-service.ts'
import { type MdnsSocket, openMdnsSocket } from './mdns-socket.ts'
import { type OwnNetwork, ownLinks, ownNetworks } from './own-networks.ts'
import { sleep } from './waiting.ts'

export interface MdnsFinderOptions {
  /** What signed profiles name at the moment. While there is nothing, nothing is sent and nothing is listened to. */
  readonly wanted: () => readonly WantedService[]
  readonly networks?: () => readonly OwnNetwork[]
  readonly open?: (network: OwnNetwork, signal: AbortSignal) => Promise<MdnsSocket>
  /** ms between questions, the last one for good; RFC 6762 5.2: first after a second, then twice as long, up to an hour. */
  readonly rounds?: readonly number[]
  /** ms between looks at interfaces and profiles. */
  readonly every?: number
}

const ROUNDS = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]
/** Questions in a row that a service may leave unanswered before it counts as gone. */
const MISSED = 3
/** Announcements that are followed at the same time. */
const MOST = 256

interface Heard {
  readonly port: SeenPort
  missed: number
}

/**
 * Announces devices that announce themselves on the local network (RFC 6762, RFC 6763), on every interface, over IPv4 and IPv6, for the
 * service types that signed profiles name. An announcement proves nothing about who answers there.
 */
export function mdnsFinder(options: MdnsFinderOptions): LinkFinder {
  const {
    networks = () => [...ownNetworks(), ...ownLinks()],
    open = openMdnsSocket,
    rounds = ROUNDS,
    every = 2000,
  } = options
  return {
    async watch(onSeen, onGone, signal) {
      const heard = new Followed(onSeen, onGone)
      while (!signal.aborted) {
        const [wanted, here] = [options.wanted(), networks()]
        const scene = JSON.stringify([wanted, here])
        const isSame = () => JSON.stringify([options.wanted(), networks()]) === scene
        heard.keepOnly(wanted, here)
        const ways = wanted.length === 0 ? [] : await openWays(here, open, signal)
        try {
          await listen(ways, wanted, { heard, networks: here, rounds, every, isSame, signal })
        } finally {
          for (const way of ways) way.destroy()
        }
      }
    },
  }
}

interface Listening {
  readonly heard: Followed
  readonly networks: readonly OwnNetwork[]
  readonly rounds: readonly number[]
  readonly every: number
  readonly isSame: () => boolean
  readonly signal: AbortSignal
}

/** Asks and listens until interfaces or profiles change. */
async function listen(ways: readonly BonjourType[], wanted: readonly WantedService[], on: Listening): Promise<void> {
  for (let round = 0; !on.signal.aborted && on.isSame(); round += 1) {
    const asked = ways.flatMap((way) => wanted.map((service) => ask(way, service, on)))
    let rest = on.rounds[Math.min(round, on.rounds.length - 1)] ?? on.every
    while (rest > 0 && !on.signal.aborted && on.isSame()) {
      await sleep(Math.min(rest, on.every), on.signal).catch(() => {})
      rest -= on.every
    }
    for (const browser of asked) browser.stop()
    if (ways.length > 0 && rest <= 0) on.heard.endRound()
  }
}

/** One question. A new browser each time: it keeps whatever anybody announces, so it must not live long. */
function ask(way: BonjourType, service: WantedService, { heard, networks }: Listening): Browser {
  const [type = '', protocol = ''] = service.type.split('.').map((label) => label.slice(1))
  const keyOf = (said: { readonly fqdn?: unknown }) => `${service.scheme} ${String(said.fqdn).toLowerCase()}`
  const browser = way.find({ type, protocol: protocol === 'udp' ? 'udp' : 'tcp' })
  const take = (said: AnnouncedService & { readonly fqdn?: unknown }) => {
    const port = announcedPort(said, service, networks)
    if (port) heard.add(keyOf(said), port)
    if (heard.isFull) browser.stop()
  }
  browser.on('up', take)
  browser.on('srv-update', take)
  browser.on('down', (said) => heard.remove(keyOf(said)))
  return browser
}

async function openWays(
  networks: readonly OwnNetwork[],
  open: NonNullable<MdnsFinderOptions['open']>,
  signal: AbortSignal,
): Promise<readonly BonjourType[]> {
  if (networks.length === 0) return []
  const { Bonjour } = await import('bonjour-service')
  // An interface that cannot do it, or a port that another program keeps for itself: the others still work.
  const sockets = await Promise.allSettled(networks.map((network) => open(network, signal)))
  return sockets.flatMap((socket) => {
    if (socket.status === 'rejected') return []
    // `multicast-dns` takes a socket that is bound already; the types know only what is published.
    const given = { socket: socket.value, bind: false, multicast: false } as object
    return [new Bonjour(given, () => {})]
  })
}

function isZoned({ address }: SeenPort): boolean {
  return address.includes('%')
}

/** Which announcements stand. Several may lead to one address: it is gone with the last of them. */
class Followed {
  readonly #heard = new Map<string, Heard>()
  readonly #onSeen: (port: SeenPort) => void
  readonly #onGone: (address: string) => void

  constructor(onSeen: (port: SeenPort) => void, onGone: (address: string) => void) {
    this.#onSeen = onSeen
    this.#onGone = onGone
  }

  get isFull(): boolean {
    return this.#heard.size >= MOST
  }

  add(key: string, port: SeenPort): void {
    const known = this.#heard.get(key)
    if (!known && this.isFull) return
    // One device by two ways is one place: while IPv4 leads there, the other way is none.
    if (known && isZoned(port) && !isZoned(known.port)) return
    const isThere = this.#leadsTo(port.address)
    this.#heard.set(key, { port, missed: 0 })
    if (!isThere || JSON.stringify(known?.port) !== JSON.stringify(port)) this.#onSeen(port)
    if (known) this.#forgetUnless(known.port.address)
  }

  remove(key: string): void {
    const known = this.#heard.get(key)
    if (!known) return
    this.#heard.delete(key)
    this.#forgetUnless(known.port.address)
  }

  /** A round of questions is over: who did not answer this time, and not the times before, is gone. */
  endRound(): void {
    for (const [key, heard] of this.#heard) {
      heard.missed += 1
      if (heard.missed > MISSED) this.remove(key)
    }
  }

  /** What no profile names any more, or no interface leads to, is gone. */
  keepOnly(wanted: readonly WantedService[], networks: readonly OwnNetwork[]): void {
    for (const [key, { port }] of this.#heard) {
      const parsed = parseAddress(port.address)
      const host = 'host' in parsed ? parsed.host : ''
      const stays = wanted.some(({ type, scheme }) => type === port.service && port.address.startsWith(`${scheme}:`))
      if (!stays || !announcedPort({ port: 1, addresses: [host] }, { type: '', scheme: 'udp' }, networks)) {
        this.remove(key)
      }
    }
  }

  #leadsTo(address: string): boolean {
    return [...this.#heard.values()].some(({ port }) => port.address === address)
  }

  #forgetUnless(address: string): void {
    if (!this.#leadsTo(address)) this.#onGone(address)
  }
}
