import { AppError } from '../../../shared/errors.ts'
import type { Role } from '../../../shared/model/policy.ts'

/** Who calls: from the host's own session, never from the payload. */
export interface Ctx {
  /** Null where a method is open to whoever stands at the laptop and nobody is signed in. */
  readonly operator: string | null
  readonly roles: readonly Role[]
}

/** The name under which an act goes into the log. */
export function actorOf({ operator }: Ctx): string {
  return operator ?? 'console'
}

/** For methods that the contract gives to operators alone. Throws `people.not-signed-in`. */
export function asker({ operator, roles }: Ctx): { readonly operator: string; readonly roles: readonly Role[] } {
  if (operator === null) throw new AppError('people.not-signed-in')
  return { operator, roles }
}
