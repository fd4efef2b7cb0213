import { AppError } from '../../../../shared/errors.ts'
import { deviceKey } from '../../../../shared/model/device.ts'
import type { ClaimWanted, WaitingLoader } from '../device-access.ts'
import type { Place } from './place.ts'

/** The boot loaders that wait, and what each may be. */
export function waitingAt(places: readonly Place[]): readonly WaitingLoader[] {
  return places
    .filter((place) => !place.gone && place.waiting.length > 0)
    .map(({ address, port, waiting }) => ({
      address,
      label: port.label,
      mayBe: waiting.map(({ candidate: { profile, driver }, facts }) => ({ profile, driver: driver.id, facts })),
    }))
}

/**
 * Takes the boot loader at an address for that of a device, after it was asked once more. Whoever stands between two that
 * are alike cannot know which plate belongs to which: then neither is taken. Throws as `DeviceAccess.claim` says.
 */
export async function claimLoader(
  { address, identity, claim }: ClaimWanted,
  places: readonly Place[],
  /** Where the device answers already, if it does. */
  seenAt: () => string | null,
  signal: AbortSignal,
): Promise<Place> {
  const place = places.find((one) => one.address === address && !one.gone)
  if (!place) throw new AppError('device.gone', { detail: { device: address } })
  await place.turns.run(signal, async () => {
    await place.probe(signal)
    const found = place.waiting.find(({ candidate }) => candidate.profile.type === identity.type)
    if (!found) throw new AppError('device.no-loader', { detail: { address, type: identity.type } })
    const alike = places.filter((one) => one !== place && !one.gone && mayBe(one, identity.type))
    if (alike.length > 0) {
      const addresses = [place, ...alike].map((one) => one.address).join(', ')
      throw new AppError('device.several-loaders', { detail: { addresses } })
    }
    const elsewhere = seenAt()
    if (elsewhere !== null) {
      throw new AppError('device.seen-elsewhere', { detail: { device: deviceKey(identity), address: elsewhere } })
    }
    const { hardware } = found.facts
    if (hardware !== null && identity.hardware !== null && hardware !== identity.hardware) {
      throw new AppError('device.incompatible', { detail: { found: hardware, expected: identity.hardware } })
    }
    place.vouch(found, { ...identity, hardware: hardware ?? identity.hardware }, claim)
  })
  return place
}

function mayBe({ waiting, occupant }: Place, type: string): boolean {
  return waiting.some(({ candidate }) => candidate.profile.type === type) || isVouchedAs(occupant, type)
}

/** Somebody's word may have been about the wrong one of two. */
function isVouchedAs(occupant: Place['occupant'], type: string): boolean {
  return occupant?.vouched?.claim.how === 'plate' && occupant.identity.type === type
}
