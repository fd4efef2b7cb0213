import { createStore, type StoreApi } from 'zustand/vanilla'
import { CONTRACT_VERSION, contract, type SlipwayContract } from '../../shared/contract/index.ts'
import { type ErrorData, toErrorData } from '../../shared/errors.ts'
import { connect } from '../../shared/rpc/client.ts'
import type { Client } from '../../shared/rpc/define.ts'
import { pause } from '../../shared/rpc/waiting.ts'
import type { Wire } from '../../shared/rpc/wire.ts'

/**
 * How the page stands with the host. `refused` is final: the key or the version does not fit, and
 * trying again would only hide that.
 */
export interface ConnectionState {
  readonly status: 'connecting' | 'open' | 'lost' | 'refused'
  readonly client: Client<SlipwayContract> | null
  readonly error: ErrorData | null
  /** Wall clock ms at which the connection was last up; null before the first time. */
  readonly lastOpen: number | null
}

export interface ConnectionOptions {
  /** A fresh wire to the host. Rejects with `host.unavailable` when nobody answers. */
  readonly openWire: (signal: AbortSignal) => Promise<Wire>
  readonly token: string | undefined
  readonly now?: () => number
  /** Waits before another try, ms, the last one for all that follow. */
  readonly backOff?: readonly number[]
}

export interface HostConnection {
  readonly store: StoreApi<ConnectionState>
  close(): void
}

const BACK_OFF_MS = [100, 250, 500, 1000, 2000, 4000]
const FINAL_CODES = ['rpc.unauthorised', 'rpc.version-mismatch']

/** Keeps the page connected for as long as it lives. Runs do not depend on it. */
export function keepConnected(options: ConnectionOptions): HostConnection {
  const now = options.now ?? Date.now
  const backOff = options.backOff ?? BACK_OFF_MS
  const store = createStore<ConnectionState>(() => ({
    status: 'connecting',
    client: null,
    error: null,
    lastOpen: null,
  }))
  const ended = new AbortController()
  void run()
  return { store, close: () => ended.abort() }

  async function run(): Promise<void> {
    let failures = 0
    while (!ended.signal.aborted) {
      try {
        const wire = await options.openWire(ended.signal)
        const connection = await connect(wire, {
          contract,
          version: CONTRACT_VERSION,
          signal: ended.signal,
          ...(options.token === undefined ? {} : { token: options.token }),
        })
        const hangUp = () => connection.close()
        ended.signal.addEventListener('abort', hangUp)
        failures = 0
        store.setState({ status: 'open', client: connection.client, error: null })
        const reason = await connection.closed
        ended.signal.removeEventListener('abort', hangUp)
        store.setState({ status: 'lost', client: null, error: reason?.toData() ?? null, lastOpen: now() })
      } catch (error) {
        const data = toErrorData(error, 'host.unavailable')
        if (FINAL_CODES.includes(data.code)) {
          store.setState({ status: 'refused', client: null, error: data })
          return
        }
        if (store.getState().status === 'lost') store.setState({ error: data })
        else if (failures > 2) store.setState({ status: 'lost', error: data })
      }
      await pause(backOff[Math.min(failures++, backOff.length - 1)] ?? 1000, ended.signal)
    }
  }
}
