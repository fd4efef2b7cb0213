import { AppError } from '../../../../../shared/errors.ts'
import { sleep } from '../../../link/waiting.ts'
import type { Job } from '../../../protocol/mender/job.ts'
import type { MenderSession } from './session.ts'

export interface FollowHooks {
  /** Whenever the client has said something more: all of it so far, up to the end of what is kept. */
  said?(text: string): void
  between?(): Promise<void>
}

/**
 * Waits for the end of what the client does by itself. Throws `device.verdict-missed` when it says nothing for as long
 * as the profile allows, or `signal` fires: it goes on all the same, and nobody knows what becomes of it. Throws
 * `device.write-failed` when it was ended by force.
 */
export async function follow(session: MenderSession, hooks: FollowHooks, signal: AbortSignal): Promise<Job> {
  const { client, device, timing, stall } = session
  let log = ''
  let heardAt = device.clock.monotonic()
  for (;;) {
    try {
      const job = await client.job(signal)
      if (job && job.log !== log) {
        log = job.log
        heardAt = device.clock.monotonic()
        hooks.said?.(log)
      }
      if (!job || job.state === 'gone') throw new AppError('device.write-failed', { detail: { reason: 'interrupted' } })
      if (job.state === 'ended') return job
      if (device.clock.monotonic() - heardAt >= stall) throw missed('silent')
      await hooks.between?.()
      await sleep(timing.poll, signal)
    } catch (error) {
      throw signal.aborted ? missed('stopped') : error
    }
  }
}

function missed(after: string): AppError {
  return new AppError('device.verdict-missed', { detail: { after } })
}
