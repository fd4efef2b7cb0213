import { isAppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { TextSocket } from '../../../link/link.ts'
import { within } from '../../../link/waiting.ts'
import type { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import { parseMessage } from '../../../protocol/swupdate/messages.ts'
import { saysIdle } from '../../../protocol/swupdate/verdict.ts'
import type { Device, WriteOptions } from '../../driver.ts'
import type { SwupdateTiming } from './timing.ts'

/**
 * Waits while the device installs what somebody else sent: until it says that it is done, says nothing at all, or the
 * time is up. Whatever happens meanwhile is for the caller to find out. Throws what `between` threw, and when `signal`
 * fires.
 */
export async function untilIdle(
  client: SwupdateClient,
  { clock, profile }: Device,
  options: WriteOptions,
  timing: SwupdateTiming,
  signal: AbortSignal,
): Promise<void> {
  // Whoever watches this write takes it for dead when it stands still for that long.
  const most = Math.min(timing.busy, durationMs(profile.timing.stallAfter) / 2)
  const began = clock.monotonic()
  const socket = await client.messages(signal).catch(() => null)
  if (!socket) return
  try {
    for (let heard = false; ; ) {
      const waited = clock.monotonic() - began
      if (waited >= (heard ? most : Math.min(most, timing.busySign))) return
      const frame = await nextFrame(socket, timing.between, signal)
      if (frame === 'closed') return
      const message = frame === 'silence' ? null : parseMessage(frame.text)
      if (message && saysIdle(message)) return
      heard ||= message !== null
      await options.between()
    }
  } finally {
    socket.close()
  }
}

async function nextFrame(
  socket: TextSocket,
  ms: number,
  signal: AbortSignal,
): Promise<{ readonly text: string } | 'silence' | 'closed'> {
  try {
    const text = await within(ms, 'timeout', signal, (wait) => socket.receive(wait))
    return text === null ? 'closed' : { text }
  } catch (error) {
    if (signal.aborted) throw error
    return isAppError(error, 'timeout') ? 'silence' : 'closed'
  }
}
