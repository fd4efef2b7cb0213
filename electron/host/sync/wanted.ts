import type { Plan } from '../../../shared/model/plan.ts'
import { artifactCustom } from '../trust/artifact-custom.ts'
import type { Library, TargetInfo } from '../trust/library.ts'

export type Priority = Plan['priority']
const ORDER: readonly Priority[] = ['security', 'safety', 'normal', 'optional']

/** One artifact that plans need. */
export interface WantedArtifact {
  readonly target: TargetInfo
  readonly title: string
  /** Ids of the plans that want it. */
  readonly plans: readonly string[]
  /** The most urgent of theirs. */
  readonly priority: Priority
}

/**
 * What should be on this laptop: the artifacts of plans that can still be run at the chosen site, or of all plans
 * while none is chosen. Most urgent first, then smallest first, so that a thin link finishes something early.
 * `now`: effective time, ms.
 */
export function wantedArtifacts(library: Library, site: string | null, now: number): WantedArtifact[] {
  const types = siteTypes(library, site)
  const wanted = new Map<string, WantedArtifact>()
  for (const { document: plan } of library.plans.values()) {
    if (Date.parse(plan.expires) <= now || !fits(plan, site, types)) continue
    for (const { target: path } of plan.artifacts) {
      const target = library.target(path)
      // Named by no role: the plan itself says so where it is shown.
      if (!target) continue
      const known = wanted.get(path)
      const priority = urgent(known?.priority, plan.priority)
      const plans = [...(known?.plans ?? []), ...(known?.plans.includes(plan.id) ? [] : [plan.id])]
      wanted.set(path, { target, title: artifactCustom(target)?.title ?? path, plans, priority })
    }
  }
  return [...wanted.values()].toSorted(byUrgency)
}

function siteTypes(library: Library, site: string | null): ReadonlySet<string> | null {
  const list = site === null ? undefined : library.sites.get(site)
  return list ? new Set(list.document.devices.map(({ type }) => type)) : null
}

function fits(plan: Plan, site: string | null, types: ReadonlySet<string> | null): boolean {
  if (site === null || types === null) return true
  const here = plan.scope.sites.includes('*') || plan.scope.sites.includes(site)
  return here && plan.scope.deviceTypes.some((type) => types.has(type))
}

function urgent(a: Priority | undefined, b: Priority): Priority {
  return a !== undefined && ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b
}

function byUrgency(a: WantedArtifact, b: WantedArtifact): number {
  return (
    ORDER.indexOf(a.priority) - ORDER.indexOf(b.priority) ||
    a.target.length - b.target.length ||
    (a.target.path < b.target.path ? -1 : 1)
  )
}
