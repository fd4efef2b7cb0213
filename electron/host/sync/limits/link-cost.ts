/** The network that the laptop is in, as far as the system tells. */
export interface Network {
  /** The system's own name for it, the same each time the laptop comes back to it. */
  readonly id: string
  /** As a person knows it. */
  readonly name: string
  /** Whether it is paid by the byte, as the system was told or guesses; null: it does not say. */
  readonly metered: boolean | null
}

/** What a person said of each network, by its id; `''` stands for one that the system has no name for. */
export type LinkWords = Readonly<Record<string, boolean>>

export interface LinkCost {
  readonly metered: boolean
  /** Whose word that is; `nobody`: it is taken for free because nobody says otherwise. */
  readonly by: 'this-sync' | 'person' | 'system' | 'nobody'
}

/** Whoever is nearer knows better: this sync's own wish, then the person's word on the network, then the system's. */
export function linkCost(wish: boolean | null, network: Network | null, words: LinkWords): LinkCost {
  if (wish !== null) return { metered: wish, by: 'this-sync' }
  const word = wordOn(network, words)
  if (word !== null) return { metered: word, by: 'person' }
  if (network?.metered != null) return { metered: network.metered, by: 'system' }
  return { metered: false, by: 'nobody' }
}

export function wordOn(network: Network | null, words: LinkWords): boolean | null {
  const id = network?.id ?? ''
  return Object.hasOwn(words, id) ? (words[id] ?? null) : null
}

/** Networks whose word is kept; the oldest is forgotten first. */
const MAX_WORDS = 100

/** `said` null: forgets it. */
export function withWord(words: LinkWords, network: Network | null, said: boolean | null): LinkWords {
  const id = network?.id ?? ''
  const others = Object.entries(words).filter(([other]) => other !== id)
  return Object.fromEntries(said === null ? others : [...others.slice(1 - MAX_WORDS), [id, said]])
}
