import * as http from 'node:http'
import * as https from 'node:https'
import { AppError } from '../../../shared/errors.ts'
import { parseAddress } from './address.ts'
import { httpError } from './http-errors.ts'
import { collect } from './http-reply.ts'
import { openSocket } from './http-socket.ts'
import type { HttpLink, HttpReply, HttpRequest, LinkOpener } from './link.ts'
import { throwIfAborted } from './waiting.ts'
import { type TlsOptions, tlsOptions, type WebServer } from './web-server.ts'

const CONNECT_MS = 5000
const DEFAULT_PORT = { http: 80, https: 443 } as const

/**
 * A device's web server over kept-alive connections. Opening does not connect: whether somebody answers
 * shows at the first request.
 */
export function httpOpener(scheme: 'http' | 'https'): LinkOpener {
  return {
    scheme,
    async open(address, options) {
      const parsed = parseAddress(address)
      if (parsed.scheme !== scheme) throw new AppError('link.bad-address', { detail: { address } })
      const tls = scheme === 'https' ? tlsOptions(options.tls) : {}
      const base: WebServer = {
        scheme,
        address,
        host: parsed.host,
        port: parsed.port ?? DEFAULT_PORT[scheme],
        agent: newAgent(scheme, tls, { keepAlive: true, maxSockets: 4 }),
        tls,
      }
      const link: HttpLink = {
        kind: 'http',
        address,
        request: (request, signal) => send(base, request, signal),
        socket: (path, headers, signal) => openSocket(base, path, headers, signal),
        close: async () => base.agent.destroy(),
      }
      return link
    },
  }
}

function newAgent(scheme: WebServer['scheme'], tls: TlsOptions, options: http.AgentOptions = {}): http.Agent {
  return scheme === 'https' ? new https.Agent({ ...options, ...tls }) : new http.Agent(options)
}

async function send(base: WebServer, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
  throwIfAborted(signal)
  const req = start(base, request, signal)
  let answered = false
  const reply = new Promise<HttpReply>((resolve, reject) => {
    req.on('response', (response) => {
      answered = true
      collect(response).then(resolve, reject)
    })
    req.on('error', reject)
    req.on('close', () => {
      if (!answered) reject(new AppError('link.lost', { detail: { address: base.address } }))
    })
  })
  reply.catch(() => {})
  try {
    await sendBody(req, request.body, () => answered)
  } catch (error) {
    // The body's own error, such as a watched condition that stopped the upload: not the link's.
    req.destroy()
    throw error
  }
  try {
    return await reply
  } catch (error) {
    const failure = httpError(error, base.address, signal)
    // The server may close an idle kept-alive connection just as a request goes out on it.
    if (failure.code !== 'link.lost' || !req.reusedSocket || request.method !== 'GET') throw failure
    return send({ ...base, agent: newAgent(base.scheme, base.tls) }, request, signal)
  } finally {
    if (!req.writableEnded) req.destroy()
  }
}

function start(base: WebServer, request: HttpRequest, signal: AbortSignal): http.ClientRequest {
  const length = request.length ?? (request.body instanceof Uint8Array ? request.body.length : 0)
  const req = (base.scheme === 'https' ? https : http).request({
    host: base.host,
    port: base.port,
    path: request.path,
    method: request.method,
    agent: base.agent,
    signal,
    // SWUpdate waits for ever on a POST without a length (PEERS 1.2).
    headers: { ...request.headers, ...(request.method === 'GET' ? {} : { 'Content-Length': String(length) }) },
  })
  req.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(
      () => req.destroy(new AppError('link.timeout', { detail: { waitedMs: CONNECT_MS } })),
      CONNECT_MS,
    )
    const clear = () => clearTimeout(timer)
    socket.once(base.scheme === 'https' ? 'secureConnect' : 'connect', clear)
    socket.once('close', clear)
  })
  return req
}

/** Sends the body no faster than the device takes it, and stops early when the device has already answered or gone. */
async function sendBody(req: http.ClientRequest, body: HttpRequest['body'], answered: () => boolean): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    req.end(body)
    return
  }
  for await (const chunk of body) {
    if (answered() || req.destroyed) return
    await written(req, chunk)
  }
  req.end()
}

/** Resolves when the system has the bytes, or nobody wants them any more. */
function written(req: http.ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['error', 'close', 'response']) req.off(event, done)
      resolve()
    }
    for (const event of ['error', 'close', 'response']) req.once(event, done)
    req.write(chunk, done)
  })
}
