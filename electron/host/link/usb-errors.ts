import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/** Words of the `usb` package's messages (nusb 0.2): all of its errors have the code `GenericFailure`. */
const USB_ERRORS: readonly [RegExp, ErrorCode][] = [
  // ("installed" is no stall.)
  [/\bstall/i, 'device.refused'],
  [/disconnected|no such device|errno 19\b/i, 'link.lost'],
  [/cancelled|timed out|timeout/i, 'link.timeout'],
  [/permission denied|access denied|errno 13\b/i, 'link.no-permission'],
  [/busy|errno 16\b/i, 'link.busy'],
  // Windows: nusb talks to devices with the WinUSB driver alone, "incompatible driver is installed for this interface".
  [/not supported|unsupported|incompatible driver/i, 'link.unsupported'],
  [/not found/i, 'link.not-found'],
]

/** What kept a USB request from succeeding, from the words of the native binding. */
export function usbError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : ''
  const code = USB_ERRORS.find(([words]) => words.test(message))?.[1] ?? 'link.io'
  const detail = code === 'device.refused' ? { reason: 'stall' } : { address }
  return new AppError(code, { detail, cause: error })
}
