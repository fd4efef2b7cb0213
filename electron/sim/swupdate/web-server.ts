import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Account, DigestLogin } from './digest-login.ts'
import { begun, failed, steps, succeeded } from './frames.ts'
import { type Expectations, installation } from './install.ts'
import { fileIn, fileNameIn } from './multipart-file.ts'
import type { WebDevice } from './web-device.ts'

export interface WebServerOptions {
  readonly device: WebDevice
  readonly account: Account | null
  readonly expected: Omit<Expectations, 'hardware'>
  /** Bytes a second that the device takes; null: as fast as they come. */
  readonly bytesPerSecond: number | null
  /** ms that one installed file takes. */
  readonly installMs: number
  changed(): void
  down(why: 'restart' | 'power-loss'): void
}

/** Larger uploads than a demo needs would fill the memory of the simulation. */
const MAX_UPLOAD = 128 * 1024 * 1024

/** The web server of SWUpdate, with its odd ways (PEERS 1.2 to 1.4). One life from power on to power off. */
export class WebServer {
  readonly #options: WebServerOptions
  readonly #login: DigestLogin
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  #updating = false

  constructor(options: WebServerOptions) {
    this.#options = options
    this.#login = new DigestLogin(options.account)
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => resolve())
    })
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    if (this.#options.device.faults.stall) return
    const challenge = this.#login.challenge(method, url, request.headers.authorization)
    if (challenge !== null) {
      response.writeHead(401, { 'WWW-Authenticate': challenge, 'Content-Length': '0', Connection: 'close' }).end()
      return
    }
    if (url === '/upload') await this.#upload(request, response)
    else if (url === '/restart') this.#restart(request, response)
    else if (url === '/device.json') json(response, this.#options.device.document())
    else if (url === '/') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>SWUpdate</title>')
    else response.writeHead(404).end()
  }

  #restart(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'POST') {
      response.writeHead(405).end()
      return
    }
    // Without a length the daemon waits for ever.
    if (request.headers['content-length'] === undefined) return
    response.writeHead(201).end('Device will reboot now.\n')
    setTimeout(() => this.#options.down('restart'), 20)
  }

  async #upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(405).end()
      return
    }
    if (this.#updating) {
      response.writeHead(500, { Connection: 'close' }).end('Failed to queue command\n')
      return
    }
    this.#updating = true
    try {
      await this.#take(request, response)
    } finally {
      this.#updating = false
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { device, expected, bytesPerSecond } = this.#options
    const parts: Buffer[] = []
    let length = 0
    let isNamed = false
    try {
      for await (const part of request as AsyncIterable<Buffer>) {
        parts.push(part)
        length += part.length
        const name = isNamed ? null : fileNameIn(Buffer.concat(parts))
        if (name !== null) {
          isNamed = true
          this.#say(begun(name))
        }
        const { powerLossAt } = device.faults
        if (powerLossAt !== null && length >= powerLossAt) return this.#losePower()
        if (length > MAX_UPLOAD) break
        if (bytesPerSecond !== null) await pause((part.length / bytesPerSecond) * 1000)
      }
    } catch {
      // A client that went away: half a package is a package with a wrong hash.
      return this.#say(
        failed(['ERROR : HASH mismatch : want <--> got', 'Image invalid or corrupted. Not installing ...']),
      )
    }
    const file = fileIn(Buffer.concat(parts), request.headers['content-type'] ?? '')
    if (!file) {
      response.writeHead(400, { Connection: 'close' }).end()
      return
    }
    const judged =
      device.faults.refuse === 'upload'
        ? ({ ok: false, early: true, errors: ['ERROR : SW not compatible with hardware'] } as const)
        : await installation(file, { ...expected, hardware: device.hardware })
    if (!judged.ok && judged.early) request.socket.resetAndDestroy()
    else received(request)
    if (!judged.ok) return this.#say(failed(judged.errors))
    for (const message of steps(judged.files)) {
      this.#say([message])
      await pause(this.#options.installMs / 3)
    }
    device.install({ version: judged.version, payload: judged.payload })
    this.#options.changed()
    this.#say(succeeded)
  }

  #losePower(): void {
    const { device } = this.#options
    device.faults = { ...device.faults, powerLossAt: null }
    this.#options.down('power-loss')
  }

  #say(messages: readonly string[]): void {
    for (const socket of this.#sockets.clients) {
      for (const message of messages) socket.send(message)
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const challenge = this.#login.challenge('GET', request.url ?? '/', request.headers.authorization)
    if (challenge !== null) {
      socket.end(`HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    // A new listener gets no past.
    this.#sockets.handleUpgrade(request, socket, head, (opened: WebSocket) => opened.on('error', () => {}))
  }
}

function json(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document))
}

/** The success reply as Debian's build sends it: a header named `%sContent-Length`, the real ones in the body. */
function received(request: IncomingMessage): void {
  request.socket.end(
    'HTTP/1.1 200 OK\r\n%sContent-Length: 0000000043\r\n\r\nContent-Type: text/plain\r\nConnection: close\r\nOk, upload.swu - 10 bytes.\r\n',
  )
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
