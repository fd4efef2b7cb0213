import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { OperatorsPolicy, PolicyOperator, Role } from '../../../shared/model/policy.ts'

/** What is asked of a person: one of these roles, here, for this type of device. */
export interface Ask {
  readonly roles: readonly Role[]
  readonly site: string | null
  readonly deviceType: string
}

/**
 * The policy's entry for a key on this laptop, or null. The id alone proves nothing: anybody can enrol
 * under a colleague's name, only the key that the publisher has signed is theirs.
 */
export function policyEntry(
  policy: OperatorsPolicy | null,
  local: { readonly id: string; readonly publicKey: string },
): PolicyOperator | null {
  return policy?.operators.find(({ id, publicKey }) => id === local.id && publicKey === local.publicKey) ?? null
}

/** End of the operator's lease, ms. */
export function leaseUntil(operator: PolicyOperator): number {
  return Date.parse(operator.notAfter)
}

/** Why an operator's lease allows no act at `now` (effective time, ms); null while it does. */
export function leaseTrouble(id: string, operator: PolicyOperator | null, now: number): ErrorData | null {
  if (operator === null) return new AppError('people.not-enrolled', { detail: { operator: id } }).toData()
  const until = leaseUntil(operator)
  // At the instant itself it is over, and a date that cannot be read has passed.
  if (now < until) return null
  return new AppError('people.lease-ended', {
    detail: { operator: id, until: Number.isFinite(until) ? until : null },
  }).toData()
}

/**
 * Why an operator may not do what is asked; null: they may. An ask that names no role allows nobody,
 * and where no site is chosen only who may work everywhere is allowed.
 */
export function mayAct(id: string, operator: PolicyOperator | null, ask: Ask, now: number): ErrorData | null {
  const lease = leaseTrouble(id, operator, now)
  if (lease !== null || operator === null) return lease
  if (!ask.roles.some((role) => operator.roles.includes(role))) {
    return new AppError('people.role-missing', { detail: { operator: id, needed: ask.roles.join(', ') } }).toData()
  }
  if (!covers(operator.sites, ask.site)) {
    return new AppError('people.site-not-allowed', { detail: { operator: id, site: ask.site } }).toData()
  }
  if (!covers(operator.deviceTypes, ask.deviceType)) {
    return new AppError('people.type-not-allowed', { detail: { operator: id, type: ask.deviceType } }).toData()
  }
  return null
}

function covers(allowed: readonly string[], one: string | null): boolean {
  return allowed.includes('*') || (one !== null && allowed.includes(one))
}
