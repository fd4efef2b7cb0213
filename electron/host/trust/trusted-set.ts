import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import type { Envelope } from './envelope.ts'
import { type FileFacts, requireFacts } from './file-facts.ts'
import { type KeyRing, type RoleKeys, requireThreshold } from './keys.ts'
import type { TrustLimits } from './limits.ts'
import { type RootMetadata, readRoot } from './root-metadata.ts'
import type { RoleStep } from './search.ts'
import { readSnapshot, readTimestamp, type SnapshotMetadata, type TimestampMetadata } from './snapshot-metadata.ts'
import { type TargetsMetadata, targetsSteps } from './targets-metadata.ts'

export interface TrustedSetOptions {
  /** The one time at which this whole state is judged, ms (TUF 5.1: fixed at the start of an update). */
  readonly now: number
  readonly limits: TrustLimits
}

/**
 * The client workflow of TUF 5.3 to 5.6 as a state that only ever accepts what the state before it vouches
 * for. Pure: bytes and the time come from outside, and whoever calls decides where bytes come from. The
 * order is root, timestamp, snapshot, targets and delegated roles; a call out of order is a fault of ours.
 */
export class TrustedSet {
  readonly #now: number
  readonly #limits: TrustLimits
  #root: RootMetadata
  #timestamp: TimestampMetadata | null = null
  #snapshot: SnapshotMetadata | null = null
  #final: SnapshotMetadata | null = null
  /** By role, then by delegator: who vouched for a role is part of what it is trusted for. */
  readonly #targets = new Map<string, Map<string, TargetsMetadata>>()

  /** Begins with a root that is trusted for reasons of its own: pinned, or trusted before (TUF 5.3.2). */
  constructor(rootBytes: Uint8Array, options: TrustedSetOptions) {
    this.#now = options.now
    this.#limits = options.limits
    requireSize(rootBytes, 'root', options.limits.rootBytes)
    this.#root = readRoot(rootBytes, options.limits)
    requireThreshold(this.#root, 'root', this.#root.roles.root, this.#root.ring)
  }

  get root(): RootMetadata {
    return this.#root
  }
  get timestamp(): TimestampMetadata | null {
    return this.#timestamp
  }
  get snapshot(): SnapshotMetadata | null {
    return this.#snapshot
  }

  /** The next root of the chain: signed by the old keys and by its own, one version up (TUF 5.3.4, 5.3.5). */
  updateRoot(bytes: Uint8Array): void {
    requireSize(bytes, 'root', this.#limits.rootBytes)
    const next = readRoot(bytes, this.#limits)
    requireThreshold(next, 'root', this.#root.roles.root, this.#root.ring)
    if (next.version !== this.#root.version + 1) throw wrongVersion('root', next.version, this.#root.version + 1)
    requireThreshold(next, 'root', next.roles.root, next.ring)
    this.#root = next
  }

  /** TUF 5.3.10, once the whole chain was followed: roots on the way may have expired, the last may not. */
  requireFreshRoot(): void {
    this.#requireUnexpired(this.#root, 'root')
  }

  /**
   * A timestamp that we hold, or a newer one. `same`: the version that is trusted already, which stays
   * (TUF 5.4.3.1). Its expiry is judged by {@link requireFreshTimestamp}: an old one still guards against
   * rollback. Throws `trust.expired` when the root has expired (TUF 5.3.10).
   */
  updateTimestamp(bytes: Uint8Array): 'accepted' | 'same' {
    this.requireFreshRoot()
    requireSize(bytes, 'timestamp', this.#limits.timestampBytes)
    const next = readTimestamp(bytes, this.#limits)
    requireThreshold(next, 'timestamp', this.#root.roles.timestamp, this.#root.ring)
    const held = this.#timestamp
    if (held) {
      // TUF 5.4.3
      if (next.version < held.version) throw rollback('timestamp', next.version, held.version)
      if (next.version === held.version) return 'same'
      if (next.snapshot.version < held.snapshot.version) {
        throw rollback('snapshot', next.snapshot.version, held.snapshot.version)
      }
    }
    this.#timestamp = next
    this.#final = null
    return 'accepted'
  }

  /** TUF 5.4.4: against a server that serves an old state for ever. */
  requireFreshTimestamp(): TimestampMetadata {
    const timestamp = inOrder(this.#timestamp, 'timestamp')
    this.#requireUnexpired(timestamp, 'timestamp')
    return timestamp
  }

  /**
   * A snapshot that we hold (`held`) or the one that the timestamp names. A held one may be older than the
   * timestamp says: then it only guards against rollback, and {@link requireFinalSnapshot} says no.
   */
  updateSnapshot(bytes: Uint8Array, from: 'held' | 'named'): void {
    const timestamp = this.requireFreshTimestamp()
    requireSize(bytes, 'snapshot', this.#limits.snapshotBytes)
    // TUF 5.5.2
    if (from === 'named') requireFacts(bytes, 'snapshot', timestamp.snapshot)
    const next = readSnapshot(bytes, this.#limits)
    requireThreshold(next, 'snapshot', this.#root.roles.snapshot, this.#root.ring)
    if (from === 'named') requireVersion('snapshot', next.version, timestamp.snapshot)
    if (this.#snapshot) requireNoRollback(this.#snapshot, next)
    this.#snapshot = next
    this.#final = null
  }

  /** TUF 5.5.4, 5.5.6: the snapshot is the one that the timestamp names, byte for byte where it says so. */
  requireFinalSnapshot(): SnapshotMetadata {
    if (this.#final) return this.#final
    const timestamp = this.requireFreshTimestamp()
    const snapshot = inOrder(this.#snapshot, 'snapshot')
    requireVersion('snapshot', snapshot.version, timestamp.snapshot)
    requireFacts(snapshot.bytes, 'snapshot', timestamp.snapshot)
    this.#requireUnexpired(snapshot, 'snapshot')
    this.#final = snapshot
    return snapshot
  }

  /** TUF 5.6 and 5.6.7.3: the top-level targets role (`{ role: 'targets', delegator: 'root' }`) or a delegated one. */
  updateTargets(bytes: Uint8Array, step: RoleStep): TargetsMetadata {
    return atOnce(this.updateTargetsSteps(bytes, step))
  }

  /** {@link updateTargets} in steps. Nothing is trusted before the last one. */
  *updateTargetsSteps(bytes: Uint8Array, step: RoleStep): Steps<TargetsMetadata> {
    const facts = this.targetsFacts(step.role)
    requireSize(bytes, step.role, this.#limits.targetsBytes)
    requireFacts(bytes, step.role, facts)
    yield
    const next = yield* targetsSteps(bytes, step.role, this.#limits)
    const { keys, ring } = this.#voucher(step)
    yield
    requireThreshold(next, step.role, keys, ring)
    requireVersion(step.role, next.version, facts)
    this.#requireUnexpired(next, step.role)
    const words = this.#targets.get(step.role) ?? new Map<string, TargetsMetadata>()
    requireOneFace(step.role, next, words.values())
    this.#targets.set(step.role, words.set(step.delegator, next))
    return next
  }

  /** The role as it is trusted on that delegator's word; null while it is not loaded. */
  targets(step: RoleStep): TargetsMetadata | null {
    return this.#targets.get(step.role)?.get(step.delegator) ?? null
  }

  /** Every targets role that was loaded, with the word it is trusted on. */
  loadedTargets(): readonly { readonly step: RoleStep; readonly metadata: TargetsMetadata }[] {
    return [...this.#targets].flatMap(([role, words]) =>
      [...words].map(([delegator, metadata]) => ({ step: { role, delegator }, metadata })),
    )
  }

  /** Keys and threshold that the delegator names for the role. */
  roleKeys(step: RoleStep): { readonly keys: RoleKeys; readonly ring: KeyRing } {
    return this.#voucher(step)
  }

  /** What the snapshot says of a targets role. Throws `trust.mix-and-match` when it does not know it. */
  targetsFacts(role: string): FileFacts {
    const facts = this.requireFinalSnapshot().meta.get(`${role}.json`)
    if (!facts) throw mixed(role, 0, 0)
    return facts
  }

  #voucher(step: RoleStep): { keys: RoleKeys; ring: KeyRing } {
    if (step.delegator === 'root') return { keys: this.#root.roles.targets, ring: this.#root.ring }
    for (const { delegations } of this.#targets.get(step.delegator)?.values() ?? []) {
      const keys = delegations?.role(step.role)
      if (delegations && keys) return { keys, ring: delegations.ring }
    }
    throw new AppError('trust.unknown-key', { detail: { role: shown(step.role), delegator: shown(step.delegator) } })
  }

  /** Expired at the moment it names, not after (TUF 5.4.4: "the latest known good time"). */
  #requireUnexpired(metadata: Pick<Envelope, 'expires'>, role: string): void {
    if (metadata.expires > this.#now) return
    throw new AppError('trust.expired', { detail: { role: shown(role), expires: metadata.expires, now: this.#now } })
  }
}

/** TUF 5.5.5: no targets role may vanish from the snapshot or step back in it. */
function requireNoRollback(held: SnapshotMetadata, next: SnapshotMetadata): void {
  for (const [name, facts] of held.meta) {
    const found = next.meta.get(name)?.version ?? 0
    if (found < facts.version) throw rollback(name, found, facts.version)
  }
}

/**
 * One version of a role is one file, whoever vouches for it. Where the snapshot names no hashes a server could show each
 * delegator another file, and what the one delegates would be believed on the word of the other.
 */
function requireOneFace(role: string, next: TargetsMetadata, faces: Iterable<TargetsMetadata>): void {
  for (const { bytes } of faces) {
    if (Buffer.compare(bytes, next.bytes) !== 0) throw mixed(role, next.version, next.version)
  }
}

function requireVersion(role: string, found: number, facts: FileFacts): void {
  if (found === facts.version) return
  throw mixed(role, found, facts.version)
}

function requireSize(bytes: Uint8Array, role: string, limit: number): void {
  if (bytes.length > limit) {
    throw new AppError('trust.too-large', { detail: { role: shown(role), limit, length: bytes.length } })
  }
}

function mixed(role: string, found: number, expected: number): AppError {
  return new AppError('trust.mix-and-match', { detail: { role: shown(role), found, expected } })
}

function rollback(role: string, found: number, held: number): AppError {
  return new AppError('trust.rollback', { detail: { role: shown(role), found, known: held } })
}

function wrongVersion(role: string, found: number, expected: number): AppError {
  return new AppError('trust.rollback', { detail: { role, found, known: expected - 1 } })
}

function inOrder<T>(metadata: T | null, role: string): T {
  if (metadata === null) throw new Error(`${role} is asked for before it was given`)
  return metadata
}

/** Role names are text from outside; a log line or a screen gets the beginning. */
function shown(role: string): string {
  return role.slice(0, 100)
}
