import type { Session as SessionView } from '../../../shared/contract/app.ts'
import type { KnownOperator } from '../../../shared/contract/people.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { OperatorsPolicy, PolicyOperator, Role } from '../../../shared/model/policy.ts'
import type { OperatorRow, PeopleQueries } from '../store/people.ts'
import type { LibrarySource } from '../trust/library.ts'
import { type Ask, leaseTrouble, leaseUntil, mayAct, policyEntry } from './authority.ts'

export interface DirectoryOptions {
  readonly queries: PeopleQueries
  readonly library: LibrarySource
  /** Effective time, ms: never behind what was signed. */
  readonly now: () => number
}

/** Operators on this laptop beside what the signed policy says of them. */
export class Directory {
  readonly #options: DirectoryOptions

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  list(): KnownOperator[] {
    return this.#options.queries.list().map((row) => {
      const { roles, enrolled, leaseUntil } = this.#standing(row)
      return { id: row.id, name: row.name, enrolled, roles, leaseUntil, lastSignIn: row.lastSignIn }
    })
  }

  session(operator: string): SessionView | null {
    const row = this.#options.queries.get(operator)
    return row && { operator, name: row.name, ...this.#standing(row) }
  }

  rolesOf(operator: string): readonly Role[] {
    return this.#entry(operator)?.roles ?? []
  }

  /** Why this operator may not, by the signed policy and now; null: they may. */
  mayAct(operator: string, ask: Ask): ErrorData | null {
    if (this.#options.queries.get(operator) === null) {
      return new AppError('people.unknown-operator', { detail: { operator } }).toData()
    }
    return mayAct(operator, this.#entry(operator), ask, this.#options.now())
  }

  /** Why this operator's lease allows nothing now; null while it runs. */
  leaseTrouble(operator: string): ErrorData | null {
    return leaseTrouble(operator, this.#entry(operator), this.#options.now())
  }

  #standing(row: OperatorRow): Pick<SessionView, 'roles' | 'enrolled' | 'leaseUntil' | 'leaseEnded'> {
    const entry = policyEntry(this.#policy(), row)
    if (entry === null) return { roles: [], enrolled: false, leaseUntil: null, leaseEnded: false }
    const leaseEnded = leaseTrouble(row.id, entry, this.#options.now()) !== null
    return { roles: [...entry.roles], enrolled: true, leaseUntil: leaseUntil(entry), leaseEnded }
  }

  #entry(operator: string): PolicyOperator | null {
    const row = this.#options.queries.get(operator)
    return row && policyEntry(this.#policy(), row)
  }

  /** Null where there is no trust, and where what is stored does not verify: then nobody holds a role. */
  #policy(): OperatorsPolicy | null {
    try {
      return this.#options.library.current()?.operators ?? null
    } catch {
      return null
    }
  }
}
