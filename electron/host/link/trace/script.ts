import type { Dialect } from './dialect.ts'
import type { Exchange, ScriptLines, SentFrame } from './exchange.ts'
import type { Trace } from './format.ts'
import { scriptLines } from './script-lines.ts'

/**
 * What a replayed device knows: the recorded requests in their order, and how far it has come. A request that changes
 * something is never passed over: what comes behind it in the trace is said only to whoever has delivered it.
 */
export class ReplayScript {
  readonly exchanges: readonly Exchange[]
  readonly frames: readonly SentFrame[]
  readonly #notes: ScriptLines['notes']
  #position = 0
  #changesDelivered = 0
  #unmatched = 0
  readonly #listeners = new Set<() => void>()
  #fellBack: { readonly from: number; readonly to: number } | null = null
  #fallsBack: { readonly from: number; readonly to: number } | null = null

  constructor(trace: Trace, dialect: Dialect) {
    const { exchanges, frames, notes } = scriptLines(trace.events, dialect)
    this.exchanges = exchanges
    this.frames = frames
    this.#notes = notes
  }

  /** Requests of the trace that were delivered, or rightly left out. */
  get position(): number {
    return this.#position
  }

  get unmatched(): number {
    return this.#unmatched
  }

  /** The device has fallen back to what it was before. */
  get fellBack(): boolean {
    return this.#fellBack !== null
  }

  get changesDelivered(): number {
    return this.#changesDelivered
  }

  /** Whether everything that changes something, up to this note, has been delivered. */
  reached(note: string): boolean {
    const found = this.#notes.find(({ text }) => text === note)
    return found !== undefined && !this.#missing(found.position)
  }

  #missing(position: number): boolean {
    return this.exchanges.slice(this.#position, position).some(({ changes }) => changes)
  }

  /** From note `from` on the device answers as it did before note `to`: it did not keep what it was given. */
  fallBack(from: string, to: string): void {
    const place = (note: string) => this.#notes.find(({ text }) => text === note)?.position
    const [at, before] = [place(from), place(to)]
    if (at !== undefined && before !== undefined) this.#fallsBack = { from: at, to: before }
  }

  /** Called whenever something that changes the device was delivered. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The exchange that this request stands for; null: the trace does not know it here, and the device stays silent. */
  take(key: string): Exchange | null {
    const found = this.#fellBack ? null : this.#ahead(key, this.#fallsBack?.from ?? this.exchanges.length)
    const again = found ?? this.#before(key, this.#fallenTo() ?? this.#position)
    if (!again) this.#unmatched += 1
    return again
  }

  /** Past the point of its fall it knows only what was before. */
  #fallenTo(): number | null {
    if (this.#fallsBack && !this.#missing(this.#fallsBack.from)) this.#fellBack = this.#fallsBack
    return this.#fellBack?.to ?? null
  }

  #ahead(key: string, end: number): Exchange | null {
    for (let at = this.#position; at < end; at += 1) {
      const exchange = this.exchanges[at]
      if (!exchange) return null
      if (exchange.key === key) {
        this.#position = at + 1
        if (exchange.changes) {
          this.#changesDelivered += 1
          for (const listener of this.#listeners) listener()
        }
        return exchange
      }
      if (exchange.changes) return null
    }
    return null
  }

  /** The newest one that was delivered: a request that is sent again is answered again. */
  #before(key: string, end: number): Exchange | null {
    for (let at = end - 1; at >= 0; at -= 1) if (this.exchanges[at]?.key === key) return this.exchanges[at] ?? null
    return null
  }
}

export interface ReplayPlace {
  readonly address: string
  readonly script: ReplayScript
  readonly wait: (ms: number) => number
}
