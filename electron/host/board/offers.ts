import type { DeviceView } from '../../../shared/model/device.ts'
import { type Plan, recoveryOf } from '../../../shared/model/plan.ts'
import type { Site } from '../../../shared/model/site.ts'
import { type Steps, sortedSteps } from '../../../shared/steps.ts'
import { coverage } from '../run/eligibility.ts'
import { matchWith, type PlanNow, planNow } from '../run/offers.ts'
import type { RunPorts } from '../run/ports.ts'
import type { Library, Signed } from '../trust/library.ts'
import type { BoardOffer } from './rows.ts'

const PRIORITY: readonly Plan['priority'][] = ['security', 'safety', 'normal', 'optional']
const BY_ID = new Intl.Collator('en', { numeric: true })

/** The plans of a library, the most urgent first. */
export function* plansInOrder(library: Library): Steps<readonly Signed<Plan>[]> {
  return yield* sortedSteps(
    [...library.plans.values()],
    ({ document: a }, { document: b }) =>
      PRIORITY.indexOf(a.priority) - PRIORITY.indexOf(b.priority) || BY_ID.compare(a.id, b.id),
  )
}

/** Plans that are meant for a device here, the most urgent first. Who is signed in does not matter: the board is everybody's. */
export class OffersNow {
  readonly #ports: RunPorts
  readonly #library: Library
  readonly #site: Site | null
  readonly #plans: readonly Signed<Plan>[]
  readonly #byType = new Map<string, readonly Signed<Plan>[]>()
  readonly #now = new Map<Signed<Plan>, PlanNow>()

  /** `plans`: {@link plansInOrder} of the library. */
  constructor(ports: RunPorts, library: Library, site: Site | null, plans: readonly Signed<Plan>[]) {
    this.#ports = ports
    this.#library = library
    this.#site = site
    this.#plans = plans
  }

  *for(device: DeviceView): Generator<BoardOffer> {
    for (const plan of this.#ofType(device.identity.type)) {
      if (coverage(plan.document, device.identity, this.#site) !== null) continue
      // A rescue is nothing that a device is offered whose application runs.
      if (recoveryOf(plan.document)?.only && device.status?.mode !== 'bootloader') continue
      const { eligibility } = matchWith(this.#planNow(plan), device, null)
      const { id, title } = plan.document
      const to = Object.fromEntries(
        Object.entries(eligibility.change).map(([component, change]) => [component, change.to]),
      )
      yield { plan: { id, title }, to, reason: eligibility.reason }
    }
  }

  #ofType(type: string): readonly Signed<Plan>[] {
    const known = this.#byType.get(type)
    if (known) return known
    const plans = this.#plans.filter(({ document }) => document.scope.deviceTypes.includes(type))
    this.#byType.set(type, plans)
    return plans
  }

  #planNow(plan: Signed<Plan>): PlanNow {
    const known = this.#now.get(plan)
    if (known) return known
    const now = planNow(this.#ports, this.#library, plan)
    this.#now.set(plan, now)
    return now
  }
}
