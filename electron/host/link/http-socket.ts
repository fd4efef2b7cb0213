import { WebSocket } from 'ws'
import { AppError } from '../../../shared/errors.ts'
import { httpError } from './http-errors.ts'
import { collect } from './http-reply.ts'
import { Inbox } from './inbox.ts'
import type { HttpReply, TextSocket } from './link.ts'
import { abortError, orAborted, throwIfAborted } from './waiting.ts'
import type { WebServer } from './web-server.ts'

const HANDSHAKE_MS = 5000
const MAX_FRAME = 1024 * 1024

/** Opens a WebSocket on a device's web server. An answer that is no upgrade (401, say) comes back as that reply. */
export async function openSocket(
  base: WebServer,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TextSocket | HttpReply> {
  throwIfAborted(signal)
  const host = base.host.includes(':') ? `[${base.host}]` : base.host
  const url = `${base.scheme === 'https' ? 'wss' : 'ws'}://${host}:${base.port}${path}`
  const ws = new WebSocket(url, {
    headers: { ...headers },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME,
    followRedirects: false,
    perMessageDeflate: false,
    ...base.tls,
  })
  const inbox = new Inbox<string | null>()
  // Listening starts before the upgrade is done: the first frames may come in the same packet.
  ws.on('message', (data, isBinary) => {
    if (!isBinary) inbox.put(Buffer.isBuffer(data) ? data.toString('utf8') : '')
  })
  const opened = new Promise<TextSocket | HttpReply>((resolve, reject) => {
    ws.once('open', () => resolve(textSocket(ws, inbox)))
    ws.once('unexpected-response', (_request, response) => void collect(response).then(resolve, reject))
    ws.on('error', reject)
  })
  ws.on('close', () => {
    inbox.put(null)
    inbox.end(new AppError('link.lost', { detail: { address: base.address } }))
  })
  try {
    return await orAborted(opened, signal)
  } catch (error) {
    ws.terminate()
    throw signal.aborted ? abortError(signal) : httpError(error, base.address, signal)
  }
}

function textSocket(ws: WebSocket, inbox: Inbox<string | null>): TextSocket {
  return {
    receive: (signal) => inbox.take(signal),
    // A device that is restarting answers no close handshake.
    close: () => ws.terminate(),
  }
}
