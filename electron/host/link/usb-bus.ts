import type { UsbSetup } from './link.ts'

interface Setup {
  readonly requestType: UsbSetup['type']
  readonly recipient: UsbSetup['recipient']
  readonly request: number
  readonly value: number
  readonly index: number
}

/**
 * The part of WebUSB's `USBDevice` that is used, with what the `usb` package adds: the place on the bus, and a limit
 * in ms for transfers (its own is 1000). Its errors have messages and no codes.
 */
export interface UsbDeviceShape {
  readonly vendorId: number
  readonly productId: number
  readonly deviceVersionMajor: number
  readonly deviceVersionMinor: number
  readonly deviceVersionSubminor: number
  readonly manufacturerName?: string | null | undefined
  readonly productName?: string | null | undefined
  readonly serialNumber?: string | null | undefined
  readonly bus: string
  readonly ports: readonly number[]
  readonly address: number
  open(): Promise<void>
  close(): Promise<void>
  reset(): Promise<void>
  claimInterface(interfaceNumber: number): Promise<void>
  releaseInterface(interfaceNumber: number): Promise<void>
  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void>
  controlTransferIn(setup: Setup, length: number, timeout?: number): Promise<{ readonly data?: DataView | undefined }>
  controlTransferOut(setup: Setup, data: Uint8Array<ArrayBuffer>, timeout?: number): Promise<unknown>
  transferIn(endpoint: number, length: number, timeout?: number): Promise<{ readonly data?: DataView | undefined }>
  transferOut(endpoint: number, data: Uint8Array<ArrayBuffer>, timeout?: number): Promise<unknown>
}

/** The devices that are plugged in. */
export interface UsbBus {
  /** Rejects where there is no USB at all. Asks no device anything. */
  list(): Promise<readonly UsbDeviceShape[]>
}

/** The machine's own bus, by the `usb` package, loaded on first use. */
export function systemUsbBus(): UsbBus {
  return {
    list: async () => {
      const { usb } = await import('usb')
      // The names, the serial number and the place come from the system; what is asked of a device blocks the thread.
      // Its type is too narrow: control transfers are put onto the class in JavaScript, with a limit as last argument.
      return (await usb.getDevices()) as unknown as readonly UsbDeviceShape[]
    },
  }
}

/** `usb:1-1.4`: the place where a device is plugged in. It stays when the device comes back as something else. */
export function usbAddress(device: Pick<UsbDeviceShape, 'bus' | 'ports'>): string {
  const bus = /^\d+$/.test(device.bus) ? String(Number(device.bus)) : device.bus
  return `usb:${bus}-${device.ports.join('.')}`
}
