import type { LinkFinder, SeenPort } from './link.ts'
import { sleep } from './waiting.ts'

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

/** A port appears a moment after its USB device: the second look after a nudge finds it. */
const AFTER_NUDGE_MS = 400

/** Announces serial ports as they come and go. Where the list cannot be had (no udevadm: ENOENT) there are none. */
export function serialFinder(options: SerialFinderOptions = {}): LinkFinder {
  const list = options.list ?? systemPorts
  const every = options.every ?? 2000
  return {
    async watch(onSeen, onGone, signal) {
      const known = new Map<string, string>()
      let [nudged, wake] = [false, () => {}]
      const stopNudges = options.nudges?.(() => {
        nudged = true
        wake()
      })
      try {
        while (!signal.aborted) {
          const again = nudged
          nudged = false
          const ports = await list().catch((): readonly ListedPort[] => [])
          if (signal.aborted) return
          announce(ports.map(seenPort), known, onSeen, onGone)
          if (nudged) continue
          const woken = new AbortController()
          wake = () => woken.abort()
          await sleep(again ? AFTER_NUDGE_MS : every, AbortSignal.any([signal, woken.signal])).catch(() => {})
        }
      } finally {
        stopNudges?.()
      }
    },
  }
}

async function systemPorts(): Promise<readonly ListedPort[]> {
  const { SerialPort } = await import('serialport')
  return SerialPort.list()
}

function announce(
  ports: readonly SeenPort[],
  known: Map<string, string>,
  onSeen: (port: SeenPort) => void,
  onGone: (address: string) => void,
): void {
  const here = new Map(ports.map((port) => [port.address, port]))
  for (const address of known.keys()) {
    if (here.has(address)) continue
    known.delete(address)
    onGone(address)
  }
  for (const [address, port] of here) {
    // Another device behind the same path is another port.
    const face = JSON.stringify(port)
    const before = known.get(address)
    if (before === face) continue
    if (before !== undefined) onGone(address)
    known.set(address, face)
    onSeen(port)
  }
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
