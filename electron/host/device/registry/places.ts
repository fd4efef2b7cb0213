import type { SeenAddress } from '../../../../shared/contract/devices.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { SeenPort } from '../../link/link.ts'
import { sleep } from '../../link/waiting.ts'
import type { Expectations } from './expectations.ts'
import type { RegistryOptions, RegistryTiming } from './options.ts'
import { Place } from './place.ts'
import { Gate } from './turns.ts'

/** Places that are tried at the same time while nobody is known to be there. */
const AT_ONCE = 16
/** Where something that is not ours answers, it will hardly change: asked again this often, ms. */
const NOT_OURS_MS = 60_000

interface Tended {
  readonly place: Place
  /** By finder: one address may be both plugged in and named. */
  readonly ports: Map<number, SeenPort>
  readonly stop: AbortController
  readonly wake: () => void
}

export interface PlacesHooks {
  /** Type of the device that was last seen at an address. */
  likely(address: string): string | null
  /** Boot loaders that are on their way. */
  readonly expectations: Expectations
  /** A place was looked at, or is gone. */
  settled(place: Place): Promise<void>
}

/** Every address where something may answer: announced by finders, and asked again and again. */
export class Places {
  readonly #options: RegistryOptions
  readonly #timing: RegistryTiming
  readonly #hooks: PlacesHooks
  readonly #tended = new Map<string, Tended>()
  readonly #gate = new Gate(AT_ONCE)
  readonly #closed = new AbortController()
  readonly #work = new Set<Promise<void>>()

  constructor(options: RegistryOptions, timing: RegistryTiming, hooks: PlacesHooks) {
    this.#options = options
    this.#timing = timing
    this.#hooks = hooks
  }

  start(): void {
    for (const [index, finder] of this.#options.finders.entries()) {
      const seen = (port: SeenPort) => this.#seen(index, port)
      this.#track(finder.watch(seen, (address) => this.#lost(index, address), this.#closed.signal))
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new AppError('cancelled'))
    await Promise.allSettled(this.#work)
    for (const { place } of this.#tended.values()) await place.closeLink()
  }

  list(): readonly Place[] {
    return [...this.#tended.values()].map(({ place }) => place)
  }

  views(): readonly SeenAddress[] {
    return this.list().map(({ address, port, state, occupant, reason }) => ({
      address,
      label: port.label,
      state,
      device: occupant?.key ?? null,
      reason,
    }))
  }

  /** Looks at once, and again at who is known already. */
  lookAgain(): void {
    for (const { place, wake } of this.#tended.values()) {
      place.confirmedAt = Number.NEGATIVE_INFINITY
      wake()
    }
  }

  /** Looks at once where a device may come back under another name: at ports where nobody is known to be. */
  lookForReturn(): void {
    for (const { place, wake } of this.#tended.values()) {
      if (!place.occupant && /^(?:serial|usb|sim):/.test(place.address)) wake()
    }
  }

  wake(place: Place): void {
    this.#tended.get(place.address)?.wake()
  }

  #seen(finder: number, port: SeenPort): void {
    const known = this.#tended.get(port.address)
    if (known) {
      known.ports.set(finder, port)
      known.place.port = merged(known.ports)
      known.wake()
      return
    }
    const place = new Place(
      port,
      this.#hooks.likely(port.address),
      this.#options,
      this.#timing,
      this.#hooks.expectations,
    )
    const woken = { now: () => {} }
    const tended: Tended = {
      place,
      ports: new Map([[finder, port]]),
      stop: new AbortController(),
      wake: () => woken.now(),
    }
    this.#tended.set(port.address, tended)
    this.#track(this.#tend(tended, woken))
  }

  #lost(finder: number, address: string): void {
    const tended = this.#tended.get(address)
    if (!tended) return
    tended.ports.delete(finder)
    if (tended.ports.size > 0) {
      tended.place.port = merged(tended.ports)
      tended.wake()
      return
    }
    this.#tended.delete(address)
    tended.place.gone = true
    tended.stop.abort(new AppError('device.gone', { detail: { address } }))
  }

  async #tend({ place, stop }: Tended, woken: { now: () => void }): Promise<void> {
    const signal = AbortSignal.any([this.#closed.signal, stop.signal])
    while (!signal.aborted) {
      const wake = new AbortController()
      woken.now = () => wake.abort()
      await this.#look(place, signal).catch(() => {})
      if (signal.aborted) break
      await this.#hooks.settled(place)
      await sleep(this.#pause(place), AbortSignal.any([signal, wake.signal])).catch(() => {})
    }
    // Whoever uses the link finishes first: that an address was forgotten must not break a write.
    await place.turns.run(new AbortController().signal, () => place.closeLink())
    place.leave('silent', null)
    await this.#hooks.settled(place)
  }

  async #look(place: Place, signal: AbortSignal): Promise<void> {
    const look = () =>
      place.turns.run(signal, async () => {
        // Whoever had the turn before may have proved it just now.
        if (this.#options.clock.monotonic() - place.confirmedAt < this.#timing.presence) return
        await place.probe(signal)
      })
    await (place.occupant ? look() : this.#gate.run(look))
  }

  #pause(place: Place): number {
    if (place.occupant || place.state === 'boot-loader') return this.#timing.presence
    if (place.state === 'not-ours') return Math.max(NOT_OURS_MS, this.#timing.retryMost)
    return Math.min(this.#timing.retryFirst * 2 ** Math.max(0, place.failures - 1), this.#timing.retryMost)
  }

  #track(work: Promise<void>): void {
    this.#work.add(work)
    void work.finally(() => this.#work.delete(work))
  }
}

/** What several finders say of one address, as one port. */
function merged(ports: ReadonlyMap<number, SeenPort>): SeenPort {
  const all = [...ports.values()]
  const [first] = all
  if (!first) throw new AppError('internal')
  const named = all.find(({ found }) => found === 'named')
  return { ...first, ...named, usb: all.find(({ usb }) => usb)?.usb ?? null }
}
