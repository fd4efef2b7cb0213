import type { Host } from './host.ts'

/** How often a host looks whether it is still needed, milliseconds. */
const LOOK_MS = 500

/**
 * Calls `onIdle` once there have been no clients and no unfinished runs for `idleMs` milliseconds;
 * never when that is null. Returns how to stop looking.
 */
export function idleWatch(load: Host['load'], idleMs: number | null, onIdle: () => Promise<void>): () => void {
  if (idleMs === null) return () => {}
  let idleSince: number | null = performance.now()
  const timer = setInterval(() => {
    const { clients, runs } = load()
    const now = performance.now()
    if (clients > 0 || runs > 0) {
      idleSince = null
      return
    }
    idleSince ??= now
    if (now - idleSince < idleMs) return
    clearInterval(timer)
    // Its failure reaches whoever waits for the host's end.
    onIdle().catch(() => {})
  }, LOOK_MS)
  return () => clearInterval(timer)
}
