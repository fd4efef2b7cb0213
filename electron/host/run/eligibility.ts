import type { Proof } from '../../../shared/contract/plans.ts'
import { AppError, type ErrorCode, type ErrorData, type ErrorDetail } from '../../../shared/errors.ts'
import type { Claim } from '../../../shared/model/claim.ts'
import type { DeviceStatus, Identity, Presence } from '../../../shared/model/device.ts'
import { type Plan, recoveryOf } from '../../../shared/model/plan.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import type { Site } from '../../../shared/model/site.ts'
import { inRange, sameVersion } from '../../../shared/versions.ts'
import type { PlannedImage } from './images.ts'
import { outsideWindow } from './window.ts'

/** One plan held against one device, with everything that decides. */
export interface Offer {
  readonly plan: Plan
  readonly device: {
    readonly key: string
    readonly identity: Identity
    readonly presence: Presence
    readonly status: DeviceStatus | null
    readonly claim: Claim | null
  }
  readonly profile: Profile | null
  /** What the plan puts on it, or why that cannot be said. */
  readonly images: readonly PlannedImage[] | ErrorData
  readonly site: Site | null
  /** The console's best idea of the date, ms since 1970; never behind what was signed. */
  readonly now: number
  /** Why trust may not be used now. */
  readonly trust: ErrorData | null
  /** Why this person may not run this plan on this device. */
  readonly operator: ErrorData | null
  /** What is wrong with the artifacts on board: missing, damaged, not what the plan says. */
  readonly artifact: ErrorData | null
  /** Devices that the plan wants updated before this type, and that are not. */
  readonly firstInOrder: readonly string[]
  /** The laptop's own power against the plan's limit. */
  readonly battery: ErrorData | null
}

export interface Eligibility {
  /** The proofs that need no reading of the machine: artifact, plan, operator, device. */
  readonly proofs: readonly Proof[]
  readonly change: Readonly<Record<string, { from: string | null; to: string }>>
  /** Why it may not be run here now; null when it may. */
  readonly reason: ErrorData | null
}

/** Four of the five proofs (DESIGN 1.2); the fifth, safe state, needs readings of the moment. Pure. */
export function eligible(offer: Offer): Eligibility {
  const { device, images, profile } = offer
  const known = Array.isArray(images) ? (images as readonly PlannedImage[]) : []
  const versions = device.status?.versions ?? {}
  const change = Object.fromEntries(
    known.map(({ component, version }) => [component, { from: versions[component] ?? null, to: version }]),
  )
  const deviceTrouble =
    presenceTrouble(device.presence, device.key) ?? (profile ? null : noProfile(device.identity.type))
  const imageTrouble = Array.isArray(images) ? null : (images as ErrorData)
  const proof = (name: Proof['proof'], reason: ErrorData | null): Proof => ({
    proof: name,
    ok: reason === null,
    reason,
  })
  const proofs = [
    proof('device', deviceTrouble),
    proof('plan', planTrouble(offer, known)),
    proof('operator', offer.operator),
    proof('artifact', imageTrouble ?? offer.artifact),
  ]
  return { proofs, change, reason: proofs.find(({ ok }) => !ok)?.reason ?? offer.battery }
}

function planTrouble(offer: Offer, images: readonly PlannedImage[]): ErrorData | null {
  const { plan, device, site, now } = offer
  return (
    coverage(plan, device.identity, site) ??
    claimTrouble(plan, device.claim) ??
    fromRange(plan, device.status) ??
    notNeeded(images, device.status) ??
    offer.trust ??
    validity(plan, now) ??
    (offer.firstInOrder.length > 0
      ? refuse('plan.order', { first: offer.firstInOrder.slice(0, 5).join(', '), count: offer.firstInOrder.length })
      : null) ??
    outsideWindow(plan.window, site, now)
  )
}

/** Is the plan meant for this device at this place, whatever the time and the version? */
export function coverage(plan: Plan, { type, serial }: Identity, site: Pick<Site, 'id'> | null): ErrorData | null {
  const { sites, deviceTypes, serials } = plan.scope
  if (!deviceTypes.includes(type)) return refuse('plan.wrong-type', { type })
  if (!sites.includes('*') && (site === null || !sites.includes(site.id))) {
    return refuse('plan.wrong-site', { site: site?.id ?? null })
  }
  return serials.length > 0 && !serials.includes(serial) ? refuse('plan.wrong-serial', { serial }) : null
}

/** May the plan be run at this time, by its own dates? */
export function validity({ notBefore, expires }: Plan, now: number): ErrorData | null {
  if (now < Date.parse(notBefore)) return refuse('plan.not-yet', { notBefore: Date.parse(notBefore) })
  // The instant of expiry itself is over (TUF 5.3.4 reads its own the same way).
  return now >= Date.parse(expires) ? refuse('plan.expired', { expires: Date.parse(expires) }) : null
}

/**
 * Does the device run a version from which the plan starts? A version that it will not say is in no range; that of a
 * boot loader's device nobody can say, and the plan decides whether it is meant to bring such a device back.
 */
export function fromRange(plan: Plan, status: DeviceStatus | null): ErrorData | null {
  const recovery = recoveryOf(plan)
  if (recovery?.only && status?.mode !== 'bootloader') return refuse('plan.only-recovery', {})
  for (const [component, wanted] of Object.entries(plan.scope.from)) {
    const found = status && Object.hasOwn(status.versions, component) ? (status.versions[component] ?? null) : null
    const alreadyThere = plan.artifacts.some(
      (one) => one.component === component && found !== null && sameVersion(found, one.version),
    )
    // Running the new version is "not needed", which is a better answer than "outside the range".
    if (alreadyThere) continue
    if (found === null && status?.mode === 'bootloader') {
      if (recovery) continue
      return refuse('plan.version-unknown', { component, wanted })
    }
    if (found === null || !inRange(found, wanted)) return refuse('plan.wrong-version', { component, found, wanted })
  }
  return null
}

/** Whoever read a plate did so for one plan, and took that plan's rules upon them. */
export function claimTrouble(plan: Plan, claim: Claim | null): ErrorData | null {
  if (claim?.how !== 'plate' || claim.plan === plan.id) return null
  return refuse('plan.other-claim', { plan: claim.plan })
}

/** Does the device already run, for good, all that the plan installs? */
function notNeeded(images: readonly PlannedImage[], status: DeviceStatus | null): ErrorData | null {
  if (!status || images.length === 0) return null
  const done = images.every(({ component, version }) => {
    const found = Object.hasOwn(status.versions, component) ? status.versions[component] : null
    const active = status.slots.find((slot) => slot.component === component && slot.active)
    return found != null && sameVersion(found, version) && (active === undefined || active.confirmed)
  })
  return done ? refuse('plan.not-needed', { version: images.map(({ version }) => version).join(', ') }) : null
}

function presenceTrouble(presence: Presence, device: string): ErrorData | null {
  if (presence === 'present') return null
  return presence === 'duplicate' ? refuse('device.duplicate', { device }) : refuse('device.gone', { device })
}

function noProfile(type: string): ErrorData {
  return refuse('device.no-profile', { type })
}

/** A laptop that dies in the middle of a write helps nobody. One without a battery must be on mains. */
export function batteryTrouble(
  plan: Plan,
  power: { readonly battery: number | null; readonly onMains: boolean | null },
): ErrorData | null {
  const needed = plan.limits.minConsoleBattery
  if (needed === undefined) return null
  const enough = power.battery === null ? power.onMains === true : power.battery >= needed
  return enough ? null : refuse('run.console-battery', { battery: power.battery, needed })
}

function refuse(code: ErrorCode, detail: ErrorDetail): ErrorData {
  return new AppError(code, { detail }).toData()
}
