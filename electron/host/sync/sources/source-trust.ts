import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorData, isAppError } from '../../../../shared/errors.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { type FoundTarget, findTarget } from '../../trust/lookup.ts'
import type { TrustedSet } from '../../trust/trusted-set.ts'
import type { Source } from './source-list.ts'
import { heldRole, readState, replay, type SourceState, writeState } from './source-state.ts'

/** What is believed of each source: its metadata in a file each, proved again from the compared root at each start. */
export class SourceTrust {
  readonly #dir: string
  readonly #limits: TrustLimits
  /** Proved once in the life of the process; null: nothing of it is good yet. */
  readonly #sets = new Map<string, TrustedSet | null>()
  readonly #states = new Map<string, SourceState>()

  constructor(dir: string, limits: TrustLimits) {
    this.#dir = dir
    this.#limits = limits
  }

  /** With nothing but the root that a person has compared. */
  begin(id: string, root: Uint8Array): void {
    const seen = { roots: [root], timestamp: null, snapshot: null, roles: new Map<string, Uint8Array>() }
    this.keep(id, { good: null, seen, trouble: null })
    this.#sets.delete(id)
  }

  /** `proved`: what `state` was proved to say. */
  keep(id: string, state: SourceState, proved?: TrustedSet): void {
    writeState(this.#place(id), state)
    this.#states.set(id, state)
    if (proved) this.#sets.set(id, proved)
  }

  forget(id: string): void {
    this.#sets.delete(id)
    this.#states.delete(id)
    rmSync(this.#place(id), { force: true })
  }

  /** Throws `trust.cache-corrupt`. */
  state({ id }: Source): SourceState {
    const state = this.#states.get(id) ?? readState(this.#place(id))
    this.#states.set(id, state)
    return state
  }

  /** Throws `trust.cache-corrupt`. */
  set(source: Source): TrustedSet | null {
    const known = this.#sets.get(source.id)
    if (known !== undefined) return known
    const { good } = this.state(source)
    const set = good && replay(good, source.fingerprint, this.#limits)
    this.#sets.set(source.id, set)
    return set
  }

  setIfAny(source: Source): TrustedSet | null {
    return attempt(() => this.set(source))[0] ?? null
  }

  /** Throws `trust.cache-corrupt`. */
  find(source: Source, path: string): FoundTarget | null {
    const set = this.set(source)
    const { good } = this.state(source)
    if (!set || !good) return null
    return findTarget(set, path, this.#limits.delegations, (role) => heldRole(good.cache, role))
  }

  #place(id: string): string {
    return join(this.#dir, `${id}.json`)
  }
}

/** Of the files that it names, as far as its roles have come. */
export function pathsOf(set: TrustedSet | null): Set<string> {
  return new Set(set?.loadedTargets().flatMap(({ metadata }) => [...metadata.targets.keys()]))
}

/** Of the files that have this hash. */
export function* pathsNaming(set: TrustedSet, sha256: string): Generator<string> {
  for (const { metadata } of set.loadedTargets()) {
    for (const [path, { hashes }] of metadata.targets) if (hashes.get('sha256') === sha256) yield path
  }
}

/** Either is undefined; only what a person can meet is caught. */
export function attempt<T>(work: () => T): [T, null] | [undefined, ErrorData] {
  try {
    return [work(), null]
  } catch (error) {
    if (!isAppError(error)) throw error
    return [undefined, error.toData()]
  }
}
