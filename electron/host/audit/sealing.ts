import { z } from 'zod'
import { type AgeSealer, ageSealer, isAgeRecipient } from '../crypto/age-seal.ts'
import type { PrepareWrapKeys } from '../crypto/age-seal-stock.ts'
import type { FactQueries } from '../store/facts.ts'
import type { AuditPolicySource } from './policy.ts'

const FACT = 'audit.detail-recipients'
const Recipients = z.array(z.string().refine(isAgeRecipient)).min(1).max(8)

/**
 * Who may read the detail of new entries: whom the signed policy names, and until that can be read
 * whom it named last. A console that cannot verify its trust at this start still seals what it does.
 */
export class DetailSealing {
  readonly #policy: AuditPolicySource
  readonly #facts: FactQueries
  readonly #prepare: PrepareWrapKeys | undefined
  #sealer: AgeSealer | null = null

  constructor(policy: AuditPolicySource, facts: FactQueries, prepare?: PrepareWrapKeys) {
    this.#policy = policy
    this.#facts = facts
    this.#prepare = prepare
    this.#use(remembered(facts))
    this.refresh()
  }

  get sealer(): AgeSealer | null {
    return this.#sealer
  }

  /** Reads the policy again. */
  refresh(): void {
    const named = namedBy(this.#policy)
    if (named === null || this.#sealer?.recipients.join() === named.join()) return
    this.#use(named)
    this.#facts.set(FACT, JSON.stringify(named))
  }

  #use(recipients: readonly string[] | null): void {
    if (recipients !== null) this.#sealer = ageSealer(recipients, this.#prepare)
  }
}

function namedBy(policy: AuditPolicySource): readonly string[] | null {
  let detail: readonly string[]
  try {
    detail = policy.current()?.recipients.detail ?? []
  } catch {
    // Trust says itself why it cannot be read.
    return null
  }
  // A misspelt recipient must not keep the others from reading.
  const valid = detail.filter(isAgeRecipient)
  return valid.length > 0 ? valid : null
}

function remembered(facts: FactQueries): readonly string[] | null {
  try {
    return Recipients.parse(JSON.parse(facts.get(FACT) ?? 'null'))
  } catch {
    return null
  }
}
