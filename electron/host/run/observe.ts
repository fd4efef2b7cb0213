import { z } from 'zod'
import type { DeviceStatus, Slot } from '../../../shared/model/device.ts'
import { Slug } from '../../../shared/model/text.ts'
import { sameVersion } from '../../../shared/versions.ts'
import type { RunImage } from './images.ts'

/** What a device ran before it was touched, by component. */
export const Snapshot = z.record(Slug, z.object({ version: z.string().nullable(), hash: z.string().nullable() }))
export type Snapshot = z.infer<typeof Snapshot>

/** What a device says of itself, in the terms of one run. */
export const Observation = z.object({
  /** `mixed`: some components new, some old. `other`: something that is neither. */
  runs: z.enum(['new', 'old', 'mixed', 'other', 'not-known']),
  mode: z.enum(['application', 'bootloader', 'updating', 'unknown']),
  /** All that is new is permanent; null where the family has no trial boot. */
  confirmed: z.boolean().nullable(),
  /** An image of this run waits to be started. */
  pending: z.boolean(),
  /** All images of this run are on the device, running or not; null where it does not say. */
  held: z.boolean().nullable(),
  /** An image that is not of this run waits to be started, or runs on trial. */
  foreign: z.object({ component: z.string(), version: z.string().nullable() }).nullable(),
  /** The device names one version and runs another: by its own hash. */
  lie: z.object({ component: z.string(), said: z.string().nullable(), expected: z.string() }).nullable(),
  versions: z.record(Slug, z.string().nullable()),
})
export type Observation = z.infer<typeof Observation>

export function snapshot(status: DeviceStatus, images: readonly RunImage[]): Snapshot {
  return Object.fromEntries(
    images.map(({ component }) => [
      component,
      { version: said(status, component), hash: active(status, component)?.hash ?? null },
    ]),
  )
}

/**
 * Reads a status in the terms of a run. A version string alone is believed only where the device has no
 * hash to hold against it.
 */
export function observe(status: DeviceStatus, images: readonly RunImage[], before: Snapshot | null): Observation {
  const verdicts = images.map((image) => componentRuns(status, image, before))
  const running = images.map(({ component }) => active(status, component))
  const lying = images.find((image) => lies(status, image))
  return {
    runs: together(verdicts),
    mode: status.mode,
    confirmed: running.every((slot) => slot === undefined) ? null : running.every((slot) => slot?.confirmed === true),
    pending: images.some((image) =>
      slotsOf(status, image.component).some((slot) => isWaiting(slot) && isOurs(slot, image)),
    ),
    held: held(status, images),
    foreign: foreign(status, images),
    lie: lying ? { component: lying.component, said: said(status, lying.component), expected: lying.version } : null,
    versions: Object.fromEntries(images.map(({ component }) => [component, said(status, component)])),
  }
}

type Runs = Observation['runs']

function componentRuns(status: DeviceStatus, image: RunImage, before: Snapshot | null): Runs {
  const version = said(status, image.component)
  if (version === null) return 'not-known'
  const hash = active(status, image.component)?.hash ?? null
  const wanted = image.facts.deviceHash
  const had = before?.[image.component]
  if (wanted !== null && active(status, image.component) !== undefined) {
    // The family names images by hash: without one nothing is proved.
    if (hash === null) return 'not-known'
    if (sameHash(hash, wanted)) return sameVersion(version, image.version) ? 'new' : 'other'
    return had?.hash !== null && had?.hash !== undefined && sameHash(hash, had.hash) ? 'old' : 'other'
  }
  if (sameVersion(version, image.version)) return 'new'
  return had !== undefined && had.version !== null && sameVersion(version, had.version) ? 'old' : 'other'
}

function together(verdicts: readonly Runs[]): Runs {
  const kinds = new Set(verdicts)
  const [only] = kinds
  if (kinds.size === 1 && only !== undefined) return only
  if (kinds.has('not-known') || kinds.size === 0) return 'not-known'
  return kinds.has('other') ? 'other' : 'mixed'
}

function lies(status: DeviceStatus, image: RunImage): boolean {
  const hash = active(status, image.component)?.hash ?? null
  const version = said(status, image.component)
  const { deviceHash } = image.facts
  if (hash === null || version === null || deviceHash === null) return false
  return sameVersion(version, image.version) !== sameHash(hash, deviceHash)
}

function held(status: DeviceStatus, images: readonly RunImage[]): boolean | null {
  if (!images.every(({ facts, component }) => facts.deviceHash !== null && slotsOf(status, component).length > 0))
    return null
  return images.every((image) => slotsOf(status, image.component).some((slot) => isOurs(slot, image)))
}

function foreign(status: DeviceStatus, images: readonly RunImage[]): Observation['foreign'] {
  for (const image of images) {
    const slot = slotsOf(status, image.component).find(
      (one) => !isOurs(one, image) && (isWaiting(one) || (one.active && !one.confirmed)),
    )
    if (slot) return { component: image.component, version: slot.version }
  }
  return null
}

function isWaiting(slot: Slot): boolean {
  return slot.pending && !slot.active
}

function isOurs(slot: Slot, image: RunImage): boolean {
  const { deviceHash } = image.facts
  if (slot.hash !== null && deviceHash !== null) return sameHash(slot.hash, deviceHash)
  return slot.version !== null && sameVersion(slot.version, image.version)
}

function slotsOf(status: DeviceStatus, component: string): readonly Slot[] {
  return status.slots.filter((slot) => slot.component === component)
}

function active(status: DeviceStatus, component: string): Slot | undefined {
  return slotsOf(status, component).find((slot) => slot.active)
}

function said(status: DeviceStatus, component: string): string | null {
  return Object.hasOwn(status.versions, component) ? (status.versions[component] ?? null) : null
}

function sameHash(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
