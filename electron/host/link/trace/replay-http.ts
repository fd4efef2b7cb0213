import { AppError } from '../../../../shared/errors.ts'
import { Inbox } from '../inbox.ts'
import type { HttpLink, HttpReply, TextSocket } from '../link.ts'
import { sleep, throwIfAborted } from '../waiting.ts'
import { BodyGauge, fileNameIn } from './bodies.ts'
import { keyOfCall, throwRecorded, wholeBody } from './calls.ts'
import type { Exchange, SentFrame } from './exchange.ts'
import type { TracedCall, TracedReply } from './format.ts'
import type { ReplayPlace } from './script.ts'
import { scrubHeaders, scrubPath } from './scrub.ts'
import { contentTypeOf } from './tap-http.ts'

/** How long a request waits that the trace does not know, ms. */
const SILENCE = 1000

/** A device's web server that can only say what it said. */
export function replayHttp(place: ReplayPlace): HttpLink {
  const { address, script, wait } = place
  const closed = new AbortController()
  const sockets = new Sockets(place, closed.signal)
  const ask = async (call: TracedCall, signal: AbortSignal, fileName: string | null = null): Promise<Exchange> => {
    throwIfAborted(signal)
    const ended = AbortSignal.any([signal, closed.signal])
    const exchange = script.take(keyOfCall(call))
    const recorded = exchange?.call?.what === 'request' && exchange.call.body ? fileNameIn(exchange.call.body) : null
    if (recorded !== null && fileName !== null) sockets.rename(recorded, fileName)
    if (!exchange?.reply) {
      await sleep(SILENCE, ended)
      throw new AppError('link.lost', { detail: { address } })
    }
    await sleep(wait(exchange.reply.after), ended)
    await throwRecorded(exchange.reply.reply, ended)
    return exchange
  }
  return {
    kind: 'http',
    address,
    async request(request, signal) {
      throwIfAborted(signal)
      const gauge = new BodyGauge(contentTypeOf(request))
      if (request.body instanceof Uint8Array) gauge.push(request.body)
      else if (request.body) for await (const piece of request.body) gauge.push(piece)
      const body = request.body === undefined ? null : gauge.body([])
      const { method, path, headers = {} } = request
      const exchange = await ask(
        { what: 'request', method, path: scrubPath(path), headers: scrubHeaders(headers), body },
        signal,
        gauge.fileName,
      )
      return replyOf(exchange)
    },
    async socket(path, headers, signal) {
      const exchange = await ask({ what: 'socket', path: scrubPath(path), headers: scrubHeaders(headers) }, signal)
      return exchange.reply?.reply.what === 'http' ? replyOf(exchange) : sockets.open()
    },
    close: async () => closed.abort(new AppError('link.lost', { detail: { address } })),
  }
}

function replyOf({ reply }: Exchange): HttpReply {
  const said: TracedReply | undefined = reply?.reply
  if (said?.what !== 'http') throw new AppError('trace.unreadable', { detail: { reason: 'no-reply' } })
  return { status: said.status, headers: said.headers, body: wholeBody(said.body) }
}

/** Sends the frames of the trace when their time has come, to whoever listens then. */
class Sockets {
  readonly #place: ReplayPlace
  readonly #closed: AbortSignal
  readonly #waiting: SentFrame[]
  #names: readonly [string, string] | null = null
  #listener: Inbox<string | null> | null = null

  constructor(place: ReplayPlace, closed: AbortSignal) {
    this.#place = place
    this.#closed = closed
    this.#waiting = [...place.script.frames]
    const stop = place.script.onChange(() => this.#release())
    closed.addEventListener('abort', stop, { once: true })
  }

  /** What the device was told to call a file, and what it is called now. */
  rename(recorded: string, now: string): void {
    this.#names = [recorded, now]
  }

  open(): TextSocket {
    const inbox = new Inbox<string | null>()
    this.#listener = inbox
    this.#release()
    return {
      receive: (signal) => inbox.take(signal),
      close: () => {
        if (this.#listener === inbox) this.#listener = null
      },
    }
  }

  #release(): void {
    const { script, wait } = this.#place
    if (script.fellBack) return
    while (this.#waiting[0] && this.#waiting[0].changesBefore <= script.changesDelivered) {
      const frame = this.#waiting.shift()
      if (!frame) return
      sleep(wait(frame.after), this.#closed).then(
        () => this.#listener?.put(this.#renamed(frame.text)),
        () => {},
      )
    }
  }

  #renamed(text: string | null): string | null {
    return text !== null && this.#names ? text.replaceAll(...this.#names) : text
  }
}
