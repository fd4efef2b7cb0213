import { isAppError } from '../../../shared/errors.ts'
import type { Profile, Source } from '../../../shared/model/profile.ts'
import type { LoaderFacts } from './driver.ts'
import { askField } from './identity.ts'
import type { Raw } from './readings.ts'

/**
 * What a boot loader that cannot say whose device it is tells by the sources of a profile. Null: it says that it
 * belongs to another type of device. Throws whatever says that nobody answered.
 */
export async function loaderBy(
  profile: Profile,
  read: (source: Source) => Promise<Raw>,
  { holds = null, says = {} }: Partial<Omit<LoaderFacts, 'hardware'>>,
): Promise<LoaderFacts | null> {
  const { type, hardware } = profile.identity
  const saidType = type ? await askField(type, read) : null
  if (saidType !== null && saidType !== profile.type) return null
  return { hardware: hardware ? await askField(hardware, read) : null, holds, says }
}

/** Whether two answers can have come from one boot loader. What it holds changes when it is written. */
export function sameLoader(a: LoaderFacts, b: LoaderFacts): boolean {
  const names = [...new Set([...Object.keys(a.says), ...Object.keys(b.says)])]
  return a.hardware === b.hardware && names.every((name) => a.says[name] === b.says[name])
}

/** Whether an error of `identify` means that somebody of ours answered who cannot say who it is. */
export function isNameless(error: unknown): boolean {
  return isAppError(error, 'device.in-recovery') || isAppError(error, 'device.identity-missing')
}
