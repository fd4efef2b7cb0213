import type { SiteBoard } from '../../../shared/contract/site.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import { recoveryOf } from '../../../shared/model/plan.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import type { Site } from '../../../shared/model/site.ts'
import { coverage } from '../run/eligibility.ts'
import { matchWith, type PlanNow, planNow } from '../run/offers.ts'
import type { RunPorts } from '../run/ports.ts'
import type { Library } from '../trust/library.ts'
import { type BoardOffer, siteBoard } from './rows.ts'

export interface BoardDeps {
  readonly ports: RunPorts
  /** Newest first. */
  readonly runs: () => readonly RunSummary[]
  readonly site: () => Site | null
  /** Null where there is no trust that may be used. */
  readonly library: () => Library | null
}

/** The board of the chosen site, as of now. */
export function currentBoard({ ports, runs, site, library }: BoardDeps): SiteBoard {
  const trusted = library()
  const place = site()
  const plans = trusted ? [...trusted.plans.values()].map((plan) => planNow(ports, trusted, plan)) : []
  return siteBoard({
    site: place,
    devices: ports.devices.list(),
    runs: runs(),
    typeTitle: (type) => trusted?.profiles.get(type)?.document.title ?? type,
    offers: (device) => offersFor(plans, device, place),
  })
}

/** Plans that are meant for this device here. Who is signed in does not matter: the board is everybody's. */
function offersFor(plans: readonly PlanNow[], device: DeviceView, site: Site | null): BoardOffer[] {
  return plans.flatMap((at): BoardOffer[] => {
    const { document } = at.plan
    if (coverage(document, device.identity, site) !== null) return []
    // A rescue is nothing that a device is offered whose application runs, or that is away.
    if (recoveryOf(document)?.only && device.status?.mode !== 'bootloader') return []
    const { eligibility } = matchWith(at, device, null)
    const { id, title, priority } = document
    const to = Object.fromEntries(
      Object.entries(eligibility.change).map(([component, change]) => [component, change.to]),
    )
    return [{ plan: { id, title }, priority, to, reason: eligibility.reason }]
  })
}
