import { isMap, own, wholeNumber } from './body.ts'
import type { Patience, SmpClient } from './client.ts'
import { GROUP } from './packet.ts'
import { refusalIn } from './refusal.ts'

const SLOT_INFO = 6

/**
 * The most that may be uploaded for an image, bytes: what the device says, or its largest slot. Null where it does
 * not say: the command is an option, of Zephyr 4.0 on.
 */
export async function readRoom(
  client: SmpClient,
  image: number,
  patience: Patience,
  signal: AbortSignal,
): Promise<number | null> {
  const body = await client.exchange({ op: 'read', group: GROUP.image, id: SLOT_INFO }, patience, signal)
  const images = refusalIn(body) ? null : own(body, 'images')
  if (!Array.isArray(images)) return null
  const found: unknown = images.find((one: unknown) => isMap(one) && (wholeNumber(one, 'image') ?? 0) === image)
  if (!isMap(found)) return null
  const most = wholeNumber(found, 'max_image_size')
  if (most !== null) return most
  const slots = own(found, 'slots')
  const sizes = Array.isArray(slots)
    ? slots.map((slot: unknown) => (isMap(slot) ? wholeNumber(slot, 'size') : null))
    : []
  const known = sizes.filter((size) => size !== null)
  return known.length > 0 ? Math.max(...known) : null
}
