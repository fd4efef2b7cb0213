import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppError } from '../../../shared/errors.ts'
import { pageHeaders } from '../../../shared/page.ts'
import { MAX_FRAME_BYTES, type Wire } from '../../../shared/rpc/wire.ts'
import type { PageFile } from './page-files.ts'
import { judgeRequest, type Refusal } from './request-guard.ts'
import { wsWire } from './ws-wire.ts'

const LOOPBACK = '127.0.0.1'
/** Clients at a time. A laptop has a window, a few tabs and a script. */
const MAX_CLIENTS = 64
/** Slow or silent peers must not hold sockets, milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 2000
/** Requests and sockets of all kinds, those that have proved nothing included. */
const MAX_CONNECTIONS = 256

export interface LoopbackServerOptions {
  /** 0 is any free port. */
  readonly port: number
  /** URL path -> file, see `readPageFiles`. */
  readonly page: ReadonlyMap<string, PageFile>
  /** Each client that has passed the guard; it has not proved itself yet. */
  readonly onWire: (wire: Wire) => void
  readonly onRefused: (refusal: Refusal, facts: { readonly host: string; readonly origin: string }) => void
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves the page and `/rpc` on 127.0.0.1 and nowhere else.
 * @throws AppError `host.unavailable` the port is taken
 */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  server.maxConnections = MAX_CONNECTIONS
  const port = await listen(server, options.port)
  const origin = `http://${LOOPBACK}:${port}`
  const headers = pageHeaders(`ws://${LOOPBACK}:${port}`)

  const refuse = (request: IncomingMessage): Refusal | null => {
    const refusal = judgeRequest(factsOf(request), origin)
    if (refusal) {
      options.onRefused(refusal, { host: request.headers.host ?? '', origin: request.headers.origin ?? '' })
    }
    return refusal
  }
  server.on('request', (request, response) => {
    const refusal = refuse(request)
    if (refusal) respond(response, refusal.status, headers)
    else void servePage(request, response, options.page, headers)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    const refusal = refuse(request)
    if (refusal) hangUp(socket, refusal.status)
    else if (pathOf(request) !== '/rpc') hangUp(socket, 404)
    else if (sockets.clients.size >= MAX_CLIENTS) hangUp(socket, 503)
    else sockets.handleUpgrade(request, socket, head, (accepted: WebSocket) => options.onWire(wsWire(accepted)))
  })

  return {
    origin,
    port,
    close: async () => {
      for (const socket of sockets.clients) socket.close(1001)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const late = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
      }, CLOSE_TIMEOUT_MS)
      await closed
      clearTimeout(late)
      sockets.close()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new AppError('host.unavailable', { detail: { port }, cause })))
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port))
  })
}

function factsOf({ method, headers }: IncomingMessage) {
  return {
    method,
    host: headers.host,
    origin: headers.origin,
    fetchSite: text(headers['sec-fetch-site']),
    isNavigation: text(headers['sec-fetch-mode']) === 'navigate' && text(headers['sec-fetch-dest']) === 'document',
  }
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header
}

/** The path as it came, undecoded: it is only ever compared with what is in the list. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}

async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  page: ReadonlyMap<string, PageFile>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const file = page.get(pathOf(request))
  if (!file) return respond(response, 404, headers)
  try {
    const bytes = await file.read()
    response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  } catch {
    // Gone since the list was made: somebody rebuilds the page under a running host.
    respond(response, 404, headers)
  }
}

function respond(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...headers, 'content-length': 0 })
  response.end()
}

function hangUp(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
