import { AppError } from '../../../shared/errors.ts'
import { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { signEd25519 } from '../crypto/ed25519.ts'
import { enrolmentPayload } from '../trust/enrolment.ts'
import { asPolicyConsole, type ConsoleIdentity } from './console-identity.ts'

/** The request that the publisher needs, signed by the operator's key and the laptop's. `time` is wall-clock ms. */
export function enrolmentRequest(
  operator: { readonly id: string; readonly name: string; readonly publicKey: string },
  secretKey: Uint8Array,
  console: ConsoleIdentity,
  time: number,
): EnrolmentRequest {
  const { id, name, publicKey } = operator
  const asked = {
    format: 'slipway.enrolment/1' as const,
    operator: { id, name, publicKey },
    console: asPolicyConsole(console),
    time,
  }
  const payload = enrolmentPayload(asked)
  return {
    ...asked,
    operatorSignature: hex(signEd25519(secretKey, payload)),
    consoleSignature: hex(console.sign(payload)),
  }
}

/** Throws `store.corrupt` when the stored request no longer reads. */
export function readRequest(json: string): EnrolmentRequest {
  try {
    return EnrolmentRequest.parse(JSON.parse(json))
  } catch (cause) {
    throw new AppError('store.corrupt', { detail: { why: 'column', column: 'operator.request_json' }, cause })
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
