import type { LinkFinder, SeenPort } from './link.ts'
import { sleep } from './waiting.ts'

export interface PortWatchOptions {
  /** ms between looks; a nudge makes the next one come at once. */
  readonly every: number
  /** Registers for "something was plugged or pulled". Returns how to stop that. */
  readonly nudges?: ((nudge: () => void) => () => void) | undefined
}

/** A port appears a moment after its USB device: the second look after a nudge finds it. */
const AFTER_NUDGE_MS = 400

/** Announces ports as they come and go. Where the list cannot be had there are none. */
export function portWatch(list: () => Promise<readonly SeenPort[]>, options: PortWatchOptions): LinkFinder {
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
          const ports = await list().catch((): readonly SeenPort[] => [])
          if (signal.aborted) return
          announce(ports, known, onSeen, onGone)
          if (nudged) continue
          const woken = new AbortController()
          wake = () => woken.abort()
          await sleep(again ? AFTER_NUDGE_MS : options.every, AbortSignal.any([signal, woken.signal])).catch(() => {})
        }
      } finally {
        stopNudges?.()
      }
    },
  }
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
