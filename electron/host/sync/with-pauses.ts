import { setImmediate as turn } from 'node:timers/promises'
import type { Steps } from '../../../shared/steps.ts'

/** Runs and screens wait at most about this long for a large file to be read, ms. */
const SLICE_MS = 8

/** Drives long work so that the rest of the host goes on meanwhile. Throws what the work throws, and the abort's reason. */
export async function withPauses<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  const pause = pauses(signal)
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
    const turned = pause()
    if (turned) await turned
  }
}

/**
 * For a long loop: lets others have their turn when it has gone on for a while, and returns null when it has not.
 * Awaiting what is there already lets nobody have a turn. Throws the abort's reason.
 */
export function pauses(signal: AbortSignal): () => Promise<void> | null {
  let began = performance.now()
  const takeTurn = async () => {
    await turn()
    signal.throwIfAborted()
    began = performance.now()
  }
  return () => (performance.now() - began < SLICE_MS ? null : takeTurn())
}
