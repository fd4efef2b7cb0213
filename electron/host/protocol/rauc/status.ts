import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'

/** `rauc status --detailed --output-format=json`, as RAUC 1.8 writes it; what is not needed is left out. */
const Bundle = z.object({ version: z.string().optional() })
const Activated = z.object({ timestamp: z.string().optional() })
const SlotFacts = z.object({
  class: z.string(),
  bootname: z.string().nullish(),
  state: z.string(),
  /** `good` or `bad`; null for slots that nothing is started from. */
  boot_status: z.string().nullish(),
  slot_status: z
    .object({ bundle: Bundle.nullish(), status: z.string().nullish(), activated: Activated.nullish() })
    .nullish(),
})
const Status = z.object({
  compatible: z.string(),
  booted: z.string().nullish(),
  boot_primary: z.string().nullish(),
  /** Each an object with one member: the slot by its name. */
  slots: z.array(z.record(z.string(), z.looseObject({}))).max(64),
})

export interface RaucSlot {
  /** `rootfs.1` */
  readonly name: string
  readonly slotClass: string
  /** By which the boot loader calls it; null for slots that nothing is started from. */
  readonly bootName: string | null
  readonly isBooted: boolean
  /** Whether the boot loader would start it: on trial some say no until it is marked good. */
  readonly isGood: boolean
  /** Version of the bundle that was installed there to the end; null: not told. */
  readonly version: string | null
  /** When the boot loader was last told to start it, ISO 8601 of the device's clock; empty: never. */
  readonly activatedAt: string
  /** All that RAUC says of it, as JSON. */
  readonly json: string
}

export interface RaucStatus {
  readonly compatible: string
  readonly primary: string | null
  readonly slots: readonly RaucSlot[]
  /** All that RAUC says, as JSON. */
  readonly json: string
}

/** Throws `device.bad-frame` for what RAUC does not write. */
export function parseStatus(json: string): RaucStatus {
  try {
    const status = Status.parse(JSON.parse(json))
    const slots = status.slots.flatMap((one) => Object.entries(one).map(([name, facts]) => slotOf(name, facts)))
    return { compatible: status.compatible, primary: status.boot_primary ?? null, slots, json }
  } catch (cause) {
    throw new AppError('device.bad-frame', { detail: { what: 'rauc status' }, cause })
  }
}

function slotOf(name: string, facts: object): RaucSlot {
  const slot = SlotFacts.parse(facts)
  const { bundle, status, activated } = slot.slot_status ?? {}
  return {
    name,
    slotClass: slot.class,
    bootName: slot.bootname ?? null,
    isBooted: slot.state === 'booted',
    isGood: slot.boot_status === 'good',
    // `pending` while it is being written: then it holds half of something.
    version: status === 'ok' ? (bundle?.version ?? null) : null,
    activatedAt: activated?.timestamp ?? '',
    json: JSON.stringify(facts),
  }
}

/** The slots of one class: which of them runs, and the only other one. */
export interface SlotPair {
  readonly booted: RaucSlot | null
  /** Null: there is none, or more than one, and nobody could say which is meant. */
  readonly other: RaucSlot | null
}

export function pairOf({ slots }: RaucStatus, slotClass: string): SlotPair {
  const ofClass = slots.filter((slot) => slot.slotClass === slotClass)
  const running = ofClass.filter(({ isBooted }) => isBooted)
  const booted = running.length === 1 ? (running[0] ?? null) : null
  const others = ofClass.filter((slot) => !slot.isBooted)
  return { booted, other: booted && others.length === 1 ? (others[0] ?? null) : null }
}
