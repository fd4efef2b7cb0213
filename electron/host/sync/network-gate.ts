import { AppError } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { FactQueries } from '../store/facts.ts'

const OFFLINE = 'sync.offline'

/**
 * Decides whether a server may be spoken to, and lets one conversation happen at a time. Everything that opens a
 * connection to a server runs inside {@link run}: while offline was chosen, nothing does.
 */
export class NetworkGate {
  readonly #facts: FactQueries
  readonly #recorder: AuditRecorder
  #offline: boolean
  #activity: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null

  constructor(facts: FactQueries, recorder: AuditRecorder) {
    this.#facts = facts
    this.#recorder = recorder
    this.#offline = facts.get(OFFLINE) === '1'
  }

  get offline(): boolean {
    return this.#offline
  }

  /** Throws `sync.offline` and `sync.busy` without having called `work`. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#offline) return Promise.reject(new AppError('sync.offline'))
    return this.runLocal(work)
  }

  /** For what speaks to no server and still must not happen beside a sync. Throws `sync.busy`. */
  async runLocal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#activity) throw new AppError('sync.busy')
    const stop = new AbortController()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    this.#activity = { stop, ended }
    try {
      return await work(stop.signal)
    } finally {
      this.#activity = null
      end()
    }
  }

  /** Stops what is going on, and returns when it has ended. */
  async stop(): Promise<void> {
    const activity = this.#activity
    activity?.stop.abort()
    await activity?.ended
  }

  /** Survives a restart. From the call on nothing new is begun with a server, and what is going on is stopped. */
  async setOffline(offline: boolean, actor: string): Promise<void> {
    const before = this.#offline
    if (offline) this.#offline = true
    await this.stop()
    try {
      await this.#recorder.record({ actor, action: 'sync.offline-set', subject: offline ? 'offline' : 'online' }, () =>
        this.#facts.set(OFFLINE, offline ? '1' : '0'),
      )
      this.#offline = offline
    } catch (error) {
      this.#offline = before
      throw error
    }
  }
}
