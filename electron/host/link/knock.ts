import { createSocket } from 'node:dgram'
import { isIPv6, Socket } from 'node:net'
import { orAborted, throwIfAborted } from './waiting.ts'

/**
 * What a knock at a port says. `open`: somebody is behind it; `refused`: the machine is there and nobody is behind that
 * port; `unreachable`: the way there is missing; `silent`: nothing came back in time.
 */
export type Knock = 'open' | 'refused' | 'unreachable' | 'silent'

const BY_ERRNO: Readonly<Record<string, Knock>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'open',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
}

/** Connects to a TCP port and hangs up again, without a byte. Throws when the signal fires. */
export async function knockTcp(host: string, port: number, ms: number, signal: AbortSignal): Promise<Knock> {
  throwIfAborted(signal)
  const socket = new Socket()
  const answer = new Promise<Knock>((resolve) => {
    socket.setTimeout(ms, () => resolve('silent'))
    socket.once('connect', () => resolve('open'))
    socket.once('error', (error) => resolve(knockOf(error)))
    socket.connect(port, host)
  })
  try {
    return await orAborted(answer, signal)
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}

/** Sends one datagram. `open`: one came back. Throws when the signal fires. */
export async function knockUdp(
  host: string,
  port: number,
  question: Uint8Array,
  ms: number,
  signal: AbortSignal,
): Promise<Knock> {
  throwIfAborted(signal)
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  let timer: NodeJS.Timeout | undefined
  const answer = new Promise<Knock>((resolve) => {
    timer = setTimeout(() => resolve('silent'), ms)
    socket.once('message', () => resolve('open'))
    socket.once('error', (error) => resolve(knockOf(error)))
    // A connected socket is told of ICMP "port unreachable".
    socket.connect(port, host, () => socket.send(question, (error) => error && resolve(knockOf(error))))
  })
  try {
    return await orAborted(answer, signal)
  } finally {
    clearTimeout(timer)
    socket.on('error', () => {})
    socket.close()
  }
}

function knockOf(error: Error): Knock {
  return BY_ERRNO[(error as NodeJS.ErrnoException).code ?? ''] ?? 'silent'
}
