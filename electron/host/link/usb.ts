import { AppError } from '../../../shared/errors.ts'
import type { ControlLink, LinkOpener, UsbFace, UsbSetup } from './link.ts'
import { RequestLane } from './request-lane.ts'
import { type UsbBus, type UsbDeviceShape, usbAddress } from './usb-bus.ts'
import { usbError } from './usb-errors.ts'
import { orAborted, throwIfAborted } from './waiting.ts'

/** Opens USB devices by their place on the bus. Throws `link.not-found`, `link.no-permission`, `link.busy`, `link.io`. */
export function usbOpener(bus: UsbBus): LinkOpener {
  return {
    scheme: 'usb',
    async open(address, _options, signal) {
      throwIfAborted(signal)
      const devices = await orAborted(bus.list(), signal).catch((cause: unknown): readonly UsbDeviceShape[] => {
        if (signal.aborted) throw cause
        return []
      })
      const device = devices.find((one) => usbAddress(one) === address)
      if (!device) throw new AppError('link.not-found', { detail: { address } })
      const opened = device.open()
      try {
        await attempt(address, opened, signal)
      } catch (error) {
        // An open that was given up may still succeed.
        opened.then(
          () => device.close().catch(() => {}),
          () => {},
        )
        throw error
      }
      try {
        return controlLink(device, address, faceOf(device))
      } catch (error) {
        await device.close().catch(() => {})
        throw usbError(error, address)
      }
    },
  }
}

function controlLink(device: UsbDeviceShape, address: string, face: UsbFace): ControlLink {
  const claimed = new Set<number>()
  let lost: AppError | null = null
  const lane = new RequestLane((error) => {
    const failure = usbError(error, address)
    if (failure.code === 'link.lost') lost = failure
    return failure
  })
  const ask = <T, R>(signal: AbortSignal, request: () => Promise<T>, answer: (value: T) => R): Promise<R> =>
    lane.ask(
      signal,
      () => {
        if (lost) throw lost
        return request()
      },
      answer,
    )

  return {
    kind: 'usb',
    address,
    face,
    async claim(interfaceNumber, signal) {
      if (claimed.has(interfaceNumber)) return
      await ask(signal, () => device.claimInterface(interfaceNumber), nothing)
      claimed.add(interfaceNumber)
    },
    select: (interfaceNumber, alternate, signal) =>
      ask(signal, () => device.selectAlternateInterface(interfaceNumber, alternate), nothing),
    in: (setup, length, timeoutMs, signal) =>
      ask(signal, () => device.controlTransferIn(setupOf(setup), length, timeoutMs), bytesOf(length)),
    out: (setup, data, timeoutMs, signal) =>
      ask(signal, () => device.controlTransferOut(setupOf(setup), data as Uint8Array<ArrayBuffer>, timeoutMs), nothing),
    bulkIn: (endpoint, length, timeoutMs, signal) =>
      ask(signal, () => device.transferIn(endpoint, length, timeoutMs), bytesOf(length)),
    bulkOut: (endpoint, data, timeoutMs, signal) =>
      ask(signal, () => device.transferOut(endpoint, data as Uint8Array<ArrayBuffer>, timeoutMs), nothing),
    reset: (signal) => ask(signal, () => device.reset(), nothing),
    async close() {
      lost ??= new AppError('link.lost', { detail: { address } })
      await lane.settled()
      // Closing alone leaves its interfaces taken, until the garbage collector finds them.
      for (const interfaceNumber of claimed) await device.releaseInterface(interfaceNumber).catch(() => {})
      await device.close().catch(() => {})
    },
  }
}

function nothing(): void {}

const bytesOf =
  (length: number) =>
  ({ data }: { readonly data?: DataView | undefined }): Uint8Array =>
    data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(0, length) : new Uint8Array()

async function attempt<T>(address: string, work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await orAborted(work, signal)
  } catch (error) {
    throw usbError(error, address)
  }
}

function setupOf({ type, recipient, request, value, index }: UsbSetup) {
  return { requestType: type, recipient, request, value, index }
}

const hex = (id: number) => id.toString(16).padStart(4, '0')

/** Vendor and product, without asking anybody. */
export function idsOf(device: UsbDeviceShape): readonly [vid: string, pid: string] {
  return [hex(device.vendorId), hex(device.productId)]
}

/** Its names may have to be read from the device itself: throws for one that has just left. */
export function faceOf(device: UsbDeviceShape): UsbFace {
  const [vid, pid] = idsOf(device)
  return {
    vid,
    pid,
    release: `${device.deviceVersionMajor}.${device.deviceVersionMinor}${device.deviceVersionSubminor}`,
    manufacturer: device.manufacturerName ?? null,
    product: device.productName ?? null,
    serial: device.serialNumber ?? null,
  }
}
