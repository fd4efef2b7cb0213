import type { HttpLink, HttpReply, HttpRequest, TextSocket } from '../link.ts'
import { BodyGauge } from './bodies.ts'
import type { TracedReply } from './format.ts'
import { scrubHeaders, scrubPath } from './scrub.ts'
import { type CurrentWriter, type TraceWriter, tracedError } from './writer.ts'

/** Requests, replies and the frames of sockets. Logins and cookies are left out by name, passwords wherever they are. */
export function tapHttp(link: HttpLink, writer: CurrentWriter): HttpLink {
  writer()
  return {
    kind: 'http',
    address: link.address,
    async request(request, signal) {
      const trace = writer()
      return trace ? requested(link, request, trace, signal) : link.request(request, signal)
    },
    async socket(path, headers, signal) {
      const trace = writer()
      if (!trace) return link.socket(path, headers, signal)
      const id = trace.newCall()
      trace.note({ is: 'call', id, call: { what: 'socket', path: scrubPath(path), headers: scrubHeaders(headers) } })
      try {
        const opened = await link.socket(path, headers, signal)
        trace.note({ is: 'reply', id, reply: 'status' in opened ? tracedReply(opened, trace) : { what: 'done' } })
        return 'status' in opened ? opened : tapSocket(opened, id, trace)
      } catch (error) {
        trace.note({ is: 'reply', id, reply: tracedError(error, signal) })
        throw error
      }
    },
    async close() {
      writer()?.note({ is: 'close', code: null })
      await link.close()
    },
  }
}

/** Noted once its body has gone out: whether it did is what counts. */
async function requested(
  link: HttpLink,
  request: HttpRequest,
  trace: TraceWriter,
  signal: AbortSignal,
): Promise<HttpReply> {
  const id = trace.newCall()
  const gauge = new BodyGauge(contentTypeOf(request))
  let noted = false
  const note = () => {
    if (noted) return
    noted = true
    trace.note({
      is: 'call',
      id,
      call: {
        what: 'request',
        method: request.method,
        path: scrubPath(request.path),
        headers: scrubHeaders(request.headers ?? {}),
        body: request.body === undefined ? null : trace.body(gauge),
      },
    })
  }
  if (request.body === undefined) note()
  const body = request.body === undefined ? undefined : measured(request.body, gauge, note)
  try {
    const reply = await link.request({ ...request, ...lengthOf(request), ...(body && { body }) }, signal)
    // A device may answer before it has heard it all.
    note()
    trace.note({ is: 'reply', id, reply: tracedReply(reply, trace) })
    return reply
  } catch (error) {
    note()
    trace.note({ is: 'reply', id, reply: tracedError(error, signal) })
    throw error
  }
}

/** A body that is streamed has its length beside it. */
function lengthOf({ body }: HttpRequest) {
  return body instanceof Uint8Array ? { length: body.length } : {}
}

async function* measured(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  gauge: BodyGauge,
  whole: () => void,
): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    gauge.push(body)
    yield body
  } else {
    for await (const piece of body) {
      gauge.push(piece)
      yield piece
    }
  }
  whole()
}

export function contentTypeOf({ headers = {} }: Pick<HttpRequest, 'headers'>): string {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
}

function tracedReply(reply: HttpReply, trace: TraceWriter): TracedReply {
  const gauge = new BodyGauge()
  gauge.push(reply.body)
  return { what: 'http', status: reply.status, headers: scrubHeaders(reply.headers), body: trace.body(gauge) }
}

function tapSocket(socket: TextSocket, id: number, trace: TraceWriter): TextSocket {
  return {
    async receive(signal) {
      const text = await socket.receive(signal)
      trace.note({ is: 'frame', id, text: text === null ? null : trace.text(text) })
      return text
    },
    close: () => socket.close(),
  }
}
