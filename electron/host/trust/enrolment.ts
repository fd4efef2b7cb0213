import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { canonicalJson } from '../crypto/canonical-json.ts'
import { verifyEd25519 } from '../crypto/ed25519.ts'

/** Set apart from every other thing these keys sign. */
const CONTEXT = 'slipway.enrolment/1\n'

/** What both keys of a request sign: all of it but the signatures. */
export function enrolmentPayload(
  request: Omit<EnrolmentRequest, 'operatorSignature' | 'consoleSignature'>,
): Uint8Array {
  const { format, operator, console, time } = request
  return Buffer.from(CONTEXT + canonicalJson({ format, operator, console, time }), 'utf8')
}

/** Which of the two signatures does not prove that the asker holds the key. Null: both hold. */
export function enrolmentFlaw(request: EnrolmentRequest): 'operator' | 'console' | null {
  const payload = enrolmentPayload(request)
  const holds = (key: string, signature: string) =>
    verifyEd25519(Buffer.from(key, 'hex'), payload, Buffer.from(signature, 'hex'))
  if (!holds(request.operator.publicKey, request.operatorSignature)) return 'operator'
  return holds(request.console.publicKey, request.consoleSignature) ? null : 'console'
}
