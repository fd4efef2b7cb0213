import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import { isMap, own, type SmpBody } from './body.ts'
import { GROUP } from './packet.ts'

/** Why a device said no: the group that says so (null: the protocol itself, or version 1) and its number. */
export interface Refusal {
  readonly group: number | null
  readonly rc: number
}

/**
 * The refusal in a reply, or null for a success. Judged by content and never by the header's version: old
 * servers answer in version 1 whatever they were asked in.
 */
export function refusalIn(body: SmpBody): Refusal | null {
  const err = own(body, 'err')
  if (isMap(err)) {
    const [group, rc] = [own(err, 'group'), own(err, 'rc')]
    // An error that cannot be read is still no success.
    if (typeof group !== 'number' || typeof rc !== 'number') return { group: null, rc: 1 }
    return rc === 0 ? null : { group, rc }
  }
  if (err !== undefined) return { group: null, rc: 1 }
  const rc = own(body, 'rc')
  if (rc === undefined || rc === 0) return null
  return { group: null, rc: typeof rc === 'number' ? rc : 1 }
}

/** No buffer free, or busy with something else: the same request may pass a little later. */
export function isPassing({ group, rc }: Refusal): boolean {
  return group === null && (rc === 2 || rc === 10)
}

export function isNotSupported({ group, rc }: Refusal): boolean {
  return group === null && rc === 8
}

type Meaning = readonly [reason: string, code: ErrorCode]

/** `mcumgr_err`: version 1, and protocol-level errors of version 2. */
const COMMON: Readonly<Record<number, Meaning>> = {
  1: ['unknown', 'device.refused'],
  2: ['no-memory', 'device.busy'],
  3: ['invalid', 'device.refused'],
  4: ['timeout', 'device.refused'],
  5: ['no-entry', 'device.refused'],
  6: ['bad-state', 'device.refused'],
  7: ['too-big', 'device.refused'],
  8: ['not-supported', 'device.refused'],
  9: ['corrupt', 'device.bad-frame'],
  10: ['busy', 'device.busy'],
  11: ['access-denied', 'device.unauthorised'],
  12: ['version-too-old', 'device.refused'],
  13: ['version-too-new', 'device.refused'],
}

/** Version 1 numbers mean more when the request was about images (Zephyr `img_mgmt`). */
const IMAGE_COMMON: Readonly<Record<number, Meaning>> = {
  5: ['no-free-slot', 'device.no-slot'],
  6: ['version-or-slot-state', 'device.image-rejected'],
}

/** `img_mgmt_err`, version 2. */
const IMAGE: Readonly<Record<number, Meaning>> = {
  3: ['no-image', 'device.refused'],
  4: ['no-tlvs', 'device.image-rejected'],
  5: ['invalid-tlv', 'device.image-rejected'],
  8: ['hash-not-found', 'device.no-slot'],
  9: ['no-free-slot', 'device.no-slot'],
  10: ['flash-open', 'device.write-failed'],
  11: ['flash-read', 'device.write-failed'],
  12: ['flash-write', 'device.write-failed'],
  13: ['flash-erase', 'device.write-failed'],
  14: ['invalid-slot', 'device.no-slot'],
  15: ['no-heap', 'device.busy'],
  22: ['header-too-short', 'device.image-rejected'],
  23: ['header-magic', 'device.image-rejected'],
  24: ['bad-hash', 'device.image-corrupt'],
  27: ['running-version-newer', 'device.image-rejected'],
  28: ['already-pending', 'device.pending-image'],
  29: ['vector-table', 'device.incompatible'],
  30: ['too-large', 'device.image-rejected'],
  31: ['data-overrun', 'device.write-failed'],
  32: ['confirm-denied', 'device.refused'],
  33: ['test-of-active-denied', 'device.refused'],
  34: ['active-slot-unknown', 'device.refused'],
}

/** What a refusal of a request to `asked` means, as a coded error with the device's own number in it. */
export function refusalError(refusal: Refusal, asked: { group: number; id: number }): AppError {
  const [reason, code] = meaning(refusal, asked.group)
  const detail = { reason, rc: refusal.rc, group: refusal.group, askedGroup: asked.group, askedId: asked.id }
  return new AppError(code, { detail })
}

function meaning({ group, rc }: Refusal, asked: number): Meaning {
  const fallback: Meaning = ['other', 'device.refused']
  if (group === null) return (asked === GROUP.image ? IMAGE_COMMON[rc] : undefined) ?? COMMON[rc] ?? fallback
  return (group === GROUP.image ? IMAGE[rc] : undefined) ?? fallback
}
