import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import { toPlain } from './json.ts'
import type { TargetInfo } from './library.ts'
import { type RoleStep, searchTarget } from './search.ts'
import type { TargetFacts, TargetsMetadata } from './targets-metadata.ts'
import type { TrustedSet } from './trusted-set.ts'

/** A target that the repository vouches for, and through whom. */
export interface FoundTarget {
  readonly path: string
  readonly facts: TargetFacts
  /** From the top-level role to the one that names it. */
  readonly way: readonly RoleStep[]
}

/** Finds a target among roles that are at hand. `load` throws when it has not got one. */
export function findTarget(
  set: TrustedSet,
  path: string,
  limit: number,
  load: (role: string) => Uint8Array,
): FoundTarget | null {
  return atOnce(findTargetSteps(set, path, limit, load))
}

/** {@link findTarget} in steps: a role that was not read yet may be long. */
export function* findTargetSteps(
  set: TrustedSet,
  path: string,
  limit: number,
  load: (role: string) => Uint8Array,
): Steps<FoundTarget | null> {
  const search = searchTarget(path, limit)
  let next = search.next()
  while (!next.done) {
    const step = next.value
    next = search.next(set.targets(step) ?? (yield* set.updateTargetsSteps(load(step.role), step)))
  }
  return found(set, path, next.value)
}

/** {@link findTarget} where a role may have to be fetched first. */
export async function fetchTargetFacts(
  set: TrustedSet,
  path: string,
  limit: number,
  load: (step: RoleStep) => Promise<TargetsMetadata>,
): Promise<FoundTarget | null> {
  const search = searchTarget(path, limit)
  let next = search.next()
  while (!next.done) next = search.next(set.targets(next.value) ?? (await load(next.value)))
  return found(set, path, next.value)
}

function found(set: TrustedSet, path: string, way: readonly RoleStep[] | null): FoundTarget | null {
  const last = way?.at(-1)
  const facts = last && set.targets(last)?.targets.get(path)
  return way && facts ? { path, facts, way } : null
}

/** What our own documents and artifacts need: a SHA-256. Throws `trust.bad-metadata` without one. */
export function targetInfo(target: FoundTarget): TargetInfo {
  const chain = target.way.map((step) => step.role)
  const role = chain.at(-1) ?? 'targets'
  const sha256 = target.facts.hashes.get('sha256')
  if (sha256 === undefined) {
    throw new AppError('trust.bad-metadata', {
      detail: { role: role.slice(0, 100), why: `${target.path.slice(0, 200)}.hashes` },
    })
  }
  return { path: target.path, length: target.facts.length, sha256, custom: toPlain(target.facts.custom), role, chain }
}
