import { setImmediate as turn } from 'node:timers/promises'
import type { Steps } from '../../../shared/steps.ts'

/** Runs and screens wait at most about this long for a large file to be read, ms. */
const SLICE_MS = 8

/** Drives long work so that the rest of the host goes on meanwhile. Throws what the work throws, and the abort's reason. */
export async function withPauses<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  let began = performance.now()
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
    if (performance.now() - began < SLICE_MS) continue
    await turn()
    signal.throwIfAborted()
    began = performance.now()
  }
}
