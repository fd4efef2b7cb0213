import { createSocket, type RemoteInfo } from 'node:dgram'
import { AppError } from '../../../shared/errors.ts'
import { Inbox } from '../../host/link/inbox.ts'
import { openPty } from '../pty.ts'
import type { SimPorts } from '../sim-ports.ts'
import type { Channel, consoleChannel } from './console-channel.ts'

/** A device that is plugged in somewhere. */
export interface Plugged {
  readonly address: string
  readonly channel: Channel
  unplug(): Promise<void>
}

/** Plugs a device in for the n-th time. */
export type Wiring = (n: number) => Promise<Plugged>

/** A pseudo-terminal; each plugging has a path of its own, as a USB port that was counted up. */
export function ptyWiring(dir: string, name: string, channelOf: typeof consoleChannel): Wiring {
  return async (n) => {
    const pty = await openPty(dir, n === 0 ? name : `${name}-${n}`)
    return { address: `serial:${pty.path}`, channel: channelOf(pty.device), unplug: () => pty.close() }
  }
}

/** A port in this very process, for machines on which no pseudo-terminal can be had. */
export function memoryWiring(ports: SimPorts, name: string, channelOf: typeof consoleChannel): Wiring {
  return async (n) => {
    const port = ports.add(n === 0 ? name : `${name}-${n}`)
    return { address: port.address, channel: channelOf(port.device), unplug: async () => port.remove() }
  }
}

/** A UDP port on the loopback. `port` holds for the first plugging; 0 takes any free one. */
export function udpWiring(port: number): Wiring {
  return async (n) => {
    const socket = createSocket('udp4')
    const inbox = new Inbox<{ bytes: Uint8Array; from: RemoteInfo }>()
    let peer: RemoteInfo | null = null
    socket.on('message', (bytes, from) => inbox.put({ bytes: new Uint8Array(bytes), from }))
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(n === 0 ? port : 0, '127.0.0.1', () => resolve())
    })
    socket.on('error', () => {})
    const { port: bound } = socket.address()
    return {
      address: `udp://127.0.0.1:${bound}`,
      channel: {
        async receive(signal) {
          const { bytes, from } = await inbox.take(signal)
          peer = from
          return bytes
        },
        async send(bytes) {
          if (peer) socket.send(bytes, peer.port, peer.address)
        },
        async print() {},
      },
      async unplug() {
        inbox.end(new AppError('link.lost'))
        await new Promise<void>((resolve) => socket.close(() => resolve()))
      },
    }
  }
}
