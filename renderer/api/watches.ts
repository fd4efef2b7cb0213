import { createStore, type StoreApi } from 'zustand/vanilla'
import { type ErrorData, isAppError, toErrorData } from '../../shared/errors.ts'
import type { WatchListener } from '../../shared/rpc/define.ts'
import type { ConnectionState } from './connection.ts'
import { splitMethod, type WatchInput, type WatchMethod, type WatchOutput } from './methods.ts'

/** What is known of a watched value. The last value stays while the connection is away. */
export interface Watched<T> {
  readonly value: T | undefined
  readonly error: ErrorData | null
  /** When the value arrived, on the page's monotonic clock (`performance.now()`). */
  readonly at: number
}

export interface Watch<T> {
  readonly store: StoreApi<Watched<T>>
  /** Keeps the value fresh until the returned function is called. */
  hold(): () => void
}

export interface Watches {
  /** A watched value, shared by all who ask for the same. */
  watch<M extends WatchMethod>(method: M, input: WatchInput<M>): Watch<WatchOutput<M>>
}

interface Entry {
  readonly key: string
  readonly method: WatchMethod
  readonly input: unknown
  readonly store: StoreApi<Watched<unknown>>
  holders: number
  stop: (() => void) | undefined
  lapse: ReturnType<typeof setTimeout> | undefined
}

/** A value is kept watched this long after its last reader left, ms: screens change, values need not. */
const LINGER_MS = 500
/** Values that nobody watches any more are remembered for the way back to a screen, this many. */
const REMEMBERED = 60

/** Every watch of the page, each value asked for once, asked for again after a reconnect. */
export function createWatches(connection: StoreApi<ConnectionState>, clock: () => number): Watches {
  const entries = new Map<string, Entry>()

  connection.subscribe((state, before) => {
    if (state.client === before.client) return
    for (const entry of entries.values()) {
      entry.stop = undefined
      if (entry.holders > 0) start(entry)
    }
  })

  return {
    watch: (method, input) => {
      const entry = entryOf(method, input)
      return { store: entry.store as StoreApi<Watched<never>>, hold: () => hold(entry) }
    },
  }

  function hold(entry: Entry): () => void {
    entries.set(entry.key, entry)
    entry.holders++
    clearTimeout(entry.lapse)
    if (!entry.stop) start(entry)
    return () => release(entry)
  }

  function entryOf(method: WatchMethod, input: unknown): Entry {
    const key = `${method} ${JSON.stringify(input)}`
    const known = entries.get(key)
    if (known) return known
    const store = createStore<Watched<unknown>>(() => ({ value: undefined, error: null, at: 0 }))
    const entry: Entry = { key, method, input, store, holders: 0, stop: undefined, lapse: undefined }
    entries.set(key, entry)
    return entry
  }

  function start(entry: Entry): void {
    const { client } = connection.getState()
    if (!client) return
    const [namespace, verb] = splitMethod(entry.method)
    const verbs = client as unknown as Record<
      string,
      Record<string, (input: unknown, listener: WatchListener<unknown>) => () => void>
    >
    const stop = verbs[namespace]?.[verb]?.(entry.input, {
      value: (value) => entry.store.setState({ value, error: null, at: clock() }),
      end: (error) => {
        if (entry.stop === stop) entry.stop = undefined
        // A lost connection is the frame's to tell; here only what is wrong with this value.
        if (error && !isAppError(error, 'rpc.closed')) entry.store.setState({ error: toErrorData(error) })
      },
    })
    entry.stop = stop
  }

  function release(entry: Entry): void {
    entry.holders--
    if (entry.holders > 0) return
    entry.lapse = setTimeout(() => {
      entry.stop?.()
      entry.stop = undefined
      entry.store.setState({ error: null })
      if (entries.size > REMEMBERED) entries.delete(entry.key)
    }, LINGER_MS)
  }
}
