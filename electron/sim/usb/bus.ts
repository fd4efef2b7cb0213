import type { UsbBus, UsbDeviceShape } from '../../host/link/usb-bus.ts'
import type { UsbMachine } from './setup.ts'
import { SimUsbDevice } from './webusb-device.ts'

export interface SimUsbBusOptions {
  /** ms between a device's going and its coming back. */
  readonly gapMs?: number
  /** Longest that a request to a device that does not answer takes, ms; tests do not want to wait for real limits. */
  readonly patienceMs?: number
}

interface Plugged {
  readonly device: UsbMachine
  shape: SimUsbDevice | null
  back: NodeJS.Timeout | null
}

/** A USB bus in this process, behind the shape of the `usb` package. */
export class SimUsbBus implements UsbBus {
  readonly #options: SimUsbBusOptions
  readonly #ports = new Map<number, Plugged>()
  readonly #listeners = new Set<() => void>()
  #numbers = 0

  constructor(options: SimUsbBusOptions = {}) {
    this.#options = options
  }

  list(): Promise<readonly UsbDeviceShape[]> {
    return Promise.resolve([...this.#ports.values()].flatMap(({ shape }) => shape ?? []))
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** `usb:9-1`: the address of what is plugged into port 1. */
  plug(device: UsbMachine, port: number): string {
    const plugged: Plugged = { device, shape: null, back: null }
    this.#ports.set(port, plugged)
    const appear = () => {
      plugged.back = null
      this.#numbers += 1
      plugged.shape = new SimUsbDevice(device, port, this.#numbers, this.#options.patienceMs)
      device.plugged(() => {
        plugged.shape?.disconnect()
        plugged.shape = null
        if (plugged.back) clearTimeout(plugged.back)
        plugged.back = setTimeout(appear, this.#options.gapMs ?? 20)
        this.#changed()
      })
      this.#changed()
    }
    appear()
    return `usb:9-${port}`
  }

  /** Pulls the cable. The device loses its power. */
  unplug(port: number): void {
    const plugged = this.#ports.get(port)
    if (!plugged) return
    this.#ports.delete(port)
    if (plugged.back) clearTimeout(plugged.back)
    plugged.shape?.disconnect()
    plugged.device.plugged(() => {})
    plugged.device.powerCycle()
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
