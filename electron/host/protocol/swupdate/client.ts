import { AppError } from '../../../../shared/errors.ts'
import { randomHex } from '../../crypto/random.ts'
import type { HttpLink, HttpReply, HttpRequest, TextSocket } from '../../link/link.ts'
import { answerChallenge, type DigestChallenge, parseChallenge } from './digest.ts'
import { multipartFrame } from './multipart.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** A request whose body can be made again: a login may be asked for when it was half sent. */
export type Repeatable = Omit<HttpRequest, 'body'> & { readonly body?: () => AsyncIterable<Uint8Array> }

/** A device's SWUpdate web server, with its Digest login where it asks for one. */
export class SwupdateClient {
  readonly #link: HttpLink
  readonly #login: Login | null
  #challenge: DigestChallenge | null = null
  #count = 0

  constructor(link: HttpLink, login: Login | null) {
    this.#link = link
    this.#login = login
  }

  /** Any answer but "who are you". Throws `device.unauthorised`, `link.*`. */
  async request(request: Repeatable, signal: AbortSignal): Promise<HttpReply> {
    const reply = await this.#send(request, signal)
    if (reply.status !== 401) return reply
    this.#learn(reply)
    const again = await this.#send(request, signal)
    if (again.status === 401) throw this.#unauthorised()
    return again
  }

  async get(path: string, signal: AbortSignal): Promise<HttpReply> {
    return this.request({ method: 'GET', path }, signal)
  }

  /**
   * Sends a package, streamed. `body` yields exactly `length` bytes. The reply is a hint and no verdict: 200 means
   * "received", and an early refusal is a broken connection (PEERS 1.3).
   */
  async upload(
    name: string,
    length: number,
    body: () => AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const { contentType, head, tail } = multipartFrame(name, randomHex(24))
    const framed = async function* () {
      yield head
      yield* body()
      yield tail
    }
    return this.request(
      {
        method: 'POST',
        path: '/upload',
        headers: { 'Content-Type': contentType },
        body: framed,
        length: head.length + length + tail.length,
      },
      signal,
    )
  }

  /** Runs the device's post-update command: nothing else is behind `/restart`. */
  async restart(signal: AbortSignal): Promise<void> {
    const { status } = await this.request({ method: 'POST', path: '/restart' }, signal)
    if (status < 200 || status > 299) throw new AppError('device.refused', { detail: { what: 'restart', status } })
  }

  /** The stream of progress and log. It has no past: connect before uploading. Throws `device.refused`, `link.*`. */
  async messages(signal: AbortSignal): Promise<TextSocket> {
    const path = '/ws'
    let opened = await this.#link.socket(path, this.#authorization('GET', path), signal)
    if ('status' in opened && opened.status === 401) {
      this.#learn(opened)
      opened = await this.#link.socket(path, this.#authorization('GET', path), signal)
    }
    if (!('status' in opened)) return opened
    if (opened.status === 401) throw this.#unauthorised()
    throw new AppError('device.refused', { detail: { what: path, status: opened.status } })
  }

  async #send(request: Repeatable, signal: AbortSignal): Promise<HttpReply> {
    const headers = { ...request.headers, ...this.#authorization(request.method, request.path) }
    const { body, ...rest } = request
    return this.#link.request({ ...rest, headers, ...(body && { body: body() }) }, signal)
  }

  #authorization(method: string, uri: string): Record<string, string> {
    if (!this.#challenge || !this.#login) return {}
    this.#count += 1
    const answer = { ...this.#login, method, uri, count: this.#count, cnonce: randomHex(8) }
    return { Authorization: answerChallenge(this.#challenge, answer) }
  }

  /** Takes the challenge in a 401, if it can be answered and is not the answer to a wrong login. */
  #learn(reply: HttpReply): void {
    const challenge = parseChallenge(reply.headers['www-authenticate'] ?? '')
    const isSame = challenge?.nonce === this.#challenge?.nonce
    if (!challenge || !this.#login || (isSame && !challenge.stale)) throw this.#unauthorised()
    this.#challenge = challenge
    this.#count = 0
  }

  #unauthorised(): AppError {
    return new AppError('device.unauthorised', { detail: { address: this.#link.address, login: this.#login !== null } })
  }
}
