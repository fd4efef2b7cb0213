import { AppError } from '../../../../shared/errors.ts'
import { isMap, own, type SmpBody } from './body.ts'
import { GROUP } from './packet.ts'
import { BY_GROUP, COMMON, IMAGE_COMMON, type Meaning } from './refusal-codes.ts'

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

/** What a refusal of a request to `asked` means, as a coded error with the device's own number in it. */
export function refusalError(refusal: Refusal, asked: { group: number; id: number }): AppError {
  const [reason, code] = meaning(refusal, asked.group)
  const detail = { reason, rc: refusal.rc, group: refusal.group, askedGroup: asked.group, askedId: asked.id }
  return new AppError(code, { detail })
}

function meaning({ group, rc }: Refusal, asked: number): Meaning {
  const fallback: Meaning = ['other', 'device.refused']
  if (group === null) return (asked === GROUP.image ? IMAGE_COMMON[rc] : undefined) ?? COMMON[rc] ?? fallback
  return BY_GROUP[group]?.[rc] ?? fallback
}
