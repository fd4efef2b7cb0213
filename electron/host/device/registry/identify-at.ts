import type { Identification } from '../../../../shared/contract/finding.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { DeviceKey } from '../../../../shared/model/device.ts'
import { parseAddress } from '../../link/address.ts'
import type { RegistryOptions, RegistryTiming } from './options.ts'
import { Place } from './place.ts'

export interface IdentifyDeps extends RegistryOptions {
  readonly timing: RegistryTiming
  /** Where somebody looks already: two must not talk on one line. */
  readonly places: readonly Place[]
  known(key: DeviceKey): boolean
}

/**
 * Asks who answers at an address, as if a person had named it, and lets go of it again. Where a device of ours is
 * known to be, it is asked over the link that is open. Throws `link.bad-address`, and when the signal fires.
 */
export async function identifyAt(address: string, deps: IdentifyDeps, signal: AbortSignal): Promise<Identification> {
  parseAddress(address)
  const here = await deps.canonical(address)
  const spellings = await Promise.all(deps.places.map(({ address: other }) => deps.canonical(other)))
  const tended = deps.places.filter((place, index) => !place.gone && spellings[index] === here)
  return holding(tended, signal, async () => {
    const home = tended.find(({ occupant }) => occupant)
    if (home) {
      await home.probe(signal)
      if (home.occupant) return told(address, home, deps)
    }
    for (const place of tended) await place.closeLink()
    const port = { label: address, found: 'named', usb: tended[0]?.port.usb ?? null } as const
    const place = new Place({ address, ...port }, null, deps, deps.timing)
    try {
      await place.probe(signal)
      return told(address, place, deps)
    } finally {
      await place.closeLink()
    }
  })
}

/** The turns of all these places at once. */
async function holding<T>(places: readonly Place[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const [first, ...rest] = places
  return first ? first.turns.run(signal, () => holding(rest, signal, work)) : work()
}

function told(address: string, place: Place, deps: IdentifyDeps): Identification {
  const { occupant, attempts } = place
  const titles = deps.profiles()
  const titleOf = (type: string) => titles.find((profile) => profile.type === type)?.title ?? type
  const asked = attempts.length > 0 || !occupant ? attempts : [{ candidate: occupant.candidate, reason: null }]
  return {
    address,
    state: place.state,
    device: occupant?.key ?? null,
    identity: occupant?.identity ?? null,
    typeTitle: occupant && titleOf(occupant.identity.type),
    driver: occupant?.candidate.binding.driver ?? null,
    known: occupant !== null && deps.known(occupant.key),
    reason: occupant ? null : (place.reason ?? new AppError('device.no-answer', { detail: { address } }).toData()),
    attempts: asked.map(({ candidate: { profile, binding }, reason }) => ({
      type: profile.type,
      typeTitle: profile.title,
      driver: binding.driver,
      reason,
    })),
  }
}
