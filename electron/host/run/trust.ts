import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Library, LibrarySource, TargetInfo } from '../trust/library.ts'
import { overdue, planDeadline } from '../trust/validity.ts'
import { validity } from './eligibility.ts'

/** A plan and the signed target it came from. */
export interface TrustedPlan {
  readonly plan: Plan
  readonly target: Omit<TargetInfo, 'custom'>
}

/**
 * Why trust may not be used for this plan now; null: it may. Asked again before each irreversible act.
 * `begun`: the device was touched under this plan already. What a sync withdraws or replaces then no
 * longer stops it halfway, which would be the greater harm; what has expired still does.
 */
export function trustTrouble(
  source: LibrarySource,
  { plan, target }: TrustedPlan,
  siteId: string | null,
  now: number,
  begun: boolean,
): ErrorData | null {
  let library: Library | null
  try {
    library = source.current()
  } catch (error) {
    return toErrorData(error, 'trust.cache-corrupt')
  }
  if (!library) return new AppError('trust.none').toData()
  const current = library.plans.get(plan.id)
  if (!begun && current?.target.sha256 !== target.sha256) {
    return new AppError('plan.unknown', { detail: { plan: plan.id } }).toData()
  }
  const site = siteId === null ? null : (library.sites.get(siteId)?.target ?? null)
  const deadline = planDeadline(library, { document: plan, target: { ...target, custom: null } }, { site })
  return validity(plan, now) ?? overdue(deadline, now)
}

/** Days since the server signed the newest metadata; null without trust. */
export function offlineDays(source: LibrarySource, now: number): number | null {
  try {
    const library = source.current()
    return library ? Math.max(0, (now - library.issuedAt) / 86_400_000) : null
  } catch {
    return null
  }
}
