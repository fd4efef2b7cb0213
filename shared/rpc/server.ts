import { AppError, type ErrorData, toErrorData } from '../errors.ts'
import { type Access, type Contract, findVerb, type Handlers, type Live, type Verb } from './define.ts'
import { ClientFrame, type HostFrame, readFrame, type Wire } from './wire.ts'

/** Watches send at most this often, milliseconds apart; the latest value wins. */
export const WATCH_INTERVAL_MS = 100
/** Calls and watches that one wire may have open at a time. */
export const MAX_STREAMS = 256
/** A wire that has not said `open` by then is closed, milliseconds. */
const OPEN_WITHIN_MS = 5000
/** Watch values are held back while more than this waits to leave, bytes. */
const BACKLOG_LIMIT = 1_000_000

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
}

/** Serves a contract on one wire until it closes. Runs go on without it. */
export function serve<C extends Contract, Ctx>(wire: Wire, options: ServeOptions<C, Ctx>): void {
  new ServerWire(wire, options as unknown as ServeOptions<Contract, unknown>).start()
}

type AnyHandler = (input: unknown, ctx: unknown, signal: AbortSignal) => unknown

class ServerWire {
  readonly #wire: Wire
  readonly #options: ServeOptions<Contract, unknown>
  readonly #streams = new Map<number, AbortController>()
  #opened = false
  #closed = false

  constructor(wire: Wire, options: ServeOptions<Contract, unknown>) {
    this.#wire = wire
    this.#options = options
  }

  start(): void {
    const lateOpen = setTimeout(() => {
      if (!this.#opened) this.#refuse(new AppError('rpc.unauthorised', { detail: { why: 'no-open-frame' } }))
    }, OPEN_WITHIN_MS)
    this.#wire.onMessage((message) => this.#onMessage(message))
    this.#wire.onClose(() => {
      clearTimeout(lateOpen)
      this.#end()
    })
  }

  #onMessage(message: unknown): void {
    if (this.#closed) return
    try {
      const frame = readFrame(ClientFrame, message)
      if (frame.t === 'open') this.#open(frame.version, frame.token)
      else if (!this.#opened) throw new AppError('rpc.unauthorised', { detail: { why: 'not-opened' } })
      else if (frame.t === 'stop') this.#streams.get(frame.id)?.abort()
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
    if (this.#streams.has(id)) {
      this.#refuse(new AppError('rpc.bad-frame', { detail: { why: 'id-in-use' } }))
      return
    }
    const stream = new AbortController()
    try {
      if (this.#streams.size >= MAX_STREAMS) throw new AppError('rpc.too-many-streams')
      const verb = findVerb(this.#options.contract, method)
      if (!verb) throw new AppError('rpc.unknown-method', { detail: { method } })
      this.#streams.set(id, stream)
      const parsed = verb.input.safeParse(input)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new AppError('rpc.bad-input', {
          detail: { method, at: issue?.path.join('.') ?? '', why: issue?.message ?? '' },
        })
      }
      const ctx = this.#options.admit(verb.access, method)
      const handler = this.#handler(method)
      if (verb.verb === 'call') {
        const value = await abortable(handler(parsed.data, ctx, stream.signal), stream.signal)
        this.#send({ t: 'done', id, value: this.#checked(verb, value, method) })
      } else {
        await this.#watch(id, handler(parsed.data, ctx, stream.signal) as Live<unknown>, verb, method, stream.signal)
        this.#send({ t: 'done', id })
      }
    } catch (error) {
      if (!this.#closed) this.#send({ t: 'error', id, error: this.#coded(error, method) })
    } finally {
      this.#streams.delete(id)
    }
  }

  async #watch(id: number, live: Live<unknown>, verb: Verb, method: string, signal: AbortSignal): Promise<void> {
    let sent: string | undefined
    let wake: (() => void) | undefined
    let changed = true
    const nudge = () => {
      changed = true
      wake?.()
    }
    const unsubscribe = live.onChange(nudge)
    signal.addEventListener('abort', nudge)
    try {
      while (!signal.aborted) {
        if (changed && (this.#wire.backlog?.() ?? 0) < BACKLOG_LIMIT) {
          changed = false
          const value = this.#checked(verb, await live.read(), method)
          const text = JSON.stringify(value)
          if (text !== sent && !signal.aborted) {
            this.#send({ t: 'value', id, value })
            sent = text
          }
          await sleep(WATCH_INTERVAL_MS, signal)
        } else if (changed) {
          await sleep(WATCH_INTERVAL_MS, signal)
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          wake = undefined
        }
      }
    } finally {
      unsubscribe()
      signal.removeEventListener('abort', nudge)
    }
  }

  #handler(method: string): AnyHandler {
    const [namespace = '', name = ''] = method.split('.', 2)
    const handlers = this.#options.handlers as Record<string, Record<string, AnyHandler>>
    const handler = handlers[namespace]?.[name]
    if (!handler) throw new AppError('rpc.unknown-method', { detail: { method } })
    return handler
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
    if (!this.#closed) this.#wire.send(JSON.stringify(frame))
  }

  /** For what is wrong with the wire itself: say so once, then hang up. */
  #refuse(error: unknown): void {
    this.#send({ t: 'error', error: toErrorData(error, 'rpc.bad-frame') })
    this.#wire.close()
    this.#end()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams.values()) stream.abort()
    this.#streams.clear()
  }
}

/** The handler's promise, or `cancelled` as soon as the client says stop. */
async function abortable(work: unknown, signal: AbortSignal): Promise<unknown> {
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new AppError('cancelled'))
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([Promise.resolve(work), aborted])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
