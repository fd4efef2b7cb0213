import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import { canonicalByteSteps } from '../crypto/canonical-json.ts'
import { Fields } from './fields.ts'
import { type JsonObject, parseJsonSteps } from './json.ts'
import type { TrustLimits } from './limits.ts'

/** TUF 4.2.1 and the members that every role has. */
export interface Envelope {
  readonly bytes: Uint8Array
  /** By key id; a key id twice in one file is refused (TUF 4.2.1). */
  readonly signatures: ReadonlyMap<string, string>
  /** What was signed: canonical JSON of `signed`, with every field we do not know. */
  readonly payload: Uint8Array
  readonly signed: Fields
  readonly version: number
  /** ms since 1970 */
  readonly expires: number
}

export type MetadataType = 'root' | 'timestamp' | 'snapshot' | 'targets'

/**
 * Reads one metadata file. `role` names it in errors, `type` is what `_type` must say. The caller has
 * checked its length. Throws `trust.bad-json`, `trust.bad-metadata`, `trust.unsupported-spec`.
 */
export function readEnvelope(bytes: Uint8Array, type: MetadataType, role: string, limits: TrustLimits): Envelope {
  return atOnce(envelopeSteps(bytes, type, role, limits))
}

/** {@link readEnvelope} in steps, for files of many megabytes. */
export function* envelopeSteps(
  bytes: Uint8Array,
  type: MetadataType,
  role: string,
  limits: TrustLimits,
): Steps<Envelope> {
  const whole = new Fields(yield* parseJsonSteps(bytes, { numbers: 'whole', role: role.slice(0, 100) }), role)
  const signed = whole.object('signed')
  if (signed.text('_type') !== type) throw signed.refuse('_type')
  requireSpec(signed.text('spec_version'), role)
  return {
    bytes,
    signatures: readSignatures(whole, limits),
    payload: yield* canonicalByteSteps(whole.raw('signed') as JsonObject),
    signed,
    version: signed.int('version', 1),
    expires: signed.instant('expires'),
  }
}

function readSignatures(whole: Fields, limits: TrustLimits): ReadonlyMap<string, string> {
  const list = whole.list('signatures')
  if (list.length > limits.signatures) throw whole.refuse('signatures')
  const signatures = new Map<string, string>()
  for (const item of list) {
    const signature = new Fields(item, 'signatures')
    const keyid = signature.text('keyid')
    if (signatures.has(keyid)) throw whole.refuse('signatures')
    signatures.set(keyid, signature.text('sig'))
  }
  return signatures
}

/** Major version 1 is what we know (TUF 4.2, "spec_version"); minor ones add nothing we must refuse. */
function requireSpec(version: string, role: string): void {
  if (!/^1\.\d{1,6}(?:\.\d{1,6})?$/.test(version)) {
    throw new AppError('trust.unsupported-spec', { detail: { role, version: version.slice(0, 40) } })
  }
}
