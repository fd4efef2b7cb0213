import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus, Slot } from '../../../../../shared/model/device.ts'
import type { Profile } from '../../../../../shared/model/profile.ts'
import type { ImageSlot } from '../../../protocol/smp/image.ts'
import type { Image } from '../../driver.ts'

export type SlotList = readonly ImageSlot[]

export function activeSlot(list: SlotList, image: number): ImageSlot | null {
  return list.find((slot) => slot.image === image && slot.active) ?? null
}

export function spareSlot(list: SlotList, image: number): ImageSlot | null {
  return list.find((slot) => slot.image === image && !slot.active) ?? null
}

/** The hash by which the device will know the image. Throws `artifact.unreadable` for a file that has none. */
export function hashOf(image: Image): string {
  if (image.deviceHash === null) throw new AppError('artifact.unreadable', { detail: { reason: 'no-device-hash' } })
  return image.deviceHash
}

/** Whether any slot holds the image. */
export function held(list: SlotList, image: Image): boolean {
  return list.some((slot) => slot.image === image.index && slot.hash === hashOf(image))
}

/**
 * Whether an image must be sent. Throws `device.pending-image` when the spare slot belongs to somebody else's
 * update: one that waits for its restart, or one that runs on trial and needs the slot to fall back.
 */
export function mustWrite(list: SlotList, image: Image): boolean {
  const [active, spare] = [activeSlot(list, image.index), spareSlot(list, image.index)]
  if (held(list, image)) return false
  const foreign = spare?.pending ? { slot: spare, state: 'pending' } : trialOf(active)
  if (!foreign) return true
  const detail = { version: foreign.slot.version, hash: foreign.slot.hash, state: foreign.state }
  throw new AppError('device.pending-image', { detail })
}

function trialOf(active: ImageSlot | null) {
  return active && !active.confirmed ? { slot: active, state: 'trial' } : null
}

/** MCUboot prints a build number as a fourth number; everywhere else it is semver's build part. */
export function semverOf(version: string): string {
  return version.replace(/^(\d+\.\d+\.\d+)\.(\d+)$/, '$1+$2')
}

const SLOT_NAMES = ['primary', 'secondary'] as const

/** The image list in the words of the console. Slots of images that the profile does not name are left out. */
export function statusOf(
  list: SlotList,
  profile: Profile,
  versions: DeviceStatus['versions'],
  recovery: boolean,
): DeviceStatus {
  const slots = list.flatMap((found): Slot[] => {
    const component = profile.components.find(({ image }) => image === found.image)
    if (!component) return []
    return [
      {
        component: component.id,
        name: SLOT_NAMES[found.slot] ?? `slot ${found.slot}`,
        version: found.version === '' ? null : semverOf(found.version),
        hash: found.hash === '' ? null : found.hash,
        active: found.active,
        pending: found.pending,
        confirmed: found.confirmed,
        permanent: found.permanent,
      },
    ]
  })
  const mode = recovery ? 'bootloader' : list.some((slot) => slot.active) ? 'application' : 'unknown'
  return { mode, versions, slots }
}
