import type { PlanDetail, PlanSummary } from '../../../shared/contract/plans.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'
import { coverage, validity } from '../run/eligibility.ts'
import { type Match, matchWith, planNow } from '../run/offers.ts'
import type { RunPorts } from '../run/ports.ts'
import type { Library, Signed, TargetInfo } from '../trust/library.ts'
import { overdue, planDeadline } from '../trust/validity.ts'

export interface PlanDeps {
  readonly ports: RunPorts
  readonly site: () => Site | null
  readonly library: () => Library | null
  /** Who is signed in, with the end of their lease, ms. */
  readonly operator: () => { readonly id: string; readonly leaseUntil: number | null } | null
}

/** Every plan on board, the most urgent first. */
export function planSummaries(deps: PlanDeps): PlanSummary[] {
  const library = deps.library()
  if (!library) return []
  return [...library.plans.values()]
    .map((plan) => summary(deps, library, plan))
    .sort((a, b) => PRIORITY.indexOf(a.priority) - PRIORITY.indexOf(b.priority) || a.id.localeCompare(b.id))
}

const PRIORITY: readonly Plan['priority'][] = ['security', 'safety', 'normal', 'optional']

/** One plan with its artifacts and every device here that it is meant for. Throws `plan.unknown`, `trust.none`. */
export async function planDetail(deps: PlanDeps, id: string): Promise<PlanDetail> {
  const library = deps.library()
  if (!library) throw new AppError('trust.none')
  const plan = library.plans.get(id)
  if (!plan) throw new AppError('plan.unknown', { detail: { plan: id } })
  const artifacts = await Promise.all(
    plan.document.artifacts.map(async ({ target, component, version }) => {
      const info = library.target(target)
      const held = info !== null && deps.ports.artifacts.has(info.sha256)
      const read = info && held ? await facts(deps, library, plan.document, info) : { facts: null, trouble: null }
      return { target, component, version, bytes: info?.length ?? 0, sha256: info?.sha256 ?? null, held, ...read }
    }),
  )
  const devices = matches(deps, library, plan).map(({ device, eligibility }) => ({
    key: device.key,
    name: device.name,
    fits: eligibility.reason === null,
    reason: eligibility.reason,
  }))
  return { summary: summary(deps, library, plan), plan: plan.document, artifacts, devices }
}

function summary(deps: PlanDeps, library: Library, plan: Signed<Plan>): PlanSummary {
  const { id, title, reason, priority } = plan.document
  const operator = deps.operator()
  const site = deps.site()
  const context = {
    site: site ? (library.sites.get(site.id)?.target ?? null) : null,
    lease: operator?.leaseUntil == null ? null : { operator: operator.id, until: operator.leaseUntil },
  }
  const deadline = planDeadline(library, plan, context)
  const now = deps.ports.now()
  const targets = plan.document.artifacts.map(({ target }) => library.target(target))
  const held = targets.every((target) => target !== null && deps.ports.artifacts.has(target.sha256))
  return {
    id,
    title,
    reason,
    priority,
    goodUntil: deadline.until,
    limit: deadline.limit,
    blocked: validity(plan.document, now) ?? overdue(deadline, now),
    fits: matches(deps, library, plan).filter(({ eligibility }) => eligibility.reason === null).length,
    artifacts: held ? 'held' : 'missing',
    bytes: targets.reduce((sum, target) => sum + (target?.length ?? 0), 0),
  }
}

/** Devices that the plan is meant for, here and now in reach. */
function matches({ ports, site, operator }: PlanDeps, library: Library, plan: Signed<Plan>): Match[] {
  const at = planNow(ports, library, plan)
  const place = site()
  const by = operator()?.id ?? null
  return ports.devices
    .list()
    .filter(({ identity }) => coverage(plan.document, identity, place) === null)
    .map((device) => matchWith(at, device, by))
}

/** What the reader finds in an artifact, judged by the keys of the first type that the plan is for. */
async function facts(
  { ports }: PlanDeps,
  library: Library,
  plan: Plan,
  target: TargetInfo,
): Promise<{ facts: PlanDetail['artifacts'][number]['facts']; trouble: ErrorData | null }> {
  const profile = plan.scope.deviceTypes.flatMap((type) => library.profiles.get(type)?.document ?? [])[0]
  if (!profile) return { facts: null, trouble: new AppError('device.no-profile').toData() }
  try {
    return { facts: await ports.artifacts.facts(target, profile), trouble: null }
  } catch (error) {
    return { facts: null, trouble: toErrorData(error, 'artifact.unreadable') }
  }
}
