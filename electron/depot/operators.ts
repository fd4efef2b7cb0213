import { AppError } from '../../shared/errors.ts'
import { EnrolmentRequest } from '../../shared/model/enrolment.ts'
import type { OperatorsPolicy, PolicyConsole, PolicyOperator } from '../../shared/model/policy.ts'
import { POLICY_PATHS, validate } from '../host/trust/documents.ts'
import { enrolmentFlaw } from '../host/trust/enrolment.ts'

/** What the publisher allows an operator. */
export type Grant = Pick<PolicyOperator, 'roles' | 'sites' | 'deviceTypes' | 'notAfter'>

/** Reads a request and checks both of its signatures. Throws `document.*`. */
export function readEnrolment(bytes: Uint8Array, name: string): EnrolmentRequest {
  const request = validate(EnrolmentRequest, name, bytes)
  const flaw = enrolmentFlaw(request)
  if (flaw) throw new AppError('document.invalid', { detail: { path: name, at: `${flaw}Signature`, why: 'signature' } })
  return request
}

/**
 * The policy with this operator and their laptop in it. Enrolling again with the same key changes what is allowed.
 * Throws `depot.duplicate` when the name belongs to another key: log entries name people by it.
 */
export function withOperator(policy: OperatorsPolicy, request: EnrolmentRequest, grant: Grant): OperatorsPolicy {
  const operator: PolicyOperator = { ...request.operator, ...grant }
  return {
    ...policy,
    operators: replaced(policy.operators, operator),
    consoles: replaced<PolicyConsole>(policy.consoles, request.console),
  }
}

/** Throws `people.unknown-operator`. */
export function withoutOperator(policy: OperatorsPolicy, id: string): OperatorsPolicy {
  requireOperator(policy, id)
  return { ...policy, operators: policy.operators.filter((operator) => operator.id !== id) }
}

/** Throws `people.unknown-operator`. */
export function withLease(policy: OperatorsPolicy, id: string, notAfter: string): OperatorsPolicy {
  requireOperator(policy, id)
  return { ...policy, operators: policy.operators.map((one) => (one.id === id ? { ...one, notAfter } : one)) }
}

function requireOperator(policy: OperatorsPolicy, id: string): void {
  if (!policy.operators.some((operator) => operator.id === id)) {
    throw new AppError('people.unknown-operator', { detail: { operator: id } })
  }
}

function replaced<T extends { readonly id: string; readonly publicKey: string }>(list: readonly T[], next: T): T[] {
  const same = list.find(({ id }) => id === next.id)
  if (same && same.publicKey !== next.publicKey) {
    throw new AppError('depot.duplicate', { detail: { path: `${POLICY_PATHS.operators}: ${next.id}` } })
  }
  return [...list.filter(({ id }) => id !== next.id), next]
}
