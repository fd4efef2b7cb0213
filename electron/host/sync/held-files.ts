import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import type { Steps } from '../../../shared/steps.ts'
import { envelopeSteps, type MetadataType } from '../trust/envelope.ts'
import type { TrustLimits } from '../trust/limits.ts'

/** A file at hand that is not what was once accepted: damaged, exchanged, or signed by keys that are no longer in force. */
export interface HeldFault {
  readonly role: string
  readonly code: ErrorCode
}

/** What a good file becomes when a newer one is named; says nothing about the file itself. */
const OUTDATED: readonly ErrorCode[] = [
  'trust.mix-and-match',
  'trust.hash-mismatch',
  'trust.length-mismatch',
  'trust.expired',
]

/**
 * Why a held file was refused; null when it is only older than what is named now. A damaged file and a missing
 * one end in the same request, but only one of them is worth a word.
 */
export function* heldFaultSteps(
  refusal: AppError,
  bytes: Uint8Array,
  role: string,
  limits: TrustLimits,
): Steps<HeldFault | null> {
  const fault = OUTDATED.includes(refusal.code) ? yield* unreadable(bytes, role, limits) : refusal.code
  return fault && { role, code: fault }
}

/** Where hashes are named, damage and age look alike until the file is read. */
function* unreadable(bytes: Uint8Array, role: string, limits: TrustLimits): Steps<ErrorCode | null> {
  const type: MetadataType = role === 'root' || role === 'timestamp' || role === 'snapshot' ? role : 'targets'
  try {
    yield* envelopeSteps(bytes, type, role, limits)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
