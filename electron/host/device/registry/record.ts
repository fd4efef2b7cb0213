import type { ErrorData } from '../../../../shared/errors.ts'
import type { DeviceKey, DeviceStatus, DeviceView, Identity, Presence } from '../../../../shared/model/device.ts'
import { linkKindOf } from '../../link/address.ts'
import type { KnownDevice } from './options.ts'
import type { Occupant, Place } from './place.ts'

/** All that is known of one device, present or not. */
export interface DeviceRecord {
  readonly key: DeviceKey
  identity: Identity
  /** Where it answers or answered last in this session, and as what. */
  at: { readonly place: Place; readonly occupant: Occupant } | null
  /** Where else something with this identity answers. Not empty: nobody knows which is which. */
  rivals: readonly Place[]
  /** Whether it has answered since it was last found silent: the difference between coming and staying. */
  answered: boolean
  /** It was told to restart, so that silence is no news. */
  restarting: boolean
  status: DeviceStatus | null
  /** Wall-clock ms. */
  statusAt: number | null
  lastSeenAt: number | null
  lastSeenBy: string | null
  trouble: ErrorData | null
  roundTripMs: number | null
}

export function recordOf(known: KnownDevice | { readonly key: DeviceKey; readonly identity: Identity }): DeviceRecord {
  const { key, identity } = known
  const kept = 'lastSeenAt' in known ? known : { status: null, statusAt: null, lastSeenAt: null, lastSeenBy: null }
  const { status, statusAt, lastSeenAt, lastSeenBy } = kept
  const now = { at: null, rivals: [], answered: false, restarting: false, trouble: null, roundTripMs: null }
  return { key, identity, status, statusAt, lastSeenAt, lastSeenBy, ...now }
}

/** Whether the device answered at its place when it was last asked there. */
export function isAnswering({ key, at }: DeviceRecord): boolean {
  return at !== null && !at.place.gone && at.place.occupant?.key === key
}

export function presenceOf(record: DeviceRecord): Presence {
  if (record.rivals.length > 0) return 'duplicate'
  if (record.restarting) return 'restarting'
  if (isAnswering(record)) return 'present'
  return record.at && !record.at.place.gone ? 'silent' : 'absent'
}

export function viewOf(record: DeviceRecord, title: string | null, name: string | null): DeviceView {
  const { at, identity } = record
  const typeTitle = title ?? identity.type
  return {
    key: record.key,
    name: name ?? `${typeTitle} ${identity.serial}`,
    typeTitle,
    identity,
    presence: presenceOf(record),
    link: at && { kind: linkKindOf(at.place.address), address: at.place.address, roundTripMs: record.roundTripMs },
    status: record.status,
    statusAt: record.statusAt,
    lastSeenAt: record.lastSeenAt,
    lastSeenBy: record.lastSeenBy,
    trouble: record.trouble ?? (isAnswering(record) ? null : (at?.place.reason ?? null)),
  }
}
