import { AppError } from '../../../shared/errors.ts'
import type { Site } from '../../../shared/model/site.ts'
import type { FactQueries } from '../store/facts.ts'
import type { Library, LibrarySource } from '../trust/library.ts'
import { Changes } from './changes.ts'

const FACT = 'site.chosen'

/** Where this laptop is. A choice of convenience, no proof of anything: plans are checked against it. */
export class ChosenSite extends Changes {
  readonly #facts: FactQueries
  readonly #library: LibrarySource
  #id: string | null

  constructor(facts: FactQueries, library: LibrarySource) {
    super()
    this.#facts = facts
    this.#library = library
    this.#id = facts.get(FACT)
  }

  get id(): string | null {
    return this.#id
  }

  /** The signed document; null when none is chosen or the newest trust no longer names it. */
  current(): Site | null {
    return this.#id === null ? null : (libraryOr(this.#library)?.sites.get(this.#id)?.document ?? null)
  }

  /** Throws `site.unknown` for one that no signed document names. */
  choose(id: string): void {
    if (!libraryOr(this.#library)?.sites.has(id)) throw new AppError('site.unknown', { detail: { site: id } })
    this.#facts.set(FACT, id)
    this.#id = id
    this.tell()
  }
}

/** The library, or null where there is none that may be used. */
export function libraryOr(source: LibrarySource): Library | null {
  try {
    return source.current()
  } catch {
    return null
  }
}
