import { AppError } from '../../../../shared/errors.ts'
import { descriptorsIn, INTERFACE } from '../usb-descriptors.ts'

/** The interface of a device in fastboot mode: one pipe in each direction. */
export interface FastbootInterface {
  readonly interfaceNumber: number
  /** Endpoint numbers, without their direction. */
  readonly input: number
  readonly output: number
}

/** USB 2.0 9.6: a descriptor type, and what its bytes say. */
const ENDPOINT = 5
const BULK = 2
const TO_HOST = 0x80
/** What fastboot calls itself: vendor specific, and two numbers of its own. */
const [CLASS, SUBCLASS, PROTOCOL] = [0xff, 0x42, 0x03]

/** The fastboot interface in a configuration descriptor, or null. Throws `device.bad-frame` for bytes that are none. */
export function fastbootInterface(bytes: Uint8Array): FastbootInterface | null {
  let open: { interfaceNumber: number; input: number | null; output: number | null } | null = null
  for (const { type, body, at } of descriptorsIn(bytes, bad)) {
    if (type === INTERFACE) {
      // Of several alternate settings the first is in force unless another is chosen.
      const isIt = body[5] === CLASS && body[6] === SUBCLASS && body[7] === PROTOCOL && body[3] === 0
      open = isIt ? { interfaceNumber: body[2] ?? 0, input: null, output: null } : null
    } else if (open && type === ENDPOINT) {
      if (body.length < 7) throw bad('endpoint', at)
      const address = body[2] ?? 0
      if (((body[3] ?? 0) & 3) === BULK) {
        if (address & TO_HOST) open.input ??= address & 15
        else open.output ??= address & 15
      }
    }
    if (open && open.input !== null && open.output !== null) {
      return { interfaceNumber: open.interfaceNumber, input: open.input, output: open.output }
    }
  }
  return null
}

function bad(what: string, at: number): AppError {
  return new AppError('device.bad-frame', { detail: { protocol: 'fastboot-usb', what, at } })
}
