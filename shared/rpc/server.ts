import { AppError, type ErrorData, toErrorData } from '../errors.ts'
import { type Access, type Contract, findVerb, type Handlers, type Live, type Verb } from './define.ts'
import { abortable, pause } from './waiting.ts'
import { pumpWatch, WATCH_INTERVAL_MS } from './watch-pump.ts'
import { ClientFrame, type HostFrame, MAX_FRAME_LENGTH, MAX_OPEN_FRAME_LENGTH, readFrame, type Wire } from './wire.ts'

/** Calls and watches that one wire may have open at a time. */
export const MAX_STREAMS = 256
/** A wire that has not said `open` by then is closed, milliseconds. */
const OPEN_WITHIN_MS = 5000
/** Values and replies are held back while more than this waits to leave, bytes. */
const BACKLOG_LIMIT = 1_000_000
/** A reader this far behind is not reading: the wire is closed, bytes. Above the largest frame. */
const BACKLOG_END = 16_000_000

export interface ServeOptions<C extends Contract, Ctx> {
  readonly contract: C
  readonly version: number
  readonly handlers: Handlers<C, Ctx>
  /** Is this the token of this host? Absent where the wire itself is proof (a handed-over port). */
  readonly checkToken?: (token: string) => boolean
  /** Who calls, or a throw that says why not. Called for each call and each watch. */
  readonly admit: (access: Access, method: string) => Ctx
  /** Logs an unexpected throw and returns the id under which support finds it. */
  readonly onUnexpected: (error: unknown, method: string) => string
  /** Validate replies too. For tests: the host's own values are typed already. */
  readonly checkOutput?: boolean
  /** Milliseconds a wire has to say `open`; {@link OPEN_WITHIN_MS} unless told. */
  readonly openWithinMs?: number
}

export interface Served {
  /** Settles when the wire has closed, whoever closed it. Never rejects. */
  readonly closed: Promise<void>
}

/** Serves a contract on one wire until it closes. Runs go on without it. */
export function serve<C extends Contract, Ctx>(wire: Wire, options: ServeOptions<C, Ctx>): Served {
  const server = new ServerWire(wire, options as unknown as ServeOptions<Contract, unknown>)
  server.start()
  return server
}

/**
 * Hangs up on a wire with the reason as a coded error. For a host that could not start: its clients
 * learn why instead of waiting.
 */
export function refuseWire(wire: Wire, reason: ErrorData): void {
  wire.onMessage(() => {})
  wire.send(JSON.stringify({ t: 'error', error: reason } satisfies HostFrame))
  wire.close()
}

type AnyHandler = (input: unknown, ctx: unknown, signal: AbortSignal) => unknown

class ServerWire implements Served {
  readonly closed: Promise<void>
  readonly #wire: Wire
  readonly #options: ServeOptions<Contract, unknown>
  readonly #streams = new Map<number, AbortController>()
  #opened = false
  #closed = false
  #settleClosed!: () => void

  constructor(wire: Wire, options: ServeOptions<Contract, unknown>) {
    this.#wire = wire
    this.#options = options
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve
    })
  }

  start(): void {
    const lateOpen = setTimeout(() => {
      if (!this.#opened) this.#refuse(new AppError('rpc.unauthorised', { detail: { why: 'no-open-frame' } }))
    }, this.#options.openWithinMs ?? OPEN_WITHIN_MS)
    this.#wire.onClose(() => {
      clearTimeout(lateOpen)
      this.#end()
    })
    this.#wire.onMessage((message) => this.#onMessage(message))
  }

  #onMessage(message: unknown): void {
    if (this.#closed) return
    try {
      const frame = readFrame(ClientFrame, message, this.#opened ? MAX_FRAME_LENGTH : MAX_OPEN_FRAME_LENGTH)
      if (frame.t === 'open') this.#open(frame.version, frame.token)
      else if (!this.#opened) throw new AppError('rpc.unauthorised', { detail: { why: 'not-opened' } })
      else if (frame.t === 'stop') this.#streams.get(frame.id)?.abort()
      else if (this.#streams.has(frame.id)) throw new AppError('rpc.bad-frame', { detail: { why: 'id-in-use' } })
      else void this.#run(frame.id, frame.method, frame.input)
    } catch (error) {
      this.#refuse(error)
    }
  }

  #open(version: number, token: string | undefined): void {
    const { checkToken } = this.#options
    if (this.#opened) throw new AppError('rpc.bad-frame', { detail: { why: 'opened-twice' } })
    // The token comes first: a stranger learns nothing, not even which version runs.
    if (checkToken && !(token !== undefined && checkToken(token))) {
      throw new AppError('rpc.unauthorised', { detail: { why: 'token' } })
    }
    if (version !== this.#options.version) {
      throw new AppError('rpc.version-mismatch', { detail: { host: this.#options.version, client: version } })
    }
    this.#opened = true
    this.#send({ t: 'open', version })
  }

  async #run(id: number, method: string, input: unknown): Promise<void> {
    const stream = new AbortController()
    const { signal } = stream
    try {
      if (this.#streams.size >= MAX_STREAMS) throw new AppError('rpc.too-many-streams')
      this.#streams.set(id, stream)
      const { verb, handler } = this.#find(method)
      const parsed = verb.input.safeParse(input)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new AppError('rpc.bad-input', {
          detail: { method, at: issue?.path.join('.') ?? '', why: issue?.message ?? '' },
        })
      }
      const ctx = this.#options.admit(verb.access, method)
      if (verb.verb === 'call') {
        const value = this.#checked(verb, await abortable(handler(parsed.data, ctx, signal), signal), method)
        await this.#room(signal)
        this.#send({ t: 'done', id, value })
      } else {
        const live = handler(parsed.data, ctx, signal) as Live<unknown>
        const send = (value: unknown, before: string | undefined) => {
          const text = JSON.stringify(this.#checked(verb, value, method) ?? null)
          if (text !== before) this.#sendText(valueFrame(id, text), method)
          return text
        }
        await pumpWatch(live, { room: () => this.#room(signal), send, signal })
        this.#send({ t: 'done', id })
      }
    } catch (error) {
      this.#send({ t: 'error', id, error: this.#coded(error, method) })
    } finally {
      if (this.#streams.get(id) === stream) this.#streams.delete(id)
    }
  }

  #find(method: string): { verb: Verb; handler: AnyHandler } {
    const verb = findVerb(this.#options.contract, method)
    const [namespace = '', name = ''] = method.split('.', 2)
    // A host may leave a whole namespace out (`demo`); the contract's own names keep this look-up safe.
    const handlers = this.#options.handlers as Record<string, Record<string, AnyHandler> | undefined>
    const handler = verb && handlers[namespace]?.[name]
    if (!handler) throw new AppError('rpc.unknown-method', { detail: { method } })
    return { verb, handler }
  }

  /** Waits while the reader is behind, so that a slow one costs its own freshness and not our memory. */
  async #room(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (this.#wire.backlog?.() ?? 0) > BACKLOG_LIMIT) await pause(WATCH_INTERVAL_MS, signal)
    if (signal.aborted) throw new AppError('cancelled')
  }

  #checked(verb: Verb, value: unknown, method: string): unknown {
    if (!this.#options.checkOutput) return value
    const parsed = verb.output.safeParse(value)
    if (parsed.success) return parsed.data
    throw new AppError('rpc.bad-output', { detail: { method, why: parsed.error.message.slice(0, 500) } })
  }

  #coded(error: unknown, method: string): ErrorData {
    const data = toErrorData(error)
    if (data.code !== 'internal') return data
    return { ...data, detail: { log: this.#options.onUnexpected(error, method) } }
  }

  #send(frame: HostFrame): void {
    this.#sendText(JSON.stringify(frame))
  }

  #sendText(text: string, method = ''): void {
    if (this.#closed) return
    // The other side would hang up on it; better that only this one stream fails.
    if (text.length > MAX_FRAME_LENGTH) throw new AppError('rpc.too-large', { detail: { length: text.length, method } })
    this.#wire.send(text)
    if ((this.#wire.backlog?.() ?? 0) > BACKLOG_END) this.#hangUp()
  }

  /** For what is wrong with the wire itself: say so once, then hang up. */
  #refuse(error: unknown): void {
    this.#send({ t: 'error', error: toErrorData(error, 'rpc.bad-frame') })
    this.#hangUp()
  }

  #hangUp(): void {
    this.#wire.close()
    this.#end()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams.values()) stream.abort()
    this.#streams.clear()
    this.#settleClosed()
  }
}

/** The frame around a value that is JSON text already: large values are turned into text once. */
function valueFrame(id: number, valueText: string): string {
  return `{"t":"value","id":${id},"value":${valueText}}`
}
