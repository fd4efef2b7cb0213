import { isAppError } from '../../../shared/errors.ts'
import { pause } from '../../../shared/rpc/waiting.ts'
import type { Fetcher } from './fetcher.ts'

/** Tries of one small file. A link that loses a connection in ten gets through; one that is gone is said soon. */
const TRIES = 4
const FIRST_PAUSE_MS = 250

/**
 * A {@link Fetcher} that asks again for a small file whose connection broke: a sync of hundreds of documents would
 * otherwise never end on a link that loses one connection in a hundred. Downloads go on by themselves and are left
 * alone; so is a server that was never reached.
 */
export function patientFetcher(
  fetcher: Fetcher,
  /** Resolves early when the signal fires: the next try then says so. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void> = pause,
): Fetcher {
  return {
    open: (url, options) => fetcher.open(url, options),
    async bytes(url, options) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await fetcher.bytes(url, options)
        } catch (error) {
          if (!isAppError(error, 'sync.stalled') || tries >= TRIES) throw error
        }
        await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), options.signal)
      }
    },
  }
}
