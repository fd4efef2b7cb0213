import {
  type BoardPage,
  type BoardRow,
  MAX_BOARD_ROWS,
  MAX_READY,
  type SiteBoard,
} from '../../../shared/contract/site.ts'
import type { DeviceKey } from '../../../shared/model/device.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import type { Site } from '../../../shared/model/site.ts'
import type { Steps } from '../../../shared/steps.ts'
import type { RunPorts } from '../run/ports.ts'
import type { Library, Signed } from '../trust/library.ts'
import { type BoardLook, lookSteps } from './look.ts'
import { OffersNow, plansInOrder } from './offers.ts'
import { type BoardWish, boardPage, headOf } from './page.ts'
import { listedPlaces, type NamedPlace, withUnlisted } from './places.ts'

export interface BoardDeps {
  readonly ports: RunPorts
  /** Newest first. */
  readonly runs: () => readonly RunSummary[]
  readonly site: () => Site | null
  /** Null where there is no trust that may be used. */
  readonly library: () => Library | null
  /** Speaks when any of this has changed. */
  readonly changes: { onChange(listener: () => void): () => void }
  /** Drives long work so that others have their turn. */
  readonly gently: <T>(steps: Steps<T>) => Promise<T>
}

/** A board of more places than this is looked at anew only so often. */
const LARGE = 2000
const LARGE_EVERY_MS = 1000

/**
 * The board of the chosen site. The whole of it is looked at once after each change, whoever asks and how often; of the
 * rows only those are made that somebody looks at.
 */
export class BoardService {
  readonly #deps: BoardDeps
  readonly #listeners = new Set<() => void>()
  readonly #stop: () => void
  #look: BoardLook | null = null
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<BoardLook> | null = null
  #stale = true
  #later: ReturnType<typeof setTimeout> | null = null
  #listed: { site: Site; library: Library | null; places: readonly NamedPlace[] } | null = null
  #plans: { library: Library; plans: readonly Signed<Plan>[] } | null = null

  constructor(deps: BoardDeps) {
    this.#deps = deps
    this.#stop = deps.changes.onChange(() => {
      this.#stale = true
      this.#tell()
    })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#stop()
    if (this.#later) clearTimeout(this.#later)
  }

  /** One page of what is found. */
  async page(wish: BoardWish): Promise<BoardPage> {
    const look = await this.#current()
    return boardPage(look, wish)
  }

  /** The board as one list, by name, as far as it is not too long for that. */
  async board(): Promise<SiteBoard> {
    const look = await this.#current()
    const rows = look.byName.slice(0, MAX_BOARD_ROWS).map(({ place }) => look.row(place))
    return { site: look.site && headOf(look.site), counts: look.counts, rows, total: look.byName.length }
  }

  async row(device: DeviceKey): Promise<BoardRow | null> {
    const look = await this.#current()
    const entry = look.byName.find(({ place }) => place.key === device)
    return entry ? look.row(entry.place) : null
  }

  /** Devices here that one touch would update. */
  async ready(): Promise<BoardRow[]> {
    const look = await this.#current()
    const ready: BoardRow[] = []
    for (const { place, group } of look.byGroup) {
      if (group !== 'to-update' || ready.length >= MAX_READY) continue
      const row = look.row(place)
      if (row.presence === 'present' && row.plan && row.run === null && row.reason === null) ready.push(row)
    }
    return ready
  }

  async #current(): Promise<BoardLook> {
    if (this.#look && !this.#stale) return this.#look
    const wait = this.#lookedAt + LARGE_EVERY_MS - performance.now()
    const same = this.#look?.site === this.#deps.site()
    if (this.#look && same && this.#look.byName.length > LARGE && wait > 0) {
      this.#later ??= setTimeout(() => this.#tell(), wait)
      return this.#look
    }
    this.#looking ??= this.#lookAnew()
    return this.#looking
  }

  async #lookAnew(): Promise<BoardLook> {
    this.#stale = false
    try {
      this.#look = await this.#deps.gently(this.#lookSteps())
      this.#lookedAt = performance.now()
      return this.#look
    } catch (error) {
      this.#stale = true
      throw error
    } finally {
      this.#looking = null
    }
  }

  *#lookSteps(): Steps<BoardLook> {
    const { ports, runs, site: siteNow, library: libraryNow } = this.#deps
    const [site, library] = [siteNow(), libraryNow()]
    const typeTitle = (type: string) => library?.profiles.get(type)?.document.title ?? type
    if (site && (this.#listed?.site !== site || this.#listed.library !== library)) {
      this.#listed = { site, library, places: yield* listedPlaces(site, typeTitle) }
    }
    const listed = site && this.#listed ? this.#listed.places : []
    const devices = new Map(ports.devices.list().map((device) => [device.key, device]))
    yield
    const expected = new Set(listed.map(({ key }) => key))
    // What is not in the site's list is shown only while it is here: it may belong to the ship alongside.
    const unlisted = [...devices.values()].filter(({ key, presence }) => !expected.has(key) && presence !== 'absent')
    const places = yield* withUnlisted(listed, unlisted)
    const offers = library && new OffersNow(ports, library, site, yield* this.#plansOf(library))
    const facts = { site, places, devices, runs: runs(), typeTitle }
    return yield* lookSteps({ ...facts, offers: (device) => offers?.for(device) ?? [] })
  }

  *#plansOf(library: Library): Steps<readonly Signed<Plan>[]> {
    if (this.#plans?.library !== library) this.#plans = { library, plans: yield* plansInOrder(library) }
    return this.#plans.plans
  }

  #tell(): void {
    if (this.#later) clearTimeout(this.#later)
    this.#later = null
    for (const listener of this.#listeners) listener()
  }
}
