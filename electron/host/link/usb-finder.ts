import type { LinkFinder, SeenPort } from './link.ts'
import { portWatch } from './port-watch.ts'
import { faceOf, idsOf } from './usb.ts'
import { type UsbBus, type UsbDeviceShape, usbAddress } from './usb-bus.ts'

export interface UsbFinderOptions {
  readonly bus: UsbBus
  /** Whether anybody knows what a device with these ids is (lower-case hex). Others are none of our business. */
  readonly wanted: (vid: string, pid: string) => boolean
  /** ms between looks; a nudge makes the next one come at once. */
  readonly every?: number
  /** Registers for "something was plugged or pulled, or more is wanted". Returns how to stop that. */
  readonly nudges?: (nudge: () => void) => () => void
}

/** Announces USB devices as they come and go. Where there is no USB bus there are none. */
export function usbFinder(options: UsbFinderOptions): LinkFinder {
  return portWatch(
    async () => {
      const devices = await options.bus.list()
      return devices.filter((device) => options.wanted(...idsOf(device))).flatMap((device) => seenDevice(device) ?? [])
    },
    // Events need udev on Linux; where there is none, looking must do.
    { every: options.every ?? 2000, nudges: options.nudges },
  )
}

/** Null: it has left since it was listed. That must not hide the others. */
function seenDevice(device: UsbDeviceShape): SeenPort | null {
  try {
    const { vid, pid, serial, product } = faceOf(device)
    return {
      address: usbAddress(device),
      found: 'hot-plug',
      label: product ?? `USB ${vid}:${pid}`,
      usb: { vid, pid, serial, number: device.address },
    }
  } catch {
    return null
  }
}
