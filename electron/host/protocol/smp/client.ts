import { AppError, isAppError } from '../../../../shared/errors.ts'
import { orAborted, sleep, throwIfAborted, within } from '../../link/waiting.ts'
import { decodeBody, type SmpBody } from './body.ts'
import { encodePacket, OP, type SmpHeader, type SmpVersion, splitPacket } from './packet.ts'
import { isPassing, refusalError, refusalIn } from './refusal.ts'
import type { SmpTransport } from './transport.ts'

export interface SmpRequest {
  readonly op: 'read' | 'write'
  readonly group: number
  readonly id: number
  readonly body?: SmpBody
}

export interface Patience {
  /** ms to wait for the answer to one sending. */
  readonly timeout: number
  /** How often it is sent at most. 1 for what must not happen twice. */
  readonly tries: number
}

/** PROTOCOLS 1.6: ordinary requests. */
export const ORDINARY: Patience = { timeout: 2500, tries: 4 }

interface Pending {
  readonly request: SmpRequest
  readonly resolve: (body: SmpBody) => void
  readonly reject: (error: unknown) => void
}

/**
 * Requests and their answers over one transport. Answers are matched by sequence number, group, command
 * and operation; everything else that arrives (late, doubled, somebody else's) is dropped.
 */
export class SmpClient {
  /** In which version requests go out. Starts at 1, which every server understands. */
  version: SmpVersion = 1
  readonly transport: SmpTransport
  readonly #pending = new Map<number, Pending>()
  #seq: number
  #sending: Promise<void> = Promise.resolve()
  #ended: unknown = null

  /** `firstSeq` (0..255) should differ from session to session: an answer to the last one may still be on its way. */
  constructor(transport: SmpTransport, firstSeq: number) {
    this.transport = transport
    this.#seq = firstSeq & 0xff
    void this.#receive()
  }

  /** One sending, the answer as it came: refusals included. Throws `device.no-answer`, `device.bad-frame`, `link.*`. */
  async exchange(request: SmpRequest, patience: Patience, signal: AbortSignal): Promise<SmpBody> {
    throwIfAborted(signal)
    const seq = this.#nextSeq()
    const answer = new Promise<SmpBody>((resolve, reject) => this.#pending.set(seq, { request, resolve, reject }))
    answer.catch(() => {})
    if (this.#ended !== null) this.#failAll(this.#ended)
    try {
      for (let sent = 1; ; sent += 1) {
        try {
          await this.#send(request, seq, signal)
          return await within(patience.timeout, 'device.no-answer', signal, (wait) => orAborted(answer, wait))
        } catch (error) {
          if (signal.aborted || !isAppError(error, 'device.no-answer')) throw error
          this.transport.noteLoss()
          if (sent >= patience.tries) throw noAnswer(request, sent, patience)
        }
      }
    } finally {
      this.#pending.delete(seq)
    }
  }

  /** The answer of a device that agreed. Throws what {@link exchange} throws, and `device.*` for a refusal. */
  async ask(request: SmpRequest, patience: Patience, signal: AbortSignal): Promise<SmpBody> {
    for (let asked = 1; ; asked += 1) {
      const body = await this.exchange(request, patience, signal)
      const refusal = refusalIn(body)
      if (!refusal) return body
      if (!isPassing(refusal) || asked >= patience.tries) throw refusalError(refusal, request)
      await sleep(100 * 2 ** asked, signal)
    }
  }

  #nextSeq(): number {
    do this.#seq = (this.#seq + 1) & 0xff
    while (this.#pending.has(this.#seq))
    return this.#seq
  }

  /** Packets leave one after the other and whole, whoever asks at the same time. */
  async #send(request: SmpRequest, seq: number, signal: AbortSignal): Promise<void> {
    const { op, group, id, body = {} } = request
    const packet = encodePacket({ version: this.version, op: OP[op], group, id, seq, body })
    const turn = this.#sending.then(() => this.transport.send(packet, signal))
    this.#sending = turn.catch(() => {})
    await turn
  }

  async #receive(): Promise<void> {
    // Nobody stops listening before the link ends.
    const { signal } = new AbortController()
    try {
      for (;;) this.#take(await this.transport.receive(signal))
    } catch (error) {
      this.#ended = error
      this.#failAll(error)
    }
  }

  #take(bytes: Uint8Array): void {
    const split = splitPacket(bytes)
    const pending = split && this.#pending.get(split.header.seq)
    if (!pending || !answers(split.header, pending.request)) return
    try {
      pending.resolve(decodeBody(split.payload))
    } catch (error) {
      pending.reject(error)
    }
  }

  #failAll(error: unknown): void {
    for (const pending of this.#pending.values()) pending.reject(error)
  }
}

function answers(header: SmpHeader, request: SmpRequest): boolean {
  return header.op === OP[request.op] + 1 && header.group === request.group && header.id === request.id
}

function noAnswer({ group, id }: SmpRequest, sent: number, { timeout }: Patience): AppError {
  return new AppError('device.no-answer', { detail: { group, id, sent, waitedMs: sent * timeout } })
}
