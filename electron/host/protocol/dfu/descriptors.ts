import { AppError } from '../../../../shared/errors.ts'
import { descriptorsIn, INTERFACE } from '../usb-descriptors.ts'

/** The DFU functional descriptor. USB DFU 1.1 4.1.3. */
export interface DfuFunctional {
  readonly canDownload: boolean
  readonly canUpload: boolean
  readonly manifestationTolerant: boolean
  readonly willDetach: boolean
  /** ms within which the device must see a bus reset after DFU_DETACH. */
  readonly detachTimeoutMs: number
  readonly transferSize: number
  /** `bcdDFUVersion`; 0x011a is ST's DfuSe. Devices of 1.0 send none. */
  readonly version: number
}

/** One memory of a DFU interface. */
export interface DfuAlternate {
  readonly alternate: number
  /** Index of the string that names it; 0: it has no name. */
  readonly nameIndex: number
}

export interface DfuInterface {
  readonly interfaceNumber: number
  /** 1 in the application, 2 in DFU mode; 0 from devices of DFU 1.0. */
  readonly protocol: number
  readonly alternates: readonly DfuAlternate[]
  readonly functional: DfuFunctional
}

/** The same number as a HID descriptor: it counts only within a DFU interface. */
const FUNCTIONAL = 0x21
const DFUSE = 0x011a

/** What is sent by devices without a functional descriptor: small requests, downloads only. */
const UNSAID: DfuFunctional = {
  canDownload: true,
  canUpload: false,
  manifestationTolerant: false,
  willDetach: false,
  detachTimeoutMs: 1000,
  transferSize: 64,
  version: 0x0100,
}

export function isDfuse({ version }: DfuFunctional): boolean {
  return version === DFUSE
}

/**
 * The DFU interface in a configuration descriptor, or null when there is none. Throws `device.bad-frame` when the bytes
 * are no configuration descriptor.
 */
export function dfuInterface(bytes: Uint8Array): DfuInterface | null {
  let found: { interfaceNumber: number; protocol: number; alternates: DfuAlternate[] } | null = null
  let functional: DfuFunctional | null = null
  let inside = false
  for (const { type, body } of descriptorsIn(bytes, bad)) {
    if (type === INTERFACE) {
      const interfaceNumber = body[2] ?? 0
      inside = body[5] === 0xfe && body[6] === 1 && (found === null || found.interfaceNumber === interfaceNumber)
      if (inside) {
        found ??= { interfaceNumber, protocol: body[7] ?? 0, alternates: [] }
        found.alternates.push({ alternate: body[3] ?? 0, nameIndex: body[8] ?? 0 })
      }
    } else if (inside && type === FUNCTIONAL) {
      // It may follow any of the alternate settings.
      functional ??= functionalOf(body)
    }
  }
  return found && { ...found, functional: functional ?? UNSAID }
}

/** Throws `device.bad-frame` for a descriptor that is too short. 1.0 and some 1.1 devices send 7 bytes, without a version. */
function functionalOf(body: Uint8Array): DfuFunctional {
  if (body.length < 7) throw bad('functional', body.length)
  const attributes = body[2] ?? 0
  const size = u16(body, 5)
  return {
    canDownload: (attributes & 1) !== 0,
    canUpload: (attributes & 2) !== 0,
    manifestationTolerant: (attributes & 4) !== 0,
    willDetach: (attributes & 8) !== 0,
    detachTimeoutMs: u16(body, 3),
    // 0 and 0xffff are said by devices that never filled it in (PROTOCOLS 2.1).
    transferSize: size === 0 ? 64 : size === 0xffff ? 1024 : size,
    version: body.length >= 9 ? u16(body, 7) : 0x0100,
  }
}

/** Text of a string descriptor (UTF-16LE). Throws `device.bad-frame`. */
export function stringOf(bytes: Uint8Array): string {
  const length = bytes[0] ?? 0
  if (length < 2 || length > bytes.length || bytes[1] !== 3) throw bad('string', bytes.length)
  return Buffer.from(bytes.subarray(2, length - (length % 2))).toString('utf16le')
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}

function bad(what: string, at: number): AppError {
  return new AppError('device.bad-frame', { detail: { what, at } })
}
