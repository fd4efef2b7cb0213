import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { WebSocketServer } from 'ws'
import { wsWire } from '../../electron/host/http/ws-wire.ts'
import { memoryWirePair } from '../../shared/rpc/memory-wire.ts'
import { domPortWire, electronPortWire } from '../../shared/rpc/port-wire.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'
import { MAX_FRAME_BYTES, type Wire } from '../../shared/rpc/wire.ts'
import { asElectronPort } from '../fixtures/fake-electron.ts'

/** Both ends of one wire, and a way to put anything at all on it. */
export interface WirePair {
  readonly client: Wire
  readonly host: Wire
  /** Sends a message as it is, past everything that would keep a client from it. */
  raw(message: unknown): void
}

export interface WireKind {
  readonly name: string
  /** Whether something other than text can be put on this wire. */
  readonly carriesObjects: boolean
  pair(): Promise<WirePair>
  close(): Promise<void>
}

export function memoryKind(): WireKind {
  return {
    name: 'memory',
    carriesObjects: true,
    pair: () => {
      const [client, host] = memoryWirePair()
      return Promise.resolve({ client, host, raw: (message) => client.send(message as string) })
    },
    close: () => Promise.resolve(),
  }
}

export function nodePortKind(): WireKind {
  const ports: MessagePort[] = []
  return {
    name: 'MessagePort',
    carriesObjects: true,
    pair: () => {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1, port2)
      const client = domPortWire(port1)
      return Promise.resolve({ client, host: domPortWire(port2), raw: (message) => port1.postMessage(message) })
    },
    close: () => {
      for (const port of ports) port.close()
      return Promise.resolve()
    },
  }
}

export function electronPortKind(): WireKind {
  const ports: MessagePort[] = []
  return {
    name: 'Electron port',
    carriesObjects: true,
    pair: () => {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1, port2)
      const client = domPortWire(port1)
      const host = electronPortWire(asElectronPort(port2))
      return Promise.resolve({ client, host, raw: (message) => port1.postMessage(message) })
    },
    close: () => {
      for (const port of ports) port.close()
      return Promise.resolve()
    },
  }
}

export async function webSocketKind(): Promise<WireKind> {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    name: 'WebSocket',
    carriesObjects: false,
    pair: async () => {
      const accepted = once(sockets, 'connection')
      const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`)
      const client = await openSocketWire(socket)
      const [accept] = (await accepted) as [import('ws').WebSocket]
      return { client, host: wsWire(accept), raw: (message) => socket.send(message as string) }
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      http.close()
      await once(http, 'close')
    },
  }
}
