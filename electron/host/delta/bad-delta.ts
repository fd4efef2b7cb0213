import { AppError } from '../../../shared/errors.ts'

/** A file of ours that is not what it claims to be. */
export function badDelta(why: string, facts: Readonly<Record<string, string | number>> = {}): AppError {
  return new AppError('sync.bad-delta', { detail: { why, ...facts } })
}
