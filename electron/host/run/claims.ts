import type { ClaimPlan, SecondReader, WaitingView } from '../../../shared/contract/recovery.ts'
import { AppError } from '../../../shared/errors.ts'
import { type DeviceKey, deviceKey, type Identity } from '../../../shared/model/device.ts'
import { type Plan, recoveryOf } from '../../../shared/model/plan.ts'
import type { ClaimWanted, WaitingLoader } from '../device/device-access.ts'
import type { RunQueries } from '../store/runs.ts'
import type { Library } from '../trust/library.ts'
import { type Asker, requireRole, requireSecond } from './authority.ts'
import { coverage, validity } from './eligibility.ts'
import { type LeftRun, leftAt } from './left-behind.ts'
import type { RunPorts } from './ports.ts'
import { trustTrouble } from './trust.ts'

export interface ClaimInput {
  readonly address: string
  readonly plan: string
  readonly serial: string
  readonly second?: SecondReader | undefined
}

/** Who may say whose a boot loader is. */
interface Rule {
  readonly roles: Plan['authority']['roles']
  readonly twoPerson: boolean
}

/** Boot loaders that cannot say whose device they are, and the people who read the plate for them. */
export class Claims {
  readonly #ports: RunPorts
  readonly #queries: RunQueries

  constructor(ports: RunPorts, queries: RunQueries) {
    this.#ports = ports
    this.#queries = queries
  }

  list(): WaitingView[] {
    const waiting = this.#ports.devices.waiting()
    return waiting.map((one) => {
      const left = this.#left(one)
      return {
        address: one.address,
        label: one.label,
        mayBe: one.mayBe.map(({ profile, driver, facts }) => ({
          type: profile.type,
          typeTitle: profile.title,
          driver,
          ...facts,
        })),
        alike: waiting.filter((other) => other !== one && isAlike(one, other)).map(({ address }) => address),
        left: left && { device: left.device, name: left.name, run: left.run, at: left.at },
        plans: this.#plans(one, left),
      }
    })
  }

  /**
   * Takes a boot loader for that of the device whose plate people have read. The word is good for one plan, and for as
   * long as this very boot loader answers. Throws `device.no-loader`, `device.unknown-serial`, `plan.no-claims`,
   * `plan.*`, `trust.*`, `people.*`, `device.readings-differ` and what `DeviceAccess.claim` throws.
   */
  async claim(input: ClaimInput, by: Asker, signal: AbortSignal): Promise<{ device: DeviceKey }> {
    const { devices, recorder, people, now } = this.#ports
    const waiting = devices.waiting().find(({ address }) => address === input.address)
    if (!waiting) throw new AppError('device.no-loader', { detail: { address: input.address } })
    const signed = this.#library()?.plans.get(input.plan)
    if (!signed) throw new AppError('plan.unknown', { detail: { plan: input.plan } })
    const plan = signed.document
    const identity = this.#meant(waiting, plan, input.serial)
    const key = deviceKey(identity)
    const site = this.#ports.site()
    const trouble = coverage(plan, identity, site) ?? this.#standing(plan)
    if (trouble) throw AppError.fromData(trouble)
    const left = this.#left(waiting)
    const rule = ruleFor(plan, left?.device === key ? left : null)
    if (!rule) throw new AppError('plan.no-claims', { detail: { plan: plan.id } })
    const place = { site, device: { key, name: key, identity } }
    requireRole(people, place, by.operator, rule.roles)
    const second = await requireSecond(people, place, by.operator, input.second, rule)
    // The second reading is worth nothing if it only repeats the first.
    if (input.second && input.second.serial !== input.serial) throw new AppError('device.readings-differ')
    const claim = { how: 'plate', plan: plan.id, by: by.operator, second, at: now() } as const
    await devices.claim({ address: input.address, identity, claim } satisfies ClaimWanted, signal)
    try {
      const told = waiting.mayBe.find(({ profile }) => profile.type === identity.type)?.facts ?? null
      const detail = {
        address: input.address,
        plan: plan.id,
        second,
        left: left?.device === key ? left.run : null,
        told,
      }
      await recorder.record({ actor: by.operator, action: 'device.claimed', subject: key, detail })
    } catch (error) {
      // What cannot be recorded did not happen.
      await devices.disclaim(key)
      throw error
    }
    return { device: key }
  }

  /** Takes a word back. Nothing that runs is stopped in the middle: its next proof fails. */
  async disclaim(device: DeviceKey, by: string): Promise<void> {
    const { devices, recorder } = this.#ports
    if (!devices.get(device)?.claim) return
    await devices.disclaim(device)
    await recorder.record({ actor: by, action: 'device.disclaimed', subject: device, detail: {} })
  }

  /** The device of this serial number that this console or the signed list of the site knows. */
  #meant({ mayBe }: WaitingLoader, plan: Plan, serial: string): Identity {
    const site = this.#ports.site()
    for (const { profile } of mayBe) {
      const { type } = profile
      if (!plan.scope.deviceTypes.includes(type)) continue
      const known = this.#ports.devices.get(deviceKey({ type, serial }))?.identity
      const listed = site?.devices.find((one) => one.type === type && one.serial === serial)
      if (known) return known
      if (listed) return { type, serial, hardware: listed.hardware ?? null }
    }
    throw new AppError('device.unknown-serial', { detail: { serial } })
  }

  #left({ address, mayBe }: WaitingLoader): LeftRun | null {
    const types = mayBe.map(({ profile }) => profile.type)
    return leftAt(address, types, this.#ports.devices, this.#queries)
  }

  #plans({ mayBe }: WaitingLoader, left: LeftRun | null): ClaimPlan[] {
    const types = mayBe.map(({ profile }) => profile.type)
    const plans = [...(this.#library()?.plans.values() ?? [])].map(({ document }) => document)
    return plans.flatMap((plan) => {
      const rule = plan.scope.deviceTypes.some((type) => types.includes(type)) ? ruleFor(plan, left) : null
      if (!rule) return []
      return [{ id: plan.id, title: plan.title, ...rule, reason: this.#standing(plan) }]
    })
  }

  /** Null: there is none, or it may not be used; what that is, `trustTrouble` says. */
  #library(): Library | null {
    try {
      return this.#ports.library.current()
    } catch {
      return null
    }
  }

  /** Why a plan cannot be used now, whatever the device. */
  #standing(plan: Plan) {
    const { library, now } = this.#ports
    const target = this.#library()?.plans.get(plan.id)?.target
    if (!target) return new AppError('plan.unknown', { detail: { plan: plan.id } }).toData()
    const site = this.#ports.site()?.id ?? null
    return trustTrouble(library, { plan, target }, site, now(), false) ?? validity(plan, now())
  }
}

/**
 * By whose word: of anybody who may run the plan, where the console's own records say that it left this device here;
 * of those whom the plan names for this, elsewhere. Null: of nobody.
 */
function ruleFor(plan: Plan, left: LeftRun | null): Rule | null {
  const recovery = recoveryOf(plan)
  if (left && (left.plan === plan.id || recovery)) return { roles: plan.authority.roles, twoPerson: false }
  const plate = recovery?.plate
  return plate ? { roles: plate.roles, twoPerson: plate.twoPerson } : null
}

function isAlike(a: WaitingLoader, b: WaitingLoader): boolean {
  const types = b.mayBe.map(({ profile }) => profile.type)
  return a.mayBe.some(({ profile }) => types.includes(profile.type))
}
