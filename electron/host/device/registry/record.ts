import type { ErrorData } from '../../../../shared/errors.ts'
import type { DeviceKey, DeviceStatus, DeviceView, Identity, Presence } from '../../../../shared/model/device.ts'
import { linkKindOf } from '../../link/address.ts'
import type { KnownDevice } from './options.ts'
import type { Occupant, Place } from './place.ts'

/** All that is known of one device, present or not. */
export interface DeviceRecord {
  readonly key: DeviceKey
  identity: Identity
  /** The store knows it: it has said at least once who it is. */
  kept: boolean
  /** Where it said itself who it is, the last time that it did, in this session or before. */
  home: string | null
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
  const kept = 'lastSeenAt' in known
  const { status, statusAt, lastSeenAt, lastSeenBy, address: home } = kept ? known : NEVER_SEEN
  const now = { at: null, rivals: [], answered: false, restarting: false, trouble: null, roundTripMs: null }
  return { key, identity, kept, home, status, statusAt, lastSeenAt, lastSeenBy, ...now }
}

const NEVER_SEEN = { address: null, status: null, statusAt: null, lastSeenAt: null, lastSeenBy: null } as const

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
    ...(at?.place.occupant?.vouched && isAnswering(record) && { claim: at.place.occupant.vouched.claim }),
    trouble: record.trouble ?? (isAnswering(record) ? null : (at?.place.reason ?? null)),
  }
}
