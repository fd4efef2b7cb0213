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
 * Waits while the device installs what somebody else sent: until it says that it is done, or the time is up. It says
 * nothing for as long as that upload takes. Whatever became of the device is for the caller to find out. Throws what
 * `between` threw, and when `signal` fires.
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
    while (clock.monotonic() - began < most) {
      const frame = await nextFrame(socket, timing.between, signal)
      if (frame === 'closed') return
      const message = frame === 'silence' ? null : parseMessage(frame.text)
      if (message && saysIdle(message)) return
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
