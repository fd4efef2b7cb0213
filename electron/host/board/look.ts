import type { BoardGroup, BoardRow } from '../../../shared/contract/site.ts'
import type { DeviceKey, DeviceView } from '../../../shared/model/device.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import type { Site } from '../../../shared/model/site.ts'
import type { Steps } from '../../../shared/steps.ts'
import type { NamedPlace, TypeTitle } from './places.ts'
import { type BoardOffer, bestOffer, boardGroup, boardRow } from './rows.ts'

/** What a look at the board is made of. */
export interface LookFacts {
  readonly site: Site | null
  /** By name. */
  readonly places: readonly NamedPlace[]
  readonly devices: ReadonlyMap<DeviceKey, DeviceView>
  /** Newest first. */
  readonly runs: readonly RunSummary[]
  readonly typeTitle: TypeTitle
  /** Plans for a device that is here, the most urgent first. */
  readonly offers: (device: DeviceView) => Iterable<BoardOffer>
}

export interface LookEntry {
  readonly place: NamedPlace
  readonly group: BoardGroup
  /** All that it is found by, in lower case. */
  readonly text: string
}

/** The whole board at one moment, without the rows themselves: those are made for whoever looks at them. */
export interface BoardLook {
  readonly site: Pick<Site, 'id' | 'title' | 'zone'> | null
  /** By name. */
  readonly byName: readonly LookEntry[]
  /** By group in the order in which a person should look, then by name. */
  readonly byGroup: readonly LookEntry[]
  readonly counts: Readonly<Record<BoardGroup, number>>
  row(place: NamedPlace): BoardRow
}

const GROUPS: readonly BoardGroup[] = ['needs-you', 'to-update', 'up-to-date', 'not-here']
const STRIDE = 256

/** Looks at every place once. Pure. */
export function* lookSteps(facts: LookFacts): Steps<BoardLook> {
  const { site, places, devices, typeTitle } = facts
  const latest = new Map<string, RunSummary>()
  for (const run of facts.runs) if (!latest.has(run.device)) latest.set(run.device, run)
  const offers = new Map<DeviceKey, BoardOffer | null>()
  const placeOf = ({ key, listed }: NamedPlace) => ({
    listed,
    device: devices.get(key) ?? null,
    latest: latest.get(key) ?? null,
    offer: offers.get(key) ?? null,
  })
  const byName: LookEntry[] = []
  const groups: Record<BoardGroup, LookEntry[]> = { 'needs-you': [], 'to-update': [], 'up-to-date': [], 'not-here': [] }
  for (const place of places) {
    if (byName.length % STRIDE === 0) yield
    const device = devices.get(place.key)
    // What is away can be offered nothing; what should be on it the site's list says.
    if (device && device.presence !== 'absent') {
      offers.set(place.key, yield* bestOffer(facts.offers(device), place.listed?.wanted ?? {}))
    }
    const group = boardGroup(placeOf(place))
    const entry = { place, group, text: device ? `${place.text} ${living(device)}` : place.text }
    byName.push(entry)
    groups[group].push(entry)
  }
  return {
    site,
    byName,
    byGroup: GROUPS.flatMap((group) => groups[group]),
    counts: {
      'needs-you': groups['needs-you'].length,
      'to-update': groups['to-update'].length,
      'up-to-date': groups['up-to-date'].length,
      'not-here': groups['not-here'].length,
    },
    row: (place) => boardRow({ ...placeOf(place), typeTitle }),
  }
}

/** What a device is found by that may change. */
function living({ link, status }: DeviceView): string {
  return [link?.address, ...Object.values(status?.versions ?? {})].join(' ').toLowerCase()
}
