import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { DfuBinding, DfuPlace } from '../../../../../shared/model/dfu-binding.ts'
import type { ControlLink, UsbFace } from '../../../link/link.ts'
import { DfuClient, findInterface } from '../../../protocol/dfu/client.ts'
import type { DfuTraits } from '../../../protocol/dfu/flow.ts'
import { traitsOf } from '../../../protocol/dfu/traits.ts'
import type { Device } from '../../driver.ts'

/** The conversation with one device in one of its modes. It ends when the device comes back as something else. */
export interface DfuSession {
  readonly link: ControlLink
  readonly binding: DfuBinding
  /** The application has no DFU interface, or one of protocol 1: it can be told to go to DFU mode, and not be written. */
  readonly mode: 'application' | 'dfu'
  readonly dfu: { readonly client: DfuClient; readonly traits: DfuTraits } | null
  /** Component whose image the device holds until it is told to take it over. */
  held: string | null
}

/** The part of a profile that knows this face, or null. */
export function placeOf({ usb }: DfuBinding, face: UsbFace): DfuPlace | null {
  const isIt = (place: DfuPlace) => place.vid === face.vid && place.pid === face.pid
  const named = usb.find((place) => isIt(place) && place.product !== undefined && place.product === face.product)
  return named ?? usb.find((place) => isIt(place) && place.product === undefined) ?? null
}

/** Finds or begins the session of a link: one link, one conversation, however often a driver is called. */
export function dfuSessions(): (device: Device, signal: AbortSignal) => Promise<DfuSession> {
  const sessions = new WeakMap<ControlLink, { readonly binding: DfuBinding; readonly session: Promise<DfuSession> }>()
  return async (device, signal) => {
    const { link, binding } = device
    if (link.kind !== 'usb' || binding.driver !== 'dfu') {
      throw new AppError('link.unsupported', { detail: { driver: 'dfu', link: link.kind } })
    }
    const known = sessions.get(link)
    if (known && (known.binding === binding || JSON.stringify(known.binding) === JSON.stringify(binding))) {
      return known.session
    }
    const session = begin(link, binding, () => device.clock.monotonic(), signal)
    sessions.set(link, { binding, session })
    session.catch(() => sessions.delete(link))
    return session
  }
}

async function begin(
  link: ControlLink,
  binding: DfuBinding,
  now: () => number,
  signal: AbortSignal,
): Promise<DfuSession> {
  const found = await findInterface(link, signal)
  const mode = placeOf(binding, link.face)?.mode ?? (found?.protocol === 2 ? 'dfu' : 'application')
  const dfu = found && { client: new DfuClient(link, found, now), traits: traitsOf(found.functional, binding.quirks) }
  return { link, binding, mode, dfu, held: null }
}

/** A device in DFU mode. Throws `device.write-failed`: it runs its application. */
export function inDfuMode(session: DfuSession) {
  if (session.mode === 'dfu' && session.dfu) return session.dfu
  throw new AppError('device.write-failed', { detail: { reason: 'not-in-dfu-mode' } })
}

/** Whether the device is still there: any answer will do, a refusal too. Throws `device.no-answer`, `link.lost`. */
export async function answers(link: ControlLink, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const getStatus = { type: 'standard', recipient: 'device', request: 0, value: 0, index: 0 } as const
  try {
    await link.in(getStatus, 2, timeoutMs, signal)
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error
    if (error.code === 'link.timeout') throw new AppError('device.no-answer', { cause: error })
    if (error.code !== 'device.refused') throw error
  }
}
