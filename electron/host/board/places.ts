import { type DeviceKey, type DeviceView, deviceKey } from '../../../shared/model/device.ts'
import type { Site, SiteDevice } from '../../../shared/model/site.ts'
import { mergeSteps, type Steps, sortedSteps } from '../../../shared/steps.ts'

/** A device that a board has a row for. */
export interface NamedPlace {
  readonly key: DeviceKey
  readonly name: string
  readonly listed: SiteDevice | null
  /** What it is found by, in lower case, as far as that never changes. */
  readonly text: string
}

export type TypeTitle = (type: string) => string

const STRIDE = 512
const BY_NAME = new Intl.Collator('en', { numeric: true })

const byName = (a: NamedPlace, b: NamedPlace): number =>
  BY_NAME.compare(a.name, b.name) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** The devices of a site's list, by name. */
export function* listedPlaces(site: Site, typeTitle: TypeTitle): Steps<readonly NamedPlace[]> {
  const places = new Map<DeviceKey, NamedPlace>()
  for (const [index, listed] of site.devices.entries()) {
    const { name, type, serial } = listed
    const key = deviceKey(listed)
    places.set(key, {
      key,
      name,
      listed,
      text: textOf(name, typeTitle(type), type, serial, ...Object.values(listed.wanted)),
    })
    if (index % STRIDE === 0) yield
  }
  return yield* sortedSteps([...places.values()], byName)
}

/** With the devices that no list names. */
export function* withUnlisted(
  listed: readonly NamedPlace[],
  unlisted: readonly DeviceView[],
): Steps<readonly NamedPlace[]> {
  if (unlisted.length === 0) return listed
  const places = unlisted.map(({ key, name, typeTitle, identity: { type, serial } }) => {
    return { key, name, listed: null, text: textOf(name, typeTitle, type, serial) }
  })
  return yield* mergeSteps(listed, yield* sortedSteps(places, byName), byName)
}

function textOf(...words: readonly string[]): string {
  return words.join(' ').toLowerCase()
}
