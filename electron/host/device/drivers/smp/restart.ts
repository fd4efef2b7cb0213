import type { Clock } from '../../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { sleep } from '../../../link/waiting.ts'
import type { SmpClient } from '../../../protocol/smp/client.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { reset } from '../../../protocol/smp/os.ts'
import type { SlotList } from './slots.ts'
import type { SmpTiming } from './timing.ts'

/** Orders sent at most. Each further one goes only to a device that was seen to be as it was before. */
const ORDERS = 3
/**
 * Looks without an answer, one after the other, that count as gone: a few may just have been lost. An order that
 * nobody answered needs more of them, for it may have been lost as well.
 */
const GONE_AFTER = { ordered: 2, unsure: 5 } as const

/**
 * Orders a restart and resolves when it was taken: answered, or followed by silence or by another image list. A
 * device that stays as it is gets the order again; one that went silent never does, because it may be
 * running a trial by then, and a second restart would end that. Throws `device.no-answer`, `device.*`.
 */
export async function restart(
  client: SmpClient,
  before: SlotList,
  timing: SmpTiming,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let order = 1; order <= ORDERS; order += 1) {
    const answered = await sendOrder(client, timing, signal)
    if (answered === 'gone') return
    const goneAfter = answered === 'yes' ? GONE_AFTER.ordered : GONE_AFTER.unsure
    if ((await wentDown(client, before, goneAfter, timing, clock, signal)) || answered === 'yes') return
  }
  throw new AppError('device.no-answer', { detail: { what: 'restart', sent: ORDERS } })
}

async function sendOrder(client: SmpClient, timing: SmpTiming, signal: AbortSignal): Promise<'yes' | 'no' | 'gone'> {
  try {
    await reset(client, timing.reset, signal)
    return 'yes'
  } catch (error) {
    if (signal.aborted) throw error
    if (isAppError(error, 'device.no-answer')) return 'no'
    if (isAppError(error, 'link.lost')) return 'gone'
    throw error
  }
}

/** Watches until the device is silent or shows other slots. False: it answers, and nothing has changed. */
async function wentDown(
  client: SmpClient,
  before: SlotList,
  goneAfter: number,
  timing: SmpTiming,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const until = clock.monotonic() + timing.goDown
  for (let silent = 0; clock.monotonic() < until; ) {
    try {
      const now = await listImages(client, signal, { timeout: timing.look, tries: 1 })
      if (JSON.stringify(now) !== JSON.stringify(before)) return true
      silent = 0
    } catch (error) {
      if (signal.aborted || !isAppError(error)) throw error
      if (error.code === 'link.lost') return true
      // A device on its way down may answer anything.
      silent += 1
      if (silent >= goneAfter) return true
    }
    await sleep(timing.look / 3, signal)
  }
  return false
}
