import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Library, Signed, TargetInfo } from './library.ts'

const DAY_MS = 86_400_000

/** What can end the use of something. */
export type ValidityLimit = 'plan' | 'offline-limit' | 'root' | 'targets' | 'role' | 'lease'

/** Until when something may be used, and what ends it first. */
export interface Deadline {
  /** ms since 1970; at this instant it is over. */
  readonly until: number
  readonly limit: ValidityLimit
  /** The role, plan or operator that ends it; empty for the offline limit. */
  readonly name: string
  /** Of the offline limit: how many days it allows. */
  readonly offlineDays?: number
}

/**
 * Until when the console may act on this library at all: the signed time of issue plus the longest time
 * offline, the root, the top-level targets, and the roles that vouch for the policy. Timestamp and snapshot
 * are signed online and short-lived: they were judged when they were synced (DESIGN 5, two clocks).
 */
export function libraryDeadline(library: Library): Deadline {
  return earliest(libraryDeadlines(library))
}

/** Everything that ends the use of a library, in no order. */
export function libraryDeadlines(library: Library): Deadline[] {
  const { issuedAt, consolePolicy } = library
  const offline: Deadline = {
    until: issuedAt + consolePolicy.offlineDays * DAY_MS,
    limit: 'offline-limit',
    name: '',
    offlineDays: consolePolicy.offlineDays,
  }
  const policy = library.target('policy/console.json')
  return [offline, ...roleDeadlines(library, ['root', ...(policy?.chain ?? ['targets'])])]
}

export interface PlanContext {
  /** End of the operator's lease, ms; null or absent where no operator is asked about. */
  readonly lease?: { readonly operator: string; readonly until: number } | null
  /** The chosen site's list, where the plan is for one. */
  readonly site?: TargetInfo | null
}

/** Until when a plan may be run: everything that must still be trusted then. */
export function planDeadline(library: Library, plan: Signed<Plan>, context: PlanContext = {}): Deadline {
  return earliest(planDeadlines(library, plan, context))
}

/** Everything that ends the use of a plan, in no order. */
export function planDeadlines(library: Library, plan: Signed<Plan>, context: PlanContext = {}): Deadline[] {
  const { document } = plan
  const artifacts = document.artifacts.flatMap(({ target }) => library.target(target) ?? [])
  const profiles = document.scope.deviceTypes.flatMap((type) => library.profiles.get(type)?.target ?? [])
  const vouchers = [plan.target, ...artifacts, ...profiles, ...(context.site ? [context.site] : [])]
  const roles = new Set(vouchers.flatMap((target) => target.chain))
  return [
    { until: Date.parse(document.expires), limit: 'plan', name: document.id },
    ...libraryDeadlines(library),
    ...roleDeadlines(library, [...roles]),
    ...(context.lease ? [{ until: context.lease.until, limit: 'lease', name: context.lease.operator } as const] : []),
  ]
}

/** Why it is over at `now` (effective time, ms); null while it is not. */
export function overdue(deadline: Deadline, now: number): ErrorData | null {
  return now < deadline.until ? null : reason(deadline, now).toData()
}

function reason({ until, limit, name, offlineDays = 0 }: Deadline, now: number): AppError {
  if (limit === 'plan') return new AppError('plan.expired', { detail: { plan: name, expires: until } })
  if (limit === 'lease') return new AppError('people.lease-ended', { detail: { operator: name, until } })
  if (limit !== 'offline-limit') return new AppError('trust.expired', { detail: { role: name, expires: until } })
  const days = Math.floor((now - until) / DAY_MS) + offlineDays
  return new AppError('trust.offline-too-long', { detail: { days, limit: offlineDays, until } })
}

function roleDeadlines(library: Library, names: readonly string[]): Deadline[] {
  return library.roles.flatMap(({ name, expires }): Deadline[] => {
    if (!names.includes(name)) return []
    const limit = name === 'root' || name === 'targets' ? name : 'role'
    return [{ until: expires, limit, name }]
  })
}

function earliest(deadlines: readonly Deadline[]): Deadline {
  return deadlines.reduce((first, next) => (next.until < first.until ? next : first))
}
