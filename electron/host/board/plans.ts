import { MAX_PLAN_DEVICES, type PlanDetail, type PlanSummary } from '../../../shared/contract/plans.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'
import { coverage, validity } from '../run/eligibility.ts'
import { type Match, matchWith, planNow } from '../run/offers.ts'
import type { RunPorts } from '../run/ports.ts'
import type { Library, Signed, TargetInfo } from '../trust/library.ts'
import { overdue, type PlanContext, planDeadline } from '../trust/validity.ts'

export interface PlanDeps {
  readonly ports: RunPorts
  readonly site: () => Site | null
  readonly library: () => Library | null
  /** Who is signed in, with the end of their lease, ms. */
  readonly operator: () => { readonly id: string; readonly leaseUntil: number | null } | null
}

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
  const meant = devicesFor(deps, plan)
  const devices = matches(deps, library, plan, meant.slice(0, MAX_PLAN_DEVICES)).map(({ device, eligibility }) => ({
    key: device.key,
    name: device.name,
    fits: eligibility.reason === null,
    reason: eligibility.reason,
  }))
  devices.sort((a, b) => Number(b.fits) - Number(a.fits))
  const summary = planSummary(deps, library, plan, meant.filter(isHere))
  return { summary, plan: plan.document, artifacts, devices, deviceCount: meant.length }
}

/** A plan in one line of a list. `here`: {@link devicesHere}. */
export function planSummary(
  deps: PlanDeps,
  library: Library,
  plan: Signed<Plan>,
  here: readonly DeviceView[],
): PlanSummary {
  const { id, title, reason, priority } = plan.document
  const deadline = planDeadline(library, plan, deadlineContext(deps, library))
  const now = deps.ports.now()
  const targets = plan.document.artifacts.map(({ target }) => library.target(target))
  const reasons = matches(deps, library, plan, here).map(({ eligibility }) => eligibility.reason)
  const held = targets.every((target) => target !== null && deps.ports.artifacts.has(target.sha256))
  return {
    id,
    title,
    reason,
    priority,
    goodUntil: deadline.until,
    limit: deadline.limit,
    blocked: validity(plan.document, now) ?? overdue(deadline, now),
    fits: reasons.filter((reason) => reason === null).length,
    done: reasons.filter((reason) => reason?.code === 'plan.not-needed').length,
    artifacts: held ? 'held' : 'missing',
    bytes: targets.reduce((sum, target) => sum + (target?.length ?? 0), 0),
  }
}

/** What else ends the use of a plan: the chosen site's list, and the lease of whoever is signed in. */
export function deadlineContext(
  { site: siteNow, operator: operatorNow }: PlanDeps,
  library: Library,
): Required<PlanContext> {
  const operator = operatorNow()
  const site = siteNow()
  return {
    site: site ? (library.sites.get(site.id)?.target ?? null) : null,
    lease: operator?.leaseUntil == null ? null : { operator: operator.id, until: operator.leaseUntil },
  }
}

/** Devices that the plan is meant for, those first that are here. */
function devicesFor({ ports, site }: PlanDeps, plan: Signed<Plan>): DeviceView[] {
  const place = site()
  const meant = ports.devices.list().filter(({ identity }) => coverage(plan.document, identity, place) === null)
  return [...meant.filter(isHere), ...meant.filter((device) => !isHere(device))]
}

/** Nothing fits a device that is away. */
export function devicesHere({ ports }: PlanDeps): DeviceView[] {
  return ports.devices.list().filter(isHere)
}

function isHere({ presence }: DeviceView): boolean {
  return presence !== 'absent'
}

function matches(
  { ports, site, operator }: PlanDeps,
  library: Library,
  plan: Signed<Plan>,
  devices: readonly DeviceView[],
): Match[] {
  const place = site()
  const meant = devices.filter(({ identity }) => coverage(plan.document, identity, place) === null)
  if (meant.length === 0) return []
  const at = planNow(ports, library, plan)
  const by = operator()?.id ?? null
  return meant.map((device) => matchWith(at, device, by))
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
