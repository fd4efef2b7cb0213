import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { SmpClient } from '../../../protocol/smp/client.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { echo } from '../../../protocol/smp/os.ts'
import type { SlotList } from './slots.ts'
import type { SmpTiming } from './timing.ts'

/**
 * Whether MCUboot itself answers, in serial recovery. It lists what it holds and runs none of it; with nothing to list
 * it is told by its lack of the one command that every application has. An upload to it replaces the primary
 * slot, the only image there is (MCUboot `boot_serial`).
 */
export async function isRecovery(
  client: SmpClient,
  list: SlotList,
  timing: Pick<SmpTiming, 'ordinary'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (list.length > 0) return list.every((slot) => !slot.active)
  try {
    await echo(client, '', timing.ordinary, signal)
    return false
  } catch (error) {
    if (!signal.aborted && isAppError(error, 'device.refused') && error.detail.reason === 'not-supported') return true
    throw error
  }
}

/** Says that the boot loader answers, if it does: it cannot say whose it is. Throws `device.in-recovery`. */
export async function refuseRecovery(client: SmpClient, timing: SmpTiming, signal: AbortSignal): Promise<void> {
  let list: SlotList
  try {
    list = await listImages(client, signal, timing.ordinary)
  } catch (error) {
    // An application without images is no boot loader.
    if (!signal.aborted && isAppError(error, 'device.refused')) return
    throw error
  }
  if (await isRecovery(client, list, timing, signal)) throw inRecovery(list)
}

export function inRecovery(list: SlotList): AppError {
  const [held] = list
  return new AppError('device.in-recovery', { detail: { held: held?.version ?? null } })
}
