import type { SmpClient } from '../../../protocol/smp/client.ts'
import { setTime } from '../../../protocol/smp/os-facts.ts'
import type { Device } from '../../driver.ts'
import type { SmpTiming } from './timing.ts'

/** Gives a device without a lasting clock the trusted time, where its profile says so. Throws `device.*`. */
export async function giveTime(
  client: SmpClient,
  { binding }: Device,
  now: (() => number) | undefined,
  timing: SmpTiming,
  signal: AbortSignal,
): Promise<void> {
  if (binding.driver !== 'smp' || binding.time !== 'set' || !now) return
  await setTime(client, now(), timing.ordinary, signal)
}
