import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { Inbox } from './inbox.ts'
import type { DatagramServer, ReceivedDatagram } from './link.ts'
import { orAborted, throwIfAborted } from './waiting.ts'

/** The peer has one packet under way at a time; whoever floods the port in its name gains nothing. */
const MOST_WAITING = 64
/** RFC 863: nothing is sent there, the system only says from which of its addresses it would be. */
const DISCARD = 9

/**
 * A port for one peer, on that address alone from which this machine reaches it. Throws `link.bad-address`,
 * `link.not-found` (no network leads there), `link.no-permission` (ports below 1024 are kept for administrators on some
 * systems), `link.busy`.
 */
export async function openUdpServer(peer: string, port: number, signal: AbortSignal): Promise<DatagramServer> {
  const family = isIP(peer)
  if (family === 0) throw new AppError('link.bad-address', { detail: { address: peer } })
  const type = family === 6 ? 'udp6' : 'udp4'
  const address = await localAddress(type, peer, signal)
  const socket = createSocket({ type, reuseAddr: false })
  await settled(socket, { address, port }, signal, (done) => socket.bind({ address, port, exclusive: true }, done))
  return serverOn(socket, peer)
}

/** The address of this machine that faces the peer, by the system's routes. */
async function localAddress(type: 'udp4' | 'udp6', peer: string, signal: AbortSignal): Promise<string> {
  const socket = createSocket(type)
  await settled(socket, { address: peer }, signal, (done) => socket.connect(DISCARD, peer, done))
  const { address } = socket.address()
  socket.close()
  return address
}

function serverOn(socket: Socket, peer: string): DatagramServer {
  const { address, port } = socket.address()
  const inbox = new Inbox<ReceivedDatagram>(MOST_WAITING)
  socket.on('message', (bytes, from) => {
    if (from.address === peer) inbox.put({ port: from.port, bytes: new Uint8Array(bytes) })
  })
  // ICMP "port unreachable": a boot loader that gave up. Silence is judged by timeouts.
  socket.on('error', () => {})
  let closed = false
  return {
    address,
    port,
    receive: (wait) => inbox.take(wait),
    async send(to, bytes, wait) {
      throwIfAborted(wait)
      if (closed) throw new AppError('link.lost', { detail: { address, port } })
      // A datagram that could not be sent is a datagram that was lost.
      await orAborted(new Promise<void>((resolve) => socket.send(bytes, to, peer, () => resolve())), wait)
    },
    async close() {
      if (closed) return
      closed = true
      inbox.end(new AppError('link.lost', { detail: { address, port } }))
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'link.no-permission',
  EPERM: 'link.no-permission',
  EADDRINUSE: 'link.busy',
  ENETUNREACH: 'link.not-found',
  EHOSTUNREACH: 'link.not-found',
  EADDRNOTAVAIL: 'link.not-found',
}

/** Waits for a socket to be bound or connected; one that cannot be is closed. */
async function settled(
  socket: Socket,
  detail: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
  begin: (done: () => void) => void,
): Promise<void> {
  const over = Promise.withResolvers<void>()
  socket.once('error', over.reject)
  try {
    begin(() => over.resolve())
    await orAborted(over.promise, signal)
  } catch (cause) {
    socket.close()
    if (cause instanceof AppError) throw cause
    const { code = '' } = cause as NodeJS.ErrnoException
    throw new AppError(CODES[code] ?? 'link.io', { detail, cause })
  } finally {
    socket.off('error', over.reject)
  }
}
