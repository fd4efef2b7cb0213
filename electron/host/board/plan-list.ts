import { MAX_LISTED_PLANS, type PlanPage, type PlanSummary, type PlanVerdict } from '../../../shared/contract/plans.ts'
import type { DeviceKey } from '../../../shared/model/device.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import { type Steps, sortedSteps } from '../../../shared/steps.ts'
import { coverage } from '../run/eligibility.ts'
import { matchWith, planNow } from '../run/offers.ts'
import type { Library, Signed } from '../trust/library.ts'
import { planDeadline } from '../trust/validity.ts'
import { found, wordsOf } from './found.ts'
import { plansInOrder } from './offers.ts'
import { deadlineContext, devicesHere, type PlanDeps, planSummary } from './plans.ts'

interface Part {
  readonly words: string
  readonly from: number
  readonly count: number
}

interface Entry {
  readonly plan: Signed<Plan>
  /** What it is found by, in lower case. */
  readonly text: string
}

/** The plans on board, by pages: what takes long is done once for a library, and gently. */
export class PlanList {
  readonly #deps: PlanDeps & { readonly gently: <T>(steps: Steps<T>) => Promise<T> }
  #entries: { readonly library: Library; readonly entries: readonly Entry[] } | null = null
  #ends: { readonly key: string; readonly library: Library; readonly entries: readonly Entry[] } | null = null

  constructor(deps: PlanDeps & { readonly gently: <T>(steps: Steps<T>) => Promise<T> }) {
    this.#deps = deps
  }

  /** The most urgent first, as far as they are not too many for one list. */
  async list(): Promise<PlanSummary[]> {
    return this.#deps.gently(this.#listSteps())
  }

  async page({ words, from, count, order }: Part & { readonly order: 'urgency' | 'end' }): Promise<PlanPage> {
    const library = this.#deps.library()
    if (!library) return { total: 0, found: 0, from, rows: [] }
    const all = await this.#deps.gently(order === 'end' ? this.#endSteps(library) : this.#entrySteps(library))
    const matching = found(all, wordsOf(words))
    const here = devicesHere(this.#deps)
    const rows = matching.slice(from, from + count).map(({ plan }) => planSummary(this.#deps, library, plan, here))
    return { total: all.length, found: matching.length, from, rows }
  }

  /** What every plan that is meant for the device says of it, those first that fit. */
  async forDevice(
    device: DeviceKey,
    part: Part,
  ): Promise<{ readonly found: number; readonly from: number; readonly rows: PlanVerdict[] }> {
    const verdicts = await this.#deps.gently(this.#verdictSteps(device, wordsOf(part.words)))
    const { from, count } = part
    return { found: verdicts.length, from, rows: verdicts.slice(from, from + count) }
  }

  *#listSteps(): Steps<PlanSummary[]> {
    const library = this.#deps.library()
    if (!library) return []
    const summaries: PlanSummary[] = []
    const here = devicesHere(this.#deps)
    for (const { plan } of (yield* this.#entrySteps(library)).slice(0, MAX_LISTED_PLANS)) {
      summaries.push(planSummary(this.#deps, library, plan, here))
      yield
    }
    return summaries
  }

  *#entrySteps(library: Library): Steps<readonly Entry[]> {
    if (this.#entries?.library !== library) {
      const plans = yield* plansInOrder(library)
      const entries = plans.map((plan) => {
        const { id, title, reason } = plan.document
        return { plan, text: `${title} ${id} ${reason}`.toLowerCase() }
      })
      this.#entries = { library, entries }
    }
    return this.#entries.entries
  }

  *#endSteps(library: Library): Steps<readonly Entry[]> {
    const context = deadlineContext(this.#deps, library)
    const key = JSON.stringify([context.site?.path ?? null, context.lease])
    if (this.#ends?.library === library && this.#ends.key === key) return this.#ends.entries
    const ends: { readonly entry: Entry; readonly until: number }[] = []
    for (const entry of yield* this.#entrySteps(library)) {
      ends.push({ entry, until: planDeadline(library, entry.plan, context).until })
      yield
    }
    const sorted = yield* sortedSteps(ends, (a, b) => a.until - b.until)
    this.#ends = { key, library, entries: sorted.map(({ entry }) => entry) }
    return this.#ends.entries
  }

  *#verdictSteps(key: DeviceKey, words: readonly string[]): Steps<readonly PlanVerdict[]> {
    const { ports, site, operator } = this.#deps
    const [library, device] = [this.#deps.library(), ports.devices.get(key)]
    if (!library || !device) return []
    const [place, by] = [site(), operator()?.id ?? null]
    const fits: PlanVerdict[] = []
    const not: PlanVerdict[] = []
    for (const { plan } of found(yield* this.#entrySteps(library), words)) {
      yield
      if (coverage(plan.document, device.identity, place) !== null) continue
      const { reason } = matchWith(planNow(ports, library, plan), device, by).eligibility
      const { id, title } = plan.document
      const verdicts = reason === null ? fits : not
      verdicts.push({ plan: id, title, fits: reason === null, reason })
    }
    return [...fits, ...not]
  }
}
