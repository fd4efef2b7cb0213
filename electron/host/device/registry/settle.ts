import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { DeviceKey } from '../../../../shared/model/device.ts'
import { within } from '../../link/waiting.ts'
import type { Place } from './place.ts'
import { type DeviceRecord, isAnswering, recordOf } from './record.ts'

/** The device that a place was found to hold, and whether that is news. */
export interface Settled {
  readonly record: DeviceRecord
  readonly isNew: boolean
}

/**
 * Takes in what a look at a place has found. A device that is known elsewhere is asked for there first: it may have
 * moved, and then the old place is forgotten; or there are two with one identity, and then both are blocked until one
 * is gone. Null: nobody was found, or only another way to where a device is already.
 */
export async function settlePlace(
  place: Place,
  records: Map<DeviceKey, DeviceRecord>,
  canonical: (this: void, address: string) => Promise<string>,
  patience: number,
  signal: AbortSignal,
): Promise<Settled | null> {
  const { occupant } = place
  for (const record of records.values()) {
    if (record.key !== occupant?.key || place.gone) withdraw(record, place)
  }
  if (!occupant || place.gone) return null
  const record = records.get(occupant.key) ?? recordOf(occupant)
  records.set(occupant.key, record)
  const isNew = !record.answered
  if (record.at && record.at.place !== place && isAnswering(record)) {
    const elsewhere = record.at.place
    if ((await canonical(elsewhere.address)) === (await canonical(place.address))) return null
    if (await stillThere(elsewhere, patience, signal)) {
      if (!record.rivals.includes(place)) record.rivals = [...record.rivals, place]
      return null
    }
  }
  // Somewhere else, or plugged in anew, it may be in another mode: what it said before is too old.
  if (record.at?.place !== place) record.statusAt = null
  record.at = { place, occupant }
  record.rivals = record.rivals.filter((rival) => rival !== place)
  record.answered = true
  return { record, isNew }
}

/** The device is not at this place. If it was thought to be, a rival may be the only one now. */
function withdraw(record: DeviceRecord, place: Place): void {
  record.rivals = record.rivals.filter((rival) => rival !== place)
  if (record.at?.place !== place) return
  record.answered = false
  const [next, ...rest] = record.rivals
  if (next?.occupant?.key === record.key) {
    record.at = { place: next, occupant: next.occupant }
    record.rivals = rest
  } else if (place.occupant) record.at = null
}

/** Asks a place again whether its device is there. One that is at work there, with its link alive, is. */
async function stillThere(place: Place, patience: number, signal: AbortSignal): Promise<boolean> {
  const key = place.occupant?.key
  if (place.working) return true
  const before = place.confirmedAt
  try {
    await within(patience, 'timeout', signal, (wait) => place.turns.run(wait, () => place.probe(wait)))
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'timeout')) throw error
    return true
  }
  if (place.occupant?.key === key && place.confirmedAt !== before) return true
  // The question was decisive: one missed answer counts here.
  if (place.occupant?.key === key) place.leave('silent', new AppError('device.no-answer').toData())
  return false
}
