import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client'
import { AppError } from '../../../shared/errors.ts'

/** An intake answers in a line of text; more is not from an intake. */
const MAX_ANSWER_BYTES = 64 * 1024

/** The connections for an address; asked for each request. */
export type AgentFor = (url: URL) => Agent

export interface TusHttpOptions {
  /** Nothing goes to another host than the one whose address is signed: `https://host:port`. */
  readonly origin: string
  /** Silence after which a connection is given up, ms. Never a limit on the whole: links are slow. */
  readonly idleMs: number
  /** Whose connections are used: authorities, own certificate, proxy. */
  readonly agent?: AgentFor | undefined
}

/**
 * HTTP for the tus client. Its own has no time-out, and waits for ever for an answer whose connection
 * was cut in the middle.
 */
export function tusHttpStack(options: TusHttpOptions): HttpStack {
  return {
    createRequest: (method, url) => new TusRequest(method, url, options),
    getName: () => 'slipway',
  }
}

class TusRequest implements HttpRequest {
  readonly #method: string
  readonly #url: string
  readonly #options: TusHttpOptions
  readonly #headers: Record<string, string> = {}
  #onProgress: (bytesSent: number) => void = () => undefined
  #request: ClientRequest | null = null

  constructor(method: string, url: string, options: TusHttpOptions) {
    this.#method = method
    this.#url = url
    this.#options = options
  }

  getMethod(): string {
    return this.#method
  }
  getURL(): string {
    return this.#url
  }
  setHeader(header: string, value: string): void {
    this.#headers[header] = value
  }
  getHeader(header: string): string | undefined {
    return this.#headers[header]
  }
  setProgressHandler(handler: (bytesSent: number) => void): void {
    this.#onProgress = handler
  }
  abort(): Promise<void> {
    this.#request?.destroy()
    return Promise.resolve()
  }
  getUnderlyingObject(): ClientRequest | null {
    return this.#request
  }

  async send(body: unknown): Promise<HttpResponse> {
    const url = new URL(this.#url)
    if (url.origin !== this.#options.origin) {
      if (body instanceof Readable) body.destroy()
      throw new AppError('sync.bad-url', { detail: { origin: url.origin } })
    }
    const size = body instanceof Readable && 'size' in body ? Number(body.size) : 0
    const headers = { ...this.#headers, 'Content-Length': String(size) }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: this.#method,
      headers,
      agent: this.#options.agent?.(url),
    })
    this.#request = request
    request.setTimeout(this.#options.idleMs, () => request.destroy(new AppError('sync.stalled')))

    const answered = new Promise<HttpResponse>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', (response) => {
        readAnswer(response).then((text) => resolve(new TusResponse(response, text)), reject)
      })
    })
    if (body instanceof Readable) {
      // When it fails, the answer (or the lack of one) says why.
      pipeline(body, this.#counter(), request).catch(() => undefined)
    } else {
      request.end()
    }
    return await answered
  }

  #counter(): Transform {
    let sent = 0
    const onProgress = this.#onProgress
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sent += chunk.length
        onProgress(sent)
        done(null, chunk)
      },
    })
  }
}

class TusResponse implements HttpResponse {
  readonly #response: IncomingMessage
  readonly #text: string

  constructor(response: IncomingMessage, text: string) {
    this.#response = response
    this.#text = text
  }
  getStatus(): number {
    return this.#response.statusCode ?? 0
  }
  getHeader(header: string): string | undefined {
    const value = this.#response.headers[header.toLowerCase()]
    return Array.isArray(value) ? value[0] : value
  }
  getBody(): string {
    return this.#text
  }
  getUnderlyingObject(): IncomingMessage {
    return this.#response
  }
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_ANSWER_BYTES) throw new AppError('sync.http', { detail: { why: 'answer-too-long' } })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
