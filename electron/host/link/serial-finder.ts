import type { LinkFinder, SeenPort } from './link.ts'
import { portWatch } from './port-watch.ts'

/** What the operating system says of one port; the subset of serialport's `PortInfo` that is used. */
export interface ListedPort {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
}

export interface SerialFinderOptions {
  /** Asks the operating system. Default: `SerialPort.list()`. */
  readonly list?: () => Promise<readonly ListedPort[]>
  /** ms between looks; a nudge makes the next one come at once. */
  readonly every?: number
  /** Registers for "something was plugged or pulled". Returns how to stop that. */
  readonly nudges?: (nudge: () => void) => () => void
}

/** Announces serial ports as they come and go. Where the list cannot be had (no udevadm: ENOENT) there are none. */
export function serialFinder(options: SerialFinderOptions = {}): LinkFinder {
  const list = options.list ?? systemPorts
  return portWatch(async () => (await list()).map(seenPort), {
    every: options.every ?? 2000,
    nudges: options.nudges,
  })
}

/** The serial ports of this machine. Rejects where they cannot be listed (no udevadm). */
export async function systemPorts(): Promise<readonly ListedPort[]> {
  const { SerialPort } = await import('serialport')
  return SerialPort.list()
}

export function seenPort(port: ListedPort): SeenPort {
  const vid = port.vendorId?.toLowerCase()
  const pid = port.productId?.toLowerCase()
  return {
    address: `serial:${port.path}`,
    found: 'hot-plug',
    label: port.manufacturer ? `${port.path} (${port.manufacturer})` : port.path,
    usb: vid && pid ? { vid, pid, serial: port.serialNumber ?? null } : null,
  }
}
