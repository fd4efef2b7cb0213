import type { Identification } from '../../../../shared/contract/finding.ts'
import type { FoundHost, SearchableNetwork, SearchState } from '../../../../shared/contract/search.ts'
import { AppError, toErrorData } from '../../../../shared/errors.ts'
import type { Profile } from '../../../../shared/model/profile.ts'
import { type Knock, knockTcp, knockUdp } from '../../link/knock.ts'
import { type OwnNetwork, ownNetworks } from '../../link/own-networks.ts'
import { sleep } from '../../link/waiting.ts'
import { encodePacket, GROUP, OP } from '../../protocol/smp/packet.ts'
import { Gate } from '../registry/turns.ts'
import { searchable, searchPorts, type Target, targetsIn } from './plan.ts'

/** Knocks a second: about what a person with `ping` does to a small network, times ten. */
const RATE = 40
/** ms that one knock may take. */
const KNOCK_MS = 1500
/** Addresses that are asked who they are at the same time. */
const ASKED_AT_ONCE = 4
/** Open ports that are followed: a machine that answers at every address is no find. */
const MOST_FOUND = 256
/** "How large are your buffers" (OS group, 6), in version 1: application and boot loader answer it (PROTOCOLS 1.3, 1.8). */
const SMP_PARAMS = 6
/** "Which packet do you wait for", which changes nothing (AOSP fastboot over UDP, query). */
const FASTBOOT_QUERY = Uint8Array.of(1, 0, 0, 0)

export interface SearchDeps {
  profiles(): readonly Profile[]
  identify(address: string, signal: AbortSignal): Promise<Identification>
  readonly networks?: () => readonly OwnNetwork[]
  /** In tests: a network that is none, and time that does not pass. */
  readonly knock?: (target: Target, signal: AbortSignal) => Promise<Knock>
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

const IDLE: SearchState = { state: 'idle', network: null, ports: [], done: 0, total: 0, rate: RATE, found: [] }

/** Looks through a private network for devices that do not announce themselves, because a person asked for it. */
export class NetworkSearch {
  readonly #deps: SearchDeps
  readonly #listeners = new Set<() => void>()
  readonly #closed = new AbortController()
  #state = IDLE
  #running: { readonly stop: AbortController; readonly work: Promise<void> } | null = null

  constructor(deps: SearchDeps) {
    this.#deps = deps
  }

  read(): SearchState {
    return this.#state
  }

  networks(): SearchableNetwork[] {
    return searchable((this.#deps.networks ?? ownNetworks)())
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Begins, once `before` has taken note of it. Throws `link.not-searchable`, `device.busy`, `device.no-profile`.
   */
  async start(network: string, before: () => Promise<void>): Promise<void> {
    const ports = searchPorts(this.#deps.profiles())
    const targets = targetsIn(network, ports, (this.#deps.networks ?? ownNetworks)())
    if (ports.length === 0) throw new AppError('device.no-profile')
    if (this.#running) throw new AppError('device.busy')
    const stop = new AbortController()
    const work = Promise.withResolvers<void>()
    this.#running = { stop, work: work.promise }
    try {
      await before()
    } catch (error) {
      this.#running = null
      work.resolve()
      throw error
    }
    const names = ports.map(({ scheme, port }) => `${scheme} ${port}`)
    this.#set({ ...IDLE, state: 'searching', network, ports: names, total: targets.length })
    void this.#search(targets, AbortSignal.any([stop.signal, this.#closed.signal])).finally(work.resolve)
  }

  /** Ends the search that goes on; what it found stays. */
  stop(): void {
    this.#running?.stop.abort(new AppError('cancelled'))
  }

  async close(): Promise<void> {
    this.#closed.abort(new AppError('cancelled'))
    await this.#running?.work
  }

  async #search(targets: readonly Target[], signal: AbortSignal): Promise<void> {
    const { pause = sleep } = this.#deps
    const asking = new Gate(ASKED_AT_ONCE)
    const all: Promise<void>[] = []
    try {
      for (const target of targets) {
        const one = this.#knock(target, asking, signal)
        // Whatever goes wrong with one ends with the search; nobody waits for it before.
        one.catch(() => {})
        all.push(one)
        await pause(1000 / RATE, signal)
      }
      await Promise.all(all)
    } catch {
      // Stopped: what was found stays.
    }
    await Promise.allSettled(all)
    this.#running = null
    const found = this.#state.found.map((one) => (one.state === 'asking' ? { ...one, state: 'other' as const } : one))
    this.#set({ ...this.#state, found, state: signal.aborted ? 'stopped' : 'done' })
  }

  async #knock(target: Target, asking: Gate, signal: AbortSignal): Promise<void> {
    const answer = await (this.#deps.knock ?? knockAt)(target, signal)
    this.#set({ ...this.#state, done: this.#state.done + 1 })
    if (answer === 'open') await asking.run(() => this.#ask(target, signal))
  }

  async #ask({ scheme, host, port }: Target, signal: AbortSignal): Promise<void> {
    const address = `${scheme}://${host}:${port}`
    if (signal.aborted || this.#state.found.length >= MOST_FOUND) return
    const nobody = { address, device: null, typeTitle: null, known: false, reason: null }
    this.#put({ ...nobody, state: 'asking' })
    try {
      const { device, typeTitle, known, reason } = await this.#deps.identify(address, signal)
      this.#put({ address, state: device === null ? 'other' : 'device', device, typeTitle, known, reason })
    } catch (error) {
      if (signal.aborted) throw error
      this.#put({ ...nobody, state: 'other', reason: toErrorData(error) })
    }
  }

  #put(host: FoundHost): void {
    const others = this.#state.found.filter(({ address }) => address !== host.address)
    this.#set({ ...this.#state, found: [...others, host].toSorted((a, b) => (a.address < b.address ? -1 : 1)) })
  }

  #set(state: SearchState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

function knockAt({ scheme, host, port, driver }: Target, signal: AbortSignal): Promise<Knock> {
  if (scheme !== 'udp') return knockTcp(host, port, KNOCK_MS, signal)
  const params = { version: 1, op: OP.read, group: GROUP.os, seq: 0, id: SMP_PARAMS, body: {} } as const
  return knockUdp(host, port, driver === 'fastboot' ? FASTBOOT_QUERY : encodePacket(params), KNOCK_MS, signal)
}
