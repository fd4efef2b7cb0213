import { AppError } from '../errors.ts'
import type { CallOptions, Client, Contract, WatchListener } from './define.ts'
import { type HostFrame, HostFrame as HostFrameSchema, MAX_FRAME_LENGTH, readFrame, type Wire } from './wire.ts'

export interface ConnectOptions<C extends Contract> {
  readonly contract: C
  readonly version: number
  readonly token?: string
  readonly signal?: AbortSignal
}

export interface Connection<C extends Contract> {
  readonly client: Client<C>
  /** Settles when the wire closes, with the reason if the host gave one. Never rejects. */
  readonly closed: Promise<AppError | null>
  close(): void
}

/**
 * Opens a contract on a wire. The wire is closed when this throws.
 * @throws AppError `rpc.unauthorised`, `rpc.version-mismatch`, `rpc.closed`, `cancelled`, or why the host could not start
 */
export async function connect<C extends Contract>(wire: Wire, options: ConnectOptions<C>): Promise<Connection<C>> {
  const { contract, signal } = options
  const end = new ClientWire(wire)
  const onAbort = () => end.close(new AppError('cancelled'))
  signal?.addEventListener('abort', onAbort)
  try {
    if (signal?.aborted) onAbort()
    await end.open(options.version, options.token)
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
  return { client: end.client(contract), closed: end.closed, close: () => end.close() }
}

interface Pending {
  value(value: unknown): void
  done(value: unknown): void
  fail(error: AppError): void
}

class ClientWire {
  readonly closed: Promise<AppError | null>
  readonly #wire: Wire
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #reason: AppError | null = null
  #isClosed = false
  #settleClosed!: (reason: AppError | null) => void
  #opening: { resolve(): void; reject(error: AppError): void } | undefined

  constructor(wire: Wire) {
    this.#wire = wire
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve
    })
    wire.onClose(() => this.#end())
    wire.onMessage((message) => this.#onMessage(message))
  }

  open(version: number, token: string | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(this.#reason ?? new AppError('rpc.closed'))
      this.#opening = { resolve, reject }
      this.#wire.send(JSON.stringify({ t: 'open', version, ...(token === undefined ? {} : { token }) }))
    })
  }

  client<C extends Contract>(contract: C): Client<C> {
    const client: Record<string, Record<string, unknown>> = {}
    for (const [namespace, verbs] of Object.entries(contract)) {
      const methods: Record<string, unknown> = {}
      for (const [name, verb] of Object.entries(verbs)) {
        const method = `${namespace}.${name}`
        methods[name] =
          verb.verb === 'call'
            ? (input: unknown, options?: CallOptions) => this.#call(method, input, options?.signal)
            : (input: unknown, listener: WatchListener<unknown>) => this.#watch(method, input, listener)
      }
      client[namespace] = methods
    }
    return client as Client<C>
  }

  close(reason: AppError | null = null): void {
    this.#reason ??= reason
    this.#wire.close()
    this.#end()
  }

  #call(method: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new AppError('cancelled'))
      const stop = this.#start(method, input, {
        value: () => {},
        done: (value) => finish(() => resolve(value)),
        fail: (error) => finish(() => reject(error)),
      })
      const onAbort = () => {
        stop()
        finish(() => reject(new AppError('cancelled')))
      }
      const finish = (settle: () => void) => {
        signal?.removeEventListener('abort', onAbort)
        settle()
      }
      signal?.addEventListener('abort', onAbort)
    })
  }

  #watch(method: string, input: unknown, listener: WatchListener<unknown>): () => void {
    return this.#start(method, input, {
      value: (value) => listener.value(value),
      done: () => listener.end?.(null),
      fail: (error) => listener.end?.(error),
    })
  }

  /** Sends the frame; the returned function stops the stream and silences it. */
  #start(method: string, input: unknown, pending: Pending): () => void {
    const id = this.#nextId++
    this.#pending.set(id, pending)
    const failLater = (error: AppError) => {
      // Never in the caller's own stack: `stop` is not in its hands yet.
      queueMicrotask(() => {
        if (this.#pending.delete(id)) pending.fail(error)
      })
    }
    const text = JSON.stringify({ t: 'call', id, method, input: input ?? null })
    if (this.#isClosed) failLater(this.#reason ?? new AppError('rpc.closed'))
    // The host would close the wire over it, and everything else with it.
    else if (text.length > MAX_FRAME_LENGTH)
      failLater(new AppError('rpc.too-large', { detail: { length: text.length } }))
    else this.#wire.send(text)
    return () => {
      if (!this.#pending.delete(id) || this.#isClosed) return
      this.#wire.send(JSON.stringify({ t: 'stop', id }))
    }
  }

  #onMessage(message: unknown): void {
    if (this.#isClosed) return
    let frame: HostFrame
    try {
      frame = readFrame(HostFrameSchema, message)
    } catch (error) {
      this.close(error as AppError)
      return
    }
    if (frame.t === 'open') {
      this.#opening?.resolve()
      this.#opening = undefined
    } else if (frame.t === 'error' && frame.id === undefined) {
      // The host hangs up next; what it said is why.
      this.#reason = AppError.fromData(frame.error)
    } else if (frame.id !== undefined) {
      this.#dispatch(frame.id, frame)
    }
  }

  #dispatch(id: number, frame: Exclude<HostFrame, { t: 'open' }>): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    if (frame.t === 'value') {
      pending.value(frame.value)
      return
    }
    this.#pending.delete(id)
    if (frame.t === 'done') pending.done(frame.value ?? null)
    else pending.fail(AppError.fromData(frame.error))
  }

  #end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const error = this.#reason ?? new AppError('rpc.closed')
    this.#opening?.reject(error)
    for (const pending of this.#pending.values()) pending.fail(error)
    this.#pending.clear()
    this.#settleClosed(this.#reason)
  }
}
