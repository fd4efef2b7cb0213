import type { TrustLasts } from '../../../shared/contract/app.ts'
import type { TrustView } from '../../../shared/contract/trust.ts'
import { AppError, toErrorData } from '../../../shared/errors.ts'
import { clockTrouble, type EffectiveTime } from '../trust/effective-time.ts'
import type { Library, LibrarySource } from '../trust/library.ts'
import { libraryDeadline, overdue } from '../trust/validity.ts'
import type { Pin } from './trust-store.ts'

/** From here on a person is told to renew: a short trip ashore away. */
export const RENEW_SOON_MS = 3 * 86_400_000

/** How long trust lasts and what ends it first, at effective time `now`, ms. */
export function trustLasts(source: LibrarySource, now: number): TrustLasts {
  const library = currentOr(source)
  if (library === null || library instanceof AppError) {
    const reason = toErrorData(library ?? new AppError('trust.none'))
    return { state: 'none', until: null, limit: 'none', reason }
  }
  const deadline = libraryDeadline(library)
  const { until } = deadline
  const limit = deadline.limit === 'plan' || deadline.limit === 'lease' ? 'none' : deadline.limit
  const reason = overdue(deadline, now)
  if (reason) return { state: 'ended', until, limit, reason }
  if (until - now > RENEW_SOON_MS) return { state: 'good', until, limit, reason: null }
  return { state: 'renew-soon', until, limit, reason: new AppError('trust.renew-soon', { detail: { until } }).toData() }
}

export function trustView(source: LibrarySource, pin: Pin | null, time: EffectiveTime): TrustView {
  const current = currentOr(source)
  const library = current instanceof AppError ? null : current
  const { now } = time
  return {
    lasts: trustLasts(source, now),
    time: { now, source: time.source, uncertainty: time.uncertainty, trouble: clockTrouble(time) },
    url: pin?.url ?? null,
    fingerprint: pin?.fingerprint ?? null,
    syncedAt: library?.syncedAt ?? null,
    issuedAt: library?.issuedAt ?? null,
    roles: [...(library?.roles ?? [])],
    policy: library?.consolePolicy ?? null,
    operators: [...(library?.operators.operators ?? [])],
    consoles: [...(library?.operators.consoles ?? [])],
  }
}

function currentOr(source: LibrarySource): Library | AppError | null {
  try {
    return source.current()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
