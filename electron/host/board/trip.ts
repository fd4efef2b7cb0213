import type { TripItem, TripView } from '../../../shared/contract/site.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Library } from '../trust/library.ts'
import { type Deadline, libraryDeadlines, overdue, planDeadlines } from '../trust/validity.ts'

export interface TripQuestion {
  readonly library: Library | null
  readonly site: string | null
  readonly operator: { readonly id: string; readonly leaseUntil: number | null } | null
  /** Effective time, ms. */
  readonly now: number
  /** The return, ms. */
  readonly until: number
  /** Files that the plans of the place need. */
  readonly wanted: readonly {
    readonly target: string
    readonly plans: readonly string[]
    readonly bytes: number
    readonly held: boolean
  }[]
  /** On the disk of this laptop; null where nobody can say. */
  readonly freeBytes: number | null
}

/** Left for the journal and the log, as when artifacts are fetched. */
const RESERVE_BYTES = 64 * 1024 * 1024

/**
 * Whether all that a trip needs lasts to its end and is on board. Pure. Nothing is left out because it is good: what
 * lasts is shown with its end, so that a person sees what was looked at. Throws `trust.none`.
 */
export function tripCheck(question: TripQuestion): TripView {
  const { library, site, wanted } = question
  const until = Math.max(question.until, question.now)
  if (!library) throw new AppError('trust.none')
  const missing = wanted.filter(({ held }) => !held)
  const toFetch = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  const items = [
    ...deadlinesOf(question, library).map((deadline) => lasting(deadline, until)),
    ...missing.map(
      ({ target, bytes }): TripItem => ({
        ...lacking('artifact', target, new AppError('artifact.missing', { detail: { target } }), 'fetch'),
        bytes,
      }),
    ),
    ...typesWithoutProfile(library, site).map((type) =>
      lacking('profile', type, new AppError('device.no-profile', { detail: { type } }), 'publisher'),
    ),
    ...space(question, toFetch),
  ]
  items.sort((a, b) => Number(a.good) - Number(b.good) || (a.until ?? 0) - (b.until ?? 0) || (a.name < b.name ? -1 : 1))
  return { site, until, good: items.every(({ good }) => good), items, toFetch }
}

/** Each end once, whatever it ends. Plans that nobody needs there do not count. */
function deadlinesOf({ operator, wanted, site }: TripQuestion, library: Library): Deadline[] {
  const lease = operator?.leaseUntil == null ? null : { operator: operator.id, until: operator.leaseUntil }
  const context = { lease, site: site === null ? null : (library.sites.get(site)?.target ?? null) }
  const plans = [...new Set(wanted.flatMap((file) => file.plans))].flatMap((id) => library.plans.get(id) ?? [])
  const leases: Deadline[] = lease ? [{ until: lease.until, limit: 'lease', name: lease.operator }] : []
  const all = [
    ...libraryDeadlines(library),
    ...leases,
    ...plans.flatMap((plan) => planDeadlines(library, plan, context)),
  ]
  return [...new Map(all.map((deadline) => [`${deadline.limit} ${deadline.name}`, deadline])).values()]
}

function lasting(deadline: Deadline, until: number): TripItem {
  const reason = overdue(deadline, until)
  const { limit: kind, name } = deadline
  const remedy = reason === null ? 'none' : kind === 'offline-limit' ? 'sync' : 'publisher'
  return { kind, name, until: deadline.until, good: reason === null, reason, remedy, bytes: null }
}

function lacking(kind: TripItem['kind'], name: string, error: AppError, remedy: TripItem['remedy']): TripItem {
  return { kind, name, until: null, good: false, reason: error.toData(), remedy, bytes: null }
}

function typesWithoutProfile(library: Library, site: string | null): string[] {
  const devices = (site === null ? undefined : library.sites.get(site))?.document.devices ?? []
  return [...new Set(devices.map(({ type }) => type))].filter((type) => !library.profiles.has(type))
}

function space({ freeBytes }: TripQuestion, toFetch: number): TripItem[] {
  if (freeBytes === null || toFetch === 0) return []
  const needed = toFetch + RESERVE_BYTES
  if (freeBytes >= needed) return []
  const error = new AppError('disk.full', { detail: { needed, free: freeBytes } })
  return [{ ...lacking('space', '', error, 'space'), bytes: needed - freeBytes }]
}
