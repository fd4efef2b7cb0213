import { isAppError } from '../../../../shared/errors.ts'
import { flag, isMap, own, type SmpBody, text, wholeNumber, wrongField } from './body.ts'
import { ORDINARY, type Patience, type SmpClient } from './client.ts'
import { GROUP } from './packet.ts'

export const IMAGE_ID = { state: 0, upload: 1, erase: 5 } as const

/** One row of the image list. Keys that a frugal server leaves out mean false, or image 0. */
export interface ImageSlot {
  readonly image: number
  readonly slot: number
  readonly version: string
  /** The hash in the image's own TLV area, hex; empty where the device lists none. Not the hash of the file. */
  readonly hash: string
  readonly bootable: boolean
  readonly pending: boolean
  readonly confirmed: boolean
  readonly active: boolean
  readonly permanent: boolean
}

export async function listImages(
  client: SmpClient,
  signal: AbortSignal,
  patience: Patience = ORDINARY,
): Promise<readonly ImageSlot[]> {
  return slotsOf(await client.ask({ op: 'read', group: GROUP.image, id: IMAGE_ID.state }, patience, signal))
}

/**
 * Marks an image for the next start. `confirm` false: on trial. `confirm` true with a hash: for good,
 * and the device will not fall back by itself.
 */
export async function markImage(
  client: SmpClient,
  hash: string,
  confirm: boolean,
  signal: AbortSignal,
): Promise<readonly ImageSlot[]> {
  const body = { hash: Buffer.from(hash, 'hex'), confirm }
  return slotsOf(await client.ask({ op: 'write', group: GROUP.image, id: IMAGE_ID.state, body }, ORDINARY, signal))
}

/** Makes the image that runs now permanent, whichever it is. Without a hash no other image can be meant. */
export async function confirmRunning(client: SmpClient, signal: AbortSignal): Promise<readonly ImageSlot[]> {
  const request = { op: 'write', group: GROUP.image, id: IMAGE_ID.state, body: { confirm: true } } as const
  return slotsOf(await client.ask(request, ORDINARY, signal))
}

/** For the answer to an order to erase, and after it until the device listens again. PROTOCOLS 1.6: 90 s in all. */
const ERASE: Patience = { timeout: 5000, tries: 1 }
const ERASING: Patience = { timeout: 5000, tries: 17 }

/**
 * Erases a slot. Resolves when the device is done with it; whether the slot is empty is read from the image list. The
 * order is sent once: a second one would erase again. Its answer can be lost among what a console prints.
 */
export async function eraseSlot(client: SmpClient, slot: number, signal: AbortSignal): Promise<void> {
  try {
    await client.ask({ op: 'write', group: GROUP.image, id: IMAGE_ID.erase, body: { slot } }, ERASE, signal)
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'device.no-answer')) throw error
    // Requests are handled one after the other: who answers this has erased.
    await client.exchange({ op: 'read', group: GROUP.image, id: IMAGE_ID.state }, ERASING, signal)
  }
}

/** Reads an image list, hostile or frugal. Throws `device.bad-frame`. */
export function slotsOf(body: SmpBody): readonly ImageSlot[] {
  const images = own(body, 'images')
  if (!Array.isArray(images) || images.length > 32) throw wrongField('images')
  return images.map((entry: unknown) => {
    if (!isMap(entry)) throw wrongField('images')
    const slot = wholeNumber(entry, 'slot')
    if (slot === null) throw wrongField('slot')
    const hash = own(entry, 'hash')
    if (hash !== undefined && !(hash instanceof Uint8Array)) throw wrongField('hash')
    return {
      image: wholeNumber(entry, 'image') ?? 0,
      slot,
      version: (text(entry, 'version') ?? '').slice(0, 100),
      hash: hash ? Buffer.from(hash).toString('hex') : '',
      bootable: flag(entry, 'bootable'),
      pending: flag(entry, 'pending'),
      confirmed: flag(entry, 'confirmed'),
      active: flag(entry, 'active'),
      permanent: flag(entry, 'permanent'),
    }
  })
}
