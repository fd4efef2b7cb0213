import type { Live } from './define.ts'
import { abortable, pause } from './waiting.ts'

/** Watches send at most this often, milliseconds apart; the latest value wins. */
export const WATCH_INTERVAL_MS = 100

export interface PumpOptions {
  /** Resolves once the wire can take another value. */
  readonly room: () => Promise<void>
  /** Sends the value and says what its JSON text was, so that an unchanged value is not sent twice. */
  readonly send: (value: unknown, textBefore: string | undefined) => string
  readonly signal: AbortSignal
}

/** Sends the current value of `live`, then each change, coalesced, until `signal` says stop. */
export async function pumpWatch(live: Live<unknown>, { room, send, signal }: PumpOptions): Promise<void> {
  let changed = true
  let wake: (() => void) | undefined
  const nudge = () => {
    changed = true
    wake?.()
  }
  const unsubscribe = live.onChange(nudge)
  signal.addEventListener('abort', nudge)
  try {
    let sent: string | undefined
    while (!signal.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
        continue
      }
      await room()
      changed = false
      const value = await abortable(live.read(), signal)
      sent = send(value, sent)
      await pause(WATCH_INTERVAL_MS, signal)
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', nudge)
  }
}
