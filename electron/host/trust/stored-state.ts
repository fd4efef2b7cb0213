import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { Library, TargetInfo } from './library.ts'
import { librarySteps, type PlanLint } from './library-builder.ts'
import type { TrustLimits } from './limits.ts'
import { listedRoles } from './search.ts'
import { TrustedSet } from './trusted-set.ts'

/** Files by their names; read from the disk only when they are asked for. */
export type HeldFiles = Pick<ReadonlyMap<string, Uint8Array>, 'get' | 'keys'>

/** What a console keeps of its last good refresh: the bytes as they came. Hostile input at every use. */
export interface StoredState {
  readonly url: string
  /** SHA-256 of the pinned root file, as a person confirmed it. */
  readonly fingerprint: string
  /** When the workflow was satisfied, ms. */
  readonly syncedAt: number
  /** From the pinned root to the newest, in order. */
  readonly roots: readonly Uint8Array[]
  readonly timestamp: Uint8Array
  readonly snapshot: Uint8Array
  /** `targets` and the delegated roles, by name. */
  readonly roles: HeldFiles
  /** By SHA-256. */
  readonly documents: HeldFiles
}

export interface OpenOptions {
  readonly limits: TrustLimits
  readonly lint?: PlanLint | undefined
}

/**
 * "Was it valid when we synced?": the whole workflow once more, from the pinned root, on stored bytes, at the
 * recorded time. Throws `trust.cache-corrupt`, with the reason as its cause, when the answer is no longer yes.
 */
export function openStored(state: StoredState, options: OpenOptions): Library {
  return atOnce(storedSteps(state, options))
}

/** {@link openStored} in steps. Nothing is trusted before the last one. */
export function* storedSteps(state: StoredState, options: OpenOptions): Steps<Library> {
  try {
    const set = yield* replay(state, options.limits)
    const { url, fingerprint, syncedAt } = state
    return yield* librarySteps({
      url,
      fingerprint,
      syncedAt,
      set,
      limits: options.limits,
      lint: options.lint,
      role: (name) => held(state.roles, name),
      document: (target: TargetInfo) => held(state.documents, target.sha256),
    })
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'trust.cache-corrupt') throw cause
    const about = cause.detail.role ?? cause.detail.target ?? null
    throw new AppError('trust.cache-corrupt', { detail: { reason: cause.code, about }, cause })
  }
}

function* replay(state: StoredState, limits: TrustLimits): Steps<TrustedSet> {
  const [pinned, ...later] = state.roots
  if (!pinned || sha256Hex(pinned) !== state.fingerprint) throw new AppError('trust.fingerprint-mismatch')
  const set = new TrustedSet(pinned, { now: state.syncedAt, limits })
  for (const root of later) {
    set.updateRoot(root)
    yield
  }
  set.updateTimestamp(state.timestamp)
  set.updateSnapshot(state.snapshot, 'named')
  set.requireFinalSnapshot()
  yield* loadListedRoles(set, limits, (name) => held(state.roles, name))
  return set
}

/** Loads the top-level targets role and every role listed below it. Hash bins wait until a path asks for them. */
function* loadListedRoles(set: TrustedSet, limits: TrustLimits, load: (role: string) => Uint8Array): Steps<void> {
  const walk = listedRoles(limits)
  let next = walk.next()
  while (!next.done) next = walk.next(yield* set.updateTargetsSteps(load(next.value.role), next.value))
}

function held(files: HeldFiles, name: string): Uint8Array {
  const bytes = files.get(name)
  if (!bytes) throw new AppError('trust.cache-corrupt', { detail: { reason: 'missing', about: name.slice(0, 100) } })
  return bytes
}
