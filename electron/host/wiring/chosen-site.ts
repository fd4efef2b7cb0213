import { AppError } from '../../../shared/errors.ts'
import { deviceKey, type Identity } from '../../../shared/model/device.ts'
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
  #names: { readonly site: Site; readonly byKey: ReadonlyMap<string, string> } | null = null

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

  /** What the people at this place call a device; null where its list does not name it. */
  nameOf({ type, serial }: Pick<Identity, 'type' | 'serial'>): string | null {
    const site = this.current()
    if (site === null) return null
    // A list of thousands is asked for each of its devices, again and again.
    if (this.#names?.site !== site) {
      this.#names = { site, byKey: new Map(site.devices.map((device) => [deviceKey(device), device.name])) }
    }
    return this.#names.byKey.get(deviceKey({ type, serial })) ?? null
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
