import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { AppError } from '../../../shared/errors.ts'
import { everyByte } from './every-byte.ts'
import type { Download, FetchBytes, Fetcher, FetchRange } from './fetcher.ts'
import { hostOf, isHtml, pathOf, requireNoPortal, transportError } from './http-answers.ts'

export interface HttpFetcherOptions {
  /** A transfer that brings nothing for this long is given up. There is no limit on the whole: links are thin. */
  readonly idleMs?: number
  /**
   * So little in each `idleMs` counts as nothing: a server that hands out a byte a minute could hold up a sync for
   * ever (TUF 1.5.2, slow retrieval). Bytes a second; a satellite telephone gives a hundred times the default.
   */
  readonly floor?: number
  readonly userAgent?: string
  /** Whose connections are used, asked for each request; otherwise its own, with nothing set. */
  readonly agent?: (url: URL) => HttpAgent
}

const IDLE_MS = 60_000
const FLOOR = 16
/** What the queues ask for at once, and a little more. */
const MAX_SOCKETS = 20
const MAX_REDIRECTS = 3

/** {@link Fetcher} over HTTP/1.1. Redirects are followed a few times and never to another scheme. */
export class HttpFetcher implements Fetcher {
  readonly #idleMs: number
  readonly #floor: number
  readonly #headers: Readonly<Record<string, string>>
  readonly #agent: (url: URL) => HttpAgent
  readonly #close: () => void

  constructor(options: HttpFetcherOptions = {}) {
    this.#idleMs = options.idleMs ?? IDLE_MS
    this.#floor = options.floor ?? FLOOR
    const own = options.agent ? null : plainAgents()
    this.#agent = options.agent ?? ((url) => (url.protocol === 'https:' ? own?.https : own?.http) ?? new HttpAgent())
    this.#close = () => {
      own?.http.destroy()
      own?.https.destroy()
    }
    // Lengths and ranges are of the bytes as signed: no encoding on the way.
    this.#headers = { 'user-agent': options.userAgent ?? 'slipway', 'accept-encoding': 'identity' }
  }

  async bytes(url: string, options: FetchBytes): Promise<Uint8Array | null> {
    const response = await this.#get(url, {}, options.signal)
    if (isMissing(response)) return drain(response, null)
    requireStatus(response, url, [200])
    if (Number(response.headers['content-length'] ?? 0) > options.maxBytes)
      throw tooLarge(response, url, options.maxBytes)
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of this.#body(response, url, options.signal)) {
      length += part.length
      if (length > options.maxBytes) throw tooLarge(response, url, options.maxBytes)
      parts.push(part)
    }
    const bytes = Buffer.concat(parts)
    requireNoPortal(url, response.headers['content-type'], bytes)
    return bytes
  }

  async open(url: string, options: FetchRange): Promise<Download> {
    const { from, to } = options
    const wantsRest = from > 0 || to !== undefined
    const range = wantsRest ? { range: `bytes=${from}-${to === undefined ? '' : to - 1}` } : {}
    const condition = wantsRest && options.etag !== null ? { 'if-range': options.etag } : {}
    const response = await this.#get(url, { ...range, ...condition }, options.signal)
    if (isMissing(response)) {
      throw await drain(response, new AppError('sync.not-found', { detail: { path: pathOf(url) } }))
    }
    requireStatus(response, url, wantsRest ? [200, 206] : [200])
    if (isHtml(response.headers['content-type'])) {
      response.destroy()
      throw new AppError('sync.not-a-repository', { detail: { url: shown(url) } })
    }
    if (to !== undefined && response.statusCode !== 206) throw rangeIgnored(response, url, from)
    const start = response.statusCode === 206 ? rangeStart(response, url, options.from) : 0
    return { start, etag: strongTag(response.headers.etag), body: this.#body(response, url, options.signal) }
  }

  /** Closes idle connections. */
  close(): void {
    this.#close()
  }

  async #get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    let at = parseUrl(url)
    for (let hops = 0; ; hops += 1) {
      const response = await this.#once(at, headers, signal)
      const { location } = response.headers
      if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response
      await drain(response, null)
      const next = parseUrl(location, at)
      // From https to http would hand the request to whoever listens; the other way round is a wrong address.
      if (next.protocol !== at.protocol || hops >= MAX_REDIRECTS) {
        throw new AppError('sync.bad-url', { detail: { url: shown(url), movedTo: shown(next.href) } })
      }
      at = next
    }
  }

  #once(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    const secure = url.protocol === 'https:'
    const agent = this.#agent(url)
    const options = { agent, headers: { ...this.#headers, ...headers }, signal, timeout: this.#idleMs }
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(url, options)
      request.on('timeout', () => request.destroy(stalled(url.href, this.#idleMs)))
      // The socket's own limit begins anew with every byte of a header.
      const patience = setTimeout(() => request.destroy(stalled(url.href, this.#idleMs)), this.#idleMs)
      let answered = false
      request.on('response', (response) => {
        clearTimeout(patience)
        answered = true
        resolve(response)
      })
      request.on('error', (error) => {
        clearTimeout(patience)
        // The server had hung up on a connection that was kept for later: no answer has begun, so it may be asked anew.
        const hungUp =
          request.reusedSocket && !answered && !signal.aborted && 'code' in error && error.code === 'ECONNRESET'
        if (hungUp) resolve(this.#once(url, headers, signal))
        else reject(transportError(error, url.href, signal))
      })
      request.end()
    })
  }

  /** Ends a transfer that only trickles. While it is held back from here, that is not the server's doing. */
  #watch(response: IncomingMessage, url: string): void {
    let before = response.socket.bytesRead
    const timer = setInterval(() => {
      const { bytesRead } = response.socket
      const few = bytesRead - before < (this.#floor * this.#idleMs) / 1000
      before = bytesRead
      if (few && !response.isPaused() && !response.complete) response.destroy(stalled(url, this.#idleMs))
    }, this.#idleMs)
    response.once('close', () => clearInterval(timer))
  }

  /** Listens from this call on: a connection may end before anybody reads from it. */
  #body(response: IncomingMessage, url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.#watch(response, url)
    const parts = everyByte(response)
    return (async function* () {
      try {
        yield* parts
      } catch (error) {
        throw transportError(error, url, signal)
      } finally {
        if (!response.complete) response.destroy()
      }
    })()
  }
}

function plainAgents() {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS }
  return { http: new HttpAgent(options), https: new HttpsAgent(options) }
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw new AppError('sync.bad-url', { detail: { url: shown(text) } })
}

function isMissing(response: IncomingMessage): boolean {
  return [403, 404, 410].includes(response.statusCode ?? 0)
}

function requireStatus(response: IncomingMessage, url: string, wanted: readonly number[]): void {
  const status = response.statusCode ?? 0
  if (wanted.includes(status)) return
  response.destroy()
  // RFC 9110 15.5.8: said by somebody on the way, and not by the server.
  if (status === 407) throw new AppError('sync.proxy', { detail: { host: hostOf(url) } })
  throw new AppError('sync.http', { detail: { path: pathOf(url), status } })
}

/** The offset that a 206 really begins at; another than asked for would splice two files (RFC 9110 14.4). */
function rangeStart(response: IncomingMessage, url: string, from: number): number {
  const match = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')
  if (match && Number(match[1]) === from) return from
  throw rangeIgnored(response, url, from)
}

function rangeIgnored(response: IncomingMessage, url: string, from: number): AppError {
  response.destroy()
  return new AppError('sync.range-ignored', { detail: { path: pathOf(url), from } })
}

/** A weak tag says "much the same": not enough to continue a file (RFC 9110 13.1.5). */
function strongTag(tag: string | undefined): string | null {
  return tag?.startsWith('"') ? tag : null
}

function tooLarge(response: IncomingMessage, url: string, limit: number): AppError {
  response.destroy()
  return new AppError('trust.too-large', { detail: { role: pathOf(url), limit } })
}

function stalled(url: string, idleMs: number): AppError {
  return new AppError('sync.stalled', { detail: { path: pathOf(url), afterMs: idleMs } })
}

/** Reads a short body to its end so that the connection can be used again; a long one is cut. */
async function drain<T>(response: IncomingMessage, result: T): Promise<T> {
  let length = 0
  try {
    for await (const part of response) {
      length += (part as Uint8Array).length
      if (length > 64 * 1024) break
    }
  } catch {
    // The answer is known; what is left of its body is not wanted.
  }
  return result
}

function shown(url: string): string {
  return url.slice(0, 300)
}
