import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { AppError } from '../../../shared/errors.ts'
import { parseAddress } from './address.ts'
import { Inbox } from './inbox.ts'
import type { DatagramLink, LinkOpener } from './link.ts'
import { orAborted, throwIfAborted } from './waiting.ts'

/** Payload of one unfragmented Ethernet packet: 1500 less 20 (IPv4) or 40 (IPv6) and 8 bytes of headers. */
const MAX_PAYLOAD = { 4: 1472, 6: 1452 } as const
const DEFAULT_PORT = 1337

/** Datagrams to one peer over a connected socket: the kernel drops what others send. Throws `link.not-found`, `link.io`. */
export function udpOpener(): LinkOpener {
  return {
    scheme: 'udp',
    async open(address, _options, signal) {
      const parsed = parseAddress(address)
      if (parsed.scheme !== 'udp') throw new AppError('link.bad-address', { detail: { address } })
      const host = await orAborted(lookup(parsed.host), signal).catch((cause: unknown) => {
        if (cause instanceof AppError) throw cause
        throw new AppError('link.not-found', { detail: { address }, cause })
      })
      return connect(address, host.address, host.family === 6 ? 6 : 4, parsed.port ?? DEFAULT_PORT, signal)
    },
  }
}

async function connect(address: string, host: string, family: 4 | 6, port: number, signal: AbortSignal) {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  const inbox = new Inbox<Uint8Array>()
  socket.on('message', (bytes) => inbox.put(new Uint8Array(bytes)))
  socket.on('close', () => inbox.end(new AppError('link.lost', { detail: { address } })))
  // ICMP "port unreachable" and the like: a device that restarts causes them. Silence is judged by timeouts.
  socket.on('error', () => {})
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.connect(port, host, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  try {
    await orAborted(connected, signal)
  } catch (cause) {
    socket.close()
    throw cause instanceof AppError ? cause : new AppError('link.io', { detail: { address }, cause })
  }
  let closed = false
  const link: DatagramLink = {
    kind: 'udp',
    address,
    maxPayload: MAX_PAYLOAD[family],
    receive: (wait) => inbox.take(wait),
    async send(bytes, wait) {
      throwIfAborted(wait)
      if (closed) throw new AppError('link.lost', { detail: { address } })
      const sent = new Promise<void>((resolve) => {
        // A datagram that could not be sent is a datagram that was lost.
        socket.send(bytes, () => resolve())
      })
      await orAborted(sent, wait)
    },
    async close() {
      if (closed) return
      closed = true
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
  return link
}
