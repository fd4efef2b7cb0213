import { AppError, isAppError } from '../../../../shared/errors.ts'
import { Inbox } from '../inbox.ts'
import type { ByteLink, ControlLink, DatagramLink, Link } from '../link.ts'
import { sleep, throwIfAborted } from '../waiting.ts'
import { bytesOf, keyOfCall, throwRecorded } from './calls.ts'
import { type Dialect, plainDialect } from './dialect.ts'
import { type Exchange, OPENED } from './exchange.ts'
import type { Trace, TracedCall } from './format.ts'
import { replayHttp } from './replay-http.ts'
import { replaySsh } from './replay-ssh.ts'
import { type ReplayPlace, ReplayScript } from './script.ts'

export interface ReplayOptions {
  /** `recorded`: answers take as long as they took; `at-once`: no time at all. */
  readonly pace: 'recorded' | 'at-once'
  readonly dialect?: Dialect
}

/** A device that can only say what it said while it was recorded. */
export interface Replay {
  readonly script: ReplayScript
  /** Opens its link, as often as wanted. Throws `link.lost`, `link.not-found`. */
  open(signal: AbortSignal): Promise<Link>
}

/** Longest that an answer is waited for at no pace, ms: order is kept, time is not. */
const AT_ONCE = 0

export function replayTrace(trace: Trace, options: ReplayOptions): Replay {
  const { address, kind } = trace.header
  const script = new ReplayScript(trace, options.dialect ?? plainDialect)
  const wait = (ms: number) => (options.pace === 'recorded' ? ms : AT_ONCE)
  return {
    script,
    async open(signal) {
      throwIfAborted(signal)
      const opened = script.take(OPENED)
      if (!opened) throw new AppError('link.not-found', { detail: { address } })
      const place = { address, script, wait }
      switch (kind) {
        case 'serial':
        case 'memory':
          return bytes(place, kind, opened, options.dialect ?? plainDialect)
        case 'udp':
          return datagrams(place, opened, options.dialect ?? plainDialect)
        case 'http':
          return replayHttp(place)
        case 'usb':
          return control(place, opened)
        case 'ssh':
          return replaySsh(place)
      }
    },
  }
}

/** What goes both ways over a stream and over datagrams. */
function conversation({ address, script, wait }: ReplayPlace, opened: Exchange, dialect: Dialect) {
  const inbox = new Inbox<Uint8Array>()
  const closed = new AbortController()
  const reader = dialect.reader()
  const say = ({ said, request: recorded }: Exchange, request: Uint8Array) => {
    for (const { after, bytes } of said) {
      const put = () => inbox.put(dialect.answer(bytes, recorded, request))
      const pause = wait(after)
      if (pause === 0) put()
      else sleep(pause, closed.signal).then(put, () => {})
    }
  }
  say(opened, opened.request)
  const lost = () => new AppError('link.lost', { detail: { address } })
  return {
    inbox,
    async take(this: void, bytes: Uint8Array, signal: AbortSignal) {
      throwIfAborted(signal)
      if (inbox.ended) throw inbox.ended
      for (const request of reader(bytes.slice())) {
        const exchange = script.take(dialect.key(request))
        if (exchange) say(exchange, request)
      }
    },
    async close(this: void) {
      closed.abort()
      inbox.end(lost())
    },
  }
}

function bytes(place: ReplayPlace, kind: ByteLink['kind'], opened: Exchange, dialect: Dialect): ByteLink {
  const { inbox, take, close } = conversation(place, opened, dialect)
  return {
    kind,
    address: place.address,
    read: (signal) => inbox.take(signal),
    write: take,
    discardInput: async () => inbox.clear(),
    close,
  }
}

function datagrams(place: ReplayPlace, opened: Exchange, dialect: Dialect): DatagramLink {
  const { inbox, take, close } = conversation(place, opened, dialect)
  return {
    kind: 'udp',
    address: place.address,
    maxPayload: opened.maxPayload ?? 1472,
    receive: (signal) => inbox.take(signal),
    send: take,
    close,
  }
}

function control({ address, script, wait }: ReplayPlace, opened: Exchange): ControlLink {
  const { face } = opened
  if (!face) throw new AppError('trace.unreadable', { detail: { reason: 'no-face' } })
  const closed = new AbortController()
  let lost: AppError | null = null
  const ask = async (call: TracedCall, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array> => {
    throwIfAborted(signal)
    if (lost) throw lost
    const exchange = script.take(keyOfCall(call))
    const ended = AbortSignal.any([signal, closed.signal])
    if (!exchange?.reply) {
      await sleep(timeoutMs, ended)
      throw new AppError('link.timeout', { detail: { address } })
    }
    await sleep(wait(exchange.reply.after), ended)
    const { reply } = exchange.reply
    await throwRecorded(reply, ended).catch((error: unknown) => {
      if (isAppError(error, 'link.lost')) lost = error
      throw error
    })
    return reply.what === 'data' ? bytesOf(reply.data) : new Uint8Array()
  }
  const PATIENCE = 1000
  return {
    kind: 'usb',
    address,
    face,
    claim: async (number, signal) => void (await ask({ what: 'claim', number }, PATIENCE, signal)),
    select: async (number, alternate, signal) =>
      void (await ask({ what: 'select', number, alternate }, PATIENCE, signal)),
    in: (setup, length, timeoutMs, signal) => ask({ what: 'usb-in', setup, length }, timeoutMs, signal),
    out: async (setup, data, timeoutMs, signal) =>
      void (await ask({ what: 'usb-out', setup, data: Buffer.from(data).toString('base64') }, timeoutMs, signal)),
    bulkIn: (endpoint, length, timeoutMs, signal) => ask({ what: 'bulk-in', endpoint, length }, timeoutMs, signal),
    bulkOut: async (endpoint, data, timeoutMs, signal) =>
      void (await ask({ what: 'bulk-out', endpoint, data: Buffer.from(data).toString('base64') }, timeoutMs, signal)),
    reset: async (signal) => void (await ask({ what: 'reset' }, PATIENCE, signal)),
    async close() {
      closed.abort()
      lost ??= new AppError('link.lost', { detail: { address } })
    },
  }
}
