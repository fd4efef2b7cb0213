import { z } from 'zod'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { FactQueries } from '../../store/facts.ts'
import { readJson } from '../../store/json-column.ts'
import { type LinkWords, type Network, withWord } from './link-cost.ts'

const FACT = 'sync.networks'
const Words = z.record(z.string(), z.boolean())

/** Asks the system which network this is. Never throws; null: it cannot tell. */
export type NetworkProbe = (signal: AbortSignal) => Promise<Network | null>

export interface LinkWatchOptions {
  readonly facts: FactQueries
  readonly recorder: AuditRecorder
  readonly probe: NetworkProbe
}

/** Which network the laptop is in, and what people have said of each. */
export class LinkWatch {
  readonly #options: LinkWatchOptions
  #network: Network | null = null
  #words: LinkWords

  constructor(options: LinkWatchOptions) {
    this.#options = options
    const stored = options.facts.get(FACT)
    this.#words = stored === null ? {} : readJson(Words, stored, 'fact.sync.networks')
  }

  /** As it was when last looked at. */
  get network(): Network | null {
    return this.#network
  }

  get words(): LinkWords {
    return this.#words
  }

  /** Looks which network it is now. */
  async look(signal: AbortSignal): Promise<void> {
    this.#network = await this.#options.probe(signal)
  }

  /** Keeps what a person says of the present network; null forgets it. */
  async say(metered: boolean | null, actor: string, signal: AbortSignal): Promise<void> {
    await this.look(signal)
    const { recorder, facts } = this.#options
    const words = withWord(this.#words, this.#network, metered)
    const detail = { metered }
    const subject = this.#network?.name ?? 'network'
    await recorder.record({ actor, action: 'sync.link-set', subject, detail }, () =>
      facts.set(FACT, JSON.stringify(words)),
    )
    this.#words = words
  }
}
