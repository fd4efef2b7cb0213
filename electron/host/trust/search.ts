import { AppError } from '../../../shared/errors.ts'
import type { TrustLimits } from './limits.ts'
import type { TargetsMetadata } from './targets-metadata.ts'

/** A role to be loaded, and who says with which keys it must be signed. */
export interface RoleStep {
  readonly role: string
  readonly delegator: string
}

/**
 * The search for a target as the specification orders it (TUF 5.6.7): pre-order, depth first, each role
 * once, ended by a terminating role. Yields each role that must be loaded and is given its metadata; the
 * same walk serves a client that fetches and one that only reads. Returns the way from the top-level role
 * to the one that names the path, or null. Throws `trust.too-many-delegations` after `limit` roles.
 */
export function* searchTarget(path: string, limit: number): Generator<RoleStep, RoleStep[] | null, TargetsMetadata> {
  const visited = new Map<string, RoleStep>()
  const ahead: RoleStep[] = [{ role: 'targets', delegator: 'root' }]
  for (let step = ahead.pop(); step; step = ahead.pop()) {
    if (visited.has(step.role)) continue
    if (visited.size > limit) throw new AppError('trust.too-many-delegations', { detail: { limit } })
    visited.set(step.role, step)
    const metadata = yield step
    if (metadata.targets.has(path)) return wayTo(step, visited)
    const children: RoleStep[] = []
    for (const child of metadata.delegations?.covering(path) ?? []) {
      children.push({ role: child.name, delegator: step.role })
      if (!child.terminating) continue
      // Its descendants are still asked; nothing that was waiting is (TUF 5.6.7.2.1).
      ahead.length = 0
      break
    }
    ahead.push(...children.toReversed())
  }
  return null
}

/**
 * Every role that is listed by name, from the top-level targets down, each once on each word that vouches for it.
 * Yields and is given as {@link searchTarget}. Throws `trust.too-many-delegations`.
 */
export function* listedRoles(limits: Pick<TrustLimits, 'listedRoles'>): Generator<RoleStep, void, TargetsMetadata> {
  const seen = new Set<string>()
  const ahead: RoleStep[] = [{ role: 'targets', delegator: 'root' }]
  for (let step = ahead.pop(); step; step = ahead.pop()) {
    const key = JSON.stringify([step.role, step.delegator])
    if (seen.has(key)) continue
    if (seen.size >= limits.listedRoles) {
      throw new AppError('trust.too-many-delegations', { detail: { limit: limits.listedRoles } })
    }
    seen.add(key)
    const { delegations } = yield step
    for (const role of delegations?.listed ?? []) ahead.push({ role: role.name, delegator: step.role })
  }
}

function wayTo(step: RoleStep, visited: ReadonlyMap<string, RoleStep>): RoleStep[] {
  const delegator = visited.get(step.delegator)
  return delegator ? [...wayTo(delegator, visited), step] : [step]
}
