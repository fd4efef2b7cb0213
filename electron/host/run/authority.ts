import type { z } from 'zod'
import type { SecondPerson } from '../../../shared/contract/runs.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Role } from '../../../shared/model/policy.ts'
import type { Frozen } from './frozen.ts'
import type { RunPeople } from './ports.ts'

/** Who asks, from the host's session and never from the payload. */
export interface Asker {
  readonly operator: string
  readonly roles: readonly Role[]
}

/** The second person, who signs here and now. */
export type Second = z.infer<typeof SecondPerson>

/** Where and on what somebody wants to act. */
type Place = Pick<Frozen, 'site' | 'device'>

/** Throws `people.*` when this operator may not act with one of these roles, at this place, on this type. */
export function requireRole(
  people: RunPeople,
  { site, device }: Place,
  operator: string,
  roles: readonly Role[],
): void {
  const trouble = people.mayAct(operator, { roles, site: site?.id ?? null, deviceType: device.identity.type })
  if (trouble) throw AppError.fromData(trouble)
}

/**
 * The second person's id where one is needed or came along: another person, with their own passphrase, who
 * may do it too. Throws `people.second-person-needed`, `people.same-person-twice`, `people.*`.
 */
export async function requireSecond(
  people: RunPeople,
  place: Place,
  first: string,
  second: Second | { readonly verified: string } | undefined,
  rule: { readonly twoPerson: boolean; readonly roles: readonly Role[] },
): Promise<string | null> {
  if (!second) {
    if (rule.twoPerson) throw new AppError('people.second-person-needed')
    return null
  }
  if ('operator' in second && second.operator === first) throw new AppError('people.same-person-twice')
  const operator = 'verified' in second ? second.verified : await people.verifySecond(second)
  if (operator === first) throw new AppError('people.same-person-twice')
  requireRole(people, place, operator, rule.roles)
  return operator
}
