import { AppError } from '../errors.ts'
import type { CallOptions, Client, Contract, WatchListener } from './define.ts'
import { type HostFrame, HostFrame as HostFrameSchema, readFrame, type Wire } from './wire.ts'

export interface ConnectOptions<C extends Contract> {
  readonly contract: C
  readonly version: number
  readonly token?: string
  readonly signal?: AbortSignal
}

export interface Connection<C extends Contract> {
  readonly client: Client<C>
  /** Settles when the wire closes, with the reason if the host gave one. */
  readonly closed: Promise<AppError | null>
  close(): void
}

/**
 * Opens a contract on a wire. Throws `rpc.unauthorised`, `rpc.version-mismatch` or `rpc.closed` when
 * the host does not want us.
 */
export async function connect<C extends Contract>(wire: Wire, options: ConnectOptions<C>): Promise<Connection<C>> {
  const end = new ClientWire(wire)
  const onAbort = () => end.close()
  options.signal?.addEventListener('abort', onAbort)
  try {
    await end.open(options.version, options.token)
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
  }
  return { client: end.client(options.contract), closed: end.closed, close: () => end.close() }
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
      this.#opening = { resolve, reject }
      if (this.#isClosed) return reject(new AppError('rpc.closed'))
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

  close(): void {
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
    if (this.#isClosed) {
      queueMicrotask(() => pending.fail(this.#reason ?? new AppError('rpc.closed')))
      return () => {}
    }
    const id = this.#nextId++
    this.#pending.set(id, pending)
    this.#wire.send(JSON.stringify({ t: 'call', id, method, input: input ?? null }))
    return () => {
      if (!this.#pending.delete(id) || this.#isClosed) return
      this.#wire.send(JSON.stringify({ t: 'stop', id }))
    }
  }

  #onMessage(message: unknown): void {
    let frame: HostFrame
    try {
      frame = readFrame(HostFrameSchema, message) as HostFrame
    } catch (error) {
      this.#reason = error as AppError
      this.close()
      return
    }
    if (frame.t === 'open') {
      this.#opening?.resolve()
      return
    }
    if (frame.t === 'error' && frame.id === undefined) {
      this.#reason = AppError.fromData(frame.error)
      return
    }
    const id = frame.id as number
    const pending = this.#pending.get(id)
    if (!pending) return
    if (frame.t === 'value') {
      pending.value(frame.value)
      return
    }
    this.#pending.delete(id)
    if (frame.t === 'done') pending.done(frame.value)
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
