import { createSocket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import { isIn, type OwnNetwork } from './own-networks.ts'
import { orAborted } from './waiting.ts'

const MDNS = { address: '224.0.0.251', address6: 'ff02::fb', port: 5353 } as const
/** RFC 6762 17: the largest mDNS message. */
const MAX_PACKET = 9000
/** Packets a second that are looked at: a network that shouts must not keep the console from its work. */
const MAX_RATE = 200

/** The part of a datagram socket that `multicast-dns` uses. */
export class MdnsSocket extends EventEmitter {
  readonly #send: MdnsSocket['send']
  readonly #close: () => void

  constructor(send: MdnsSocket['send'], close: () => void) {
    super()
    this.#send = send
    this.#close = close
  }

  send(bytes: Uint8Array, offset: number, length: number, port: number, host: string, done: () => void): void {
    this.#send(bytes, offset, length, port, host, done)
  }

  close(done?: () => void): void {
    this.#close()
    done?.()
  }

  /**
   * Hands on what arrived. What a decoder stumbles over is a packet that says nothing: it must not end the process.
   */
  take(bytes: Uint8Array, from: { readonly address: string; readonly port: number }): void {
    try {
      this.emit('message', bytes, from)
    } catch {
      // Anybody on the network can send anything.
    }
  }
}

/** Opens a way to the multicast group through one interface. Throws what the system says where that cannot be had. */
export async function openMdnsSocket(network: OwnNetwork, signal: AbortSignal): Promise<MdnsSocket> {
  const { zone } = network
  const socket = createSocket(
    zone === undefined ? { type: 'udp4', reuseAddr: true } : { type: 'udp6', reuseAddr: true, ipv6Only: true },
  )
  // A network that went away says so on every packet; the next look at the interfaces sees it.
  socket.on('error', () => {})
  const bound = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(MDNS.port, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  try {
    await orAborted(bound, signal)
    if (zone === undefined) {
      socket.addMembership(MDNS.address, network.address)
      socket.setMulticastInterface(network.address)
    } else {
      socket.addMembership(MDNS.address6, `::%${zone}`)
      socket.setMulticastInterface(`::%${zone}`)
    }
    socket.setMulticastTTL(255)
  } catch (error) {
    socket.close()
    throw error
  }
  const rate = new Rate(MAX_RATE)
  const made = new MdnsSocket(
    (bytes, offset, length, port, host, done) => {
      // `multicast-dns` knows one group only.
      const to = zone !== undefined && host === MDNS.address ? `${MDNS.address6}%${zone}` : host
      socket.send(bytes, offset, length, port, to, () => done())
    },
    () => socket.close(),
  )
  socket.on('message', (bytes, from) => {
    // RFC 6762 11: what does not come from this network is not an answer of this network.
    if (bytes.length > MAX_PACKET || !isIn(from.address, network) || !rate.allows(performance.now())) return
    made.take(bytes, from)
  })
  return made
}

/** So many a second, and no more. */
class Rate {
  readonly #most: number
  #second = 0
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  allows(now: number): boolean {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) this.#count = 0
    this.#second = second
    this.#count += 1
    return this.#count <= this.#most
  }
}
