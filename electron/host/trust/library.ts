import type { ErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { AuditRecipients, ConsolePolicy, OperatorsPolicy } from '../../../shared/model/policy.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import type { Site } from '../../../shared/model/site.ts'

/** A file that signed metadata names. */
export interface TargetInfo {
  readonly path: string
  readonly length: number
  readonly sha256: string
  readonly custom: unknown
  /** The role that signed for it. */
  readonly role: string
  /** The roles on whose word that role speaks, from `targets` down to itself. */
  readonly chain: readonly string[]
}

export interface RoleFacts {
  /** `root`, `timestamp`, `snapshot`, `targets`, or a delegated role. */
  readonly name: string
  readonly version: number
  /** ms since 1970 */
  readonly expires: number
  readonly threshold: number
  readonly keys: number
}

/** A signed document with the role that vouches for it. */
export interface Signed<T> {
  readonly document: T
  readonly target: TargetInfo
}

/**
 * All that the console trusts, as one immutable value: verified against the pinned root at the
 * recorded time of the last sync. A new sync makes a new one; nothing in it ever changes.
 */
export interface Library {
  readonly url: string
  readonly fingerprint: string
  /** When the full workflow was last satisfied, ms. */
  readonly syncedAt: number
  /** The signed time of issue of the newest timestamp metadata (`x-issued-at`), ms. */
  readonly issuedAt: number
  readonly roles: readonly RoleFacts[]
  readonly consolePolicy: ConsolePolicy
  readonly operators: OperatorsPolicy
  readonly recipients: AuditRecipients
  readonly plans: ReadonlyMap<string, Signed<Plan>>
  readonly profiles: ReadonlyMap<string, Signed<Profile>>
  readonly sites: ReadonlyMap<string, Signed<Site>>
  /** Documents that are signed and still unusable, with the reason: shown, never run. */
  readonly refused: readonly { readonly path: string; readonly reason: ErrorData }[]
  target(path: string): TargetInfo | null
}

/** Where services find the library of the moment. */
export interface LibrarySource {
  /** Null on a console that has no trust yet. Throws `trust.cache-corrupt` when what is stored no longer verifies. */
  current(): Library | null
  onChange(listener: () => void): () => void
}
