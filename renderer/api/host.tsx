import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/errors.ts'
import { AppError, toErrorData } from '../../shared/errors.ts'
import { pageNow } from './clock.ts'
import type { ConnectionState } from './connection.ts'
import {
  type CallInput,
  type CallMethod,
  type CallOutput,
  splitMethod,
  type WatchInput,
  type WatchMethod,
  type WatchOutput,
} from './methods.ts'
import type { Watched, Watches } from './watches.ts'

/** The engine as the page has it: whether it is there, and what it says. */
export interface HostHandle {
  readonly connection: StoreApi<ConnectionState>
  readonly watches: Watches
}

const HostContext = createContext<HostHandle | null>(null)

export function HostProvider(props: { readonly host: HostHandle; readonly children: ReactNode }) {
  return <HostContext value={props.host}>{props.children}</HostContext>
}

function useHost(): HostHandle {
  const host = useContext(HostContext)
  if (!host) throw new AppError('host.unavailable')
  return host
}

export function useConnection(): ConnectionState {
  return useStore(useHost().connection)
}

/** A value of the host, kept fresh while the component is on screen. `undefined` as input: not now. */
export function useWatch<M extends WatchMethod>(
  method: M,
  input: WatchInput<M> | undefined,
): Watched<WatchOutput<M>> | IdleWatch {
  const { watches } = useHost()
  const key = JSON.stringify(input)
  const [held, setHeld] = useState(() => open())
  const current = held.key === key && held.method === method ? held : open()
  if (current !== held) setHeld(current)
  useEffect(() => current.watch?.hold(), [current])
  const watched = useStore((current.watch?.store ?? IDLE_STORE) as StoreApi<Watched<WatchOutput<M>>>)
  return watched

  function open() {
    return { method, key, watch: input === undefined ? undefined : watches.watch(method, input) }
  }
}

type IdleWatch = { readonly value: undefined; readonly error: null; readonly at: number }
const IDLE: IdleWatch = { value: undefined, error: null, at: 0 }
const IDLE_STORE = { getState: () => IDLE, getInitialState: () => IDLE, subscribe: () => () => {} }

export interface CallHandle<M extends CallMethod> {
  /** Asks the host. Resolves to `undefined` when it refused; the reason is in `error`. */
  readonly call: (input: CallInput<M>) => Promise<CallOutput<M> | undefined>
  readonly busy: boolean
  readonly error: ErrorData | null
  readonly forget: () => void
}

/** A request with its progress and its refusal, for a button. What was started goes on when the button goes. */
export function useCall<M extends CallMethod>(method: M): CallHandle<M> {
  const { connection } = useHost()
  const [state, setState] = useState<{ busy: boolean; error: ErrorData | null }>(AT_REST)
  const call = useCallback(
    async (input: CallInput<M>) => {
      setState({ busy: true, error: null })
      try {
        const value = await ask(connection.getState().client, method, input)
        setState(AT_REST)
        return value
      } catch (error) {
        setState({ busy: false, error: toErrorData(error) })
        return undefined
      }
    },
    [connection, method],
  )
  const forget = useCallback(() => setState(AT_REST), [])
  return { call, forget, busy: state.busy, error: state.error }
}

const AT_REST = { busy: false, error: null }

/**
 * A value that is asked for once: when the component appears, when its input changes, when `again`
 * changes, and anew after a reconnect.
 */
export function useAsk<M extends CallMethod>(
  method: M,
  input: CallInput<M>,
  again: string | number = 0,
): Watched<CallOutput<M>> {
  const { client } = useConnection()
  const key = JSON.stringify(input)
  const [answer, setAnswer] = useState<Watched<CallOutput<M>>>({ value: undefined, error: null, at: 0 })
  useEffect(() => {
    if (!client || again === null) return undefined
    let current = true
    const run = async () => {
      try {
        const value = await ask(client, method, JSON.parse(key) as CallInput<M>)
        if (current) setAnswer({ value, error: null, at: pageNow() })
      } catch (error) {
        if (current) setAnswer((before) => ({ ...before, error: toErrorData(error) }))
      }
    }
    void run()
    return () => {
      current = false
    }
  }, [client, method, key, again])
  return answer
}

async function ask<M extends CallMethod>(
  client: ConnectionState['client'],
  method: M,
  input: CallInput<M>,
): Promise<CallOutput<M>> {
  if (!client) throw new AppError('rpc.closed')
  const [namespace, verb] = splitMethod(method)
  const verbs = client as unknown as Record<string, Record<string, (input: unknown) => Promise<CallOutput<M>>>>
  const call = verbs[namespace]?.[verb]
  if (!call) throw new AppError('rpc.unknown-method', { detail: { method } })
  return await call(input)
}
