import { z } from 'zod'
import type { FactQueries } from '../../store/facts.ts'
import { readJson } from '../../store/json-column.ts'
import type { Network } from './link-cost.ts'

const FACT = 'sync.rates'
const Rates = z.record(z.string(), z.number())
/** Fewer bytes say more of the way there and back than of the rate. */
const ENOUGH_BYTES = 64 * 1024
const ENOUGH_OF_LISTS = 8 * 1024
const MAX_NETWORKS = 50

/** How fast files came over each network the last time: by it, times are told before the first byte of the next. */
export class SeenRates {
  readonly #facts: FactQueries
  #rates: Readonly<Record<string, number>>
  #lists: number | null = null

  constructor(facts: FactQueries) {
    this.#facts = facts
    const stored = facts.get(FACT)
    this.#rates = stored === null ? {} : readJson(Rates, stored, 'fact.sync.rates')
  }

  saw(network: Network | null, bytes: number, ms: number): void {
    if (bytes < ENOUGH_BYTES || ms <= 0) return
    const id = network?.id ?? ''
    const others = Object.entries(this.#rates).filter(([other]) => other !== id)
    this.#rates = Object.fromEntries([...others.slice(1 - MAX_NETWORKS), [id, Math.round((bytes * 1000) / ms)]])
    this.#facts.set(FACT, JSON.stringify(this.#rates))
  }

  /** The signed lists came in so long: on a network where nothing else is known, better than nothing. */
  sawLists(bytes: number, ms: number): void {
    if (bytes >= ENOUGH_OF_LISTS && ms > 0) this.#lists = (bytes * 1000) / ms
  }

  /** Bytes a second, and how it is known; null where it is not. */
  expected(network: Network | null): { readonly rate: number; readonly from: 'last-sync' | 'lists' } | null {
    const seen = this.#rates[network?.id ?? '']
    if (seen !== undefined && seen > 0) return { rate: seen, from: 'last-sync' }
    return this.#lists === null ? null : { rate: this.#lists, from: 'lists' }
  }
}
