import { lintProfiles } from '../../../shared/conditions/lint-profiles.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import { type Steps, sortedSteps } from '../../../shared/steps.ts'
import type { DocumentMemo } from './document-memo.ts'
import {
  type DocumentOf,
  documentSteps,
  isDocumentPath,
  POLICY_PATHS,
  readConsolePolicy,
  readOperators,
  readRecipients,
  type Shelf,
  shelfOf,
} from './documents.ts'
import { requireFacts } from './file-facts.ts'
import type { Library, Signed, TargetInfo } from './library.ts'
import type { TrustLimits } from './limits.ts'
import { type FoundTarget, findTarget, findTargetSteps, targetInfo } from './lookup.ts'
import { roleFacts } from './role-facts.ts'
import type { TrustedSet } from './trusted-set.ts'

/** Says what is wrong between a plan and the profiles in its scope. Null: nothing. */
export type PlanLint = (plan: Plan, profiles: readonly Profile[]) => ErrorData | null

export interface LibraryParts {
  readonly url: string
  readonly fingerprint: string
  readonly syncedAt: number
  readonly limits: TrustLimits
  readonly set: TrustedSet
  /** Bytes of a delegated role; throws when they are not at hand. */
  readonly role: (name: string) => Uint8Array
  /** Bytes of a document; throws when they are not at hand. */
  readonly document: (target: TargetInfo) => Uint8Array
  readonly lint?: PlanLint | undefined
  /** What was read before, by the hash of what it was read from: see {@link DocumentMemo}. */
  readonly memo?: DocumentMemo | undefined
}

/**
 * The library out of a trusted state: documents found by the same search as any target, checked against
 * their signed length and hash, then read. A plan, profile or site that is unusable is listed as refused;
 * without each of the policy documents nothing is trusted, and that throws. A document a step: a publisher may have
 * thousands.
 */
export function* librarySteps(parts: LibraryParts): Steps<Library> {
  const { set } = parts
  const refused: { path: string; reason: ErrorData }[] = []
  const paths = yield* documentPaths(set)
  const profiles = yield* readShelf(parts, paths, 'profiles', refused)
  refuseClashes(profiles, refused)
  const plans = yield* readShelf(parts, paths, 'plans', refused)
  if (parts.lint) yield* lintPlans(parts, plans, profiles, parts.lint, refused)
  const sites = yield* readShelf(parts, paths, 'sites', refused)
  // Nothing in a trusted state ever changes: what was found once is found.
  const found = new Map<string, TargetInfo | null>()
  // Loads the hash bins that vouch for them, so that their expiry is known below.
  for (const path of artifactsOf(plans)) {
    yield
    const target = yield* search(parts, path)
    // One that nobody can use stays to be asked for, and says so then.
    if (target?.facts.hashes.has('sha256')) found.set(path, targetInfo(target))
  }
  return Object.freeze({
    url: parts.url,
    fingerprint: parts.fingerprint,
    syncedAt: parts.syncedAt,
    issuedAt: issuedAt(set),
    roles: roleFacts(set),
    consolePolicy: yield* readPolicy(parts, POLICY_PATHS.console, readConsolePolicy),
    operators: yield* readPolicy(parts, POLICY_PATHS.operators, readOperators),
    recipients: yield* readPolicy(parts, POLICY_PATHS.recipients, readRecipients),
    plans,
    profiles,
    sites,
    refused,
    target(path: string) {
      let info = found.get(path)
      if (info === undefined) {
        const target = findTarget(set, path, parts.limits.delegations, parts.role)
        info = target && targetInfo(target)
        found.set(path, info)
      }
      return info
    },
  })
}

function* readPolicy<T>(parts: LibraryParts, path: string, read: (bytes: Uint8Array) => T): Steps<T> {
  const target = yield* search(parts, path)
  if (!target) throw new AppError('trust.unknown-target', { detail: { target: path } })
  return read(bytesOf(parts, target))
}

/** Target paths of what the plans would install: a client must have the roles that vouch for them. */
export function* planArtifacts(parts: LibraryParts): Steps<ReadonlySet<string>> {
  return artifactsOf(yield* readShelf(parts, yield* documentPaths(parts.set), 'plans', []))
}

function artifactsOf(plans: ReadonlyMap<string, Signed<Plan>>): ReadonlySet<string> {
  return new Set([...plans.values()].flatMap(({ document }) => document.artifacts.map(({ target }) => target)))
}

/** Paths of documents that any loaded role names. Who may speak for each is decided by the search. */
export function* documentPaths(set: TrustedSet): Steps<readonly string[]> {
  const paths = new Set<string>()
  let looked = 0
  for (const { metadata } of set.loadedTargets()) {
    for (const path of metadata.targets.keys()) {
      if (isDocumentPath(path)) paths.add(path)
      looked += 1
      if (looked % STRIDE === 0) yield
    }
  }
  return yield* sortedSteps([...paths], (a, b) => (a < b ? -1 : 1))
}

/** Paths between two steps. */
const STRIDE = 1024

function* readShelf<S extends Shelf>(
  parts: LibraryParts,
  paths: readonly string[],
  shelf: S,
  refused: { path: string; reason: ErrorData }[],
): Steps<Map<string, Signed<DocumentOf<S>>>> {
  const documents = new Map<string, Signed<DocumentOf<S>>>()
  for (const path of paths) {
    const place = shelfOf(path)
    // A role may name a path for which nobody lets it speak: then nobody has named it.
    const target = place?.shelf === shelf ? yield* search(parts, path) : null
    if (!place || !target) continue
    yield
    try {
      const bytes = bytesOf(parts, target)
      const read = () => documentSteps(shelf, path, bytes)
      const document = yield* parts.memo?.document(path, targetInfo(target).sha256, read) ?? read()
      documents.set(place.id, { document, target: targetInfo(target) })
    } catch (error) {
      if (!isSignedFault(error)) throw error
      refused.push({ path, reason: toErrorData(error) })
    }
  }
  return documents
}

/** A fault that was signed like this; anything else is a fault of what we hold. */
function isSignedFault(error: unknown): boolean {
  return error instanceof AppError && (error.code.startsWith('document.') || error.code === 'trust.bad-metadata')
}

function search(parts: LibraryParts, path: string): Steps<FoundTarget | null> {
  return findTargetSteps(parts.set, path, parts.limits.delegations, parts.role)
}

function bytesOf(parts: LibraryParts, target: FoundTarget): Uint8Array {
  const bytes = parts.document(targetInfo(target))
  requireFacts(bytes, target.path, target.facts)
  return bytes
}

/** Of types that cannot be told apart none is used: whichever were asked first would take the other's devices. */
function refuseClashes(profiles: Map<string, Signed<Profile>>, refused: { path: string; reason: ErrorData }[]): void {
  const all = [...profiles.values()].map(({ document }) => document)
  for (const { types, reason } of lintProfiles(all)) {
    for (const type of types) {
      const target = profiles.get(type)?.target
      if (target) refused.push({ path: target.path, reason })
      profiles.delete(type)
    }
  }
}

function* lintPlans(
  { memo }: LibraryParts,
  plans: Map<string, Signed<Plan>>,
  profiles: ReadonlyMap<string, Signed<Profile>>,
  lint: PlanLint,
  refused: { path: string; reason: ErrorData }[],
): Steps<void> {
  for (const [id, { document, target }] of plans) {
    yield
    const inScope = document.scope.deviceTypes.flatMap((type) => profiles.get(type) ?? [])
    const judge = () =>
      lint(
        document,
        inScope.map((profile) => profile.document),
      )
    const subject = [target, ...inScope.map((profile) => profile.target)].map(({ sha256 }) => sha256)
    const reason = memo ? memo.verdict(subject, judge) : judge()
    if (!reason) continue
    refused.push({ path: target.path, reason })
    plans.delete(id)
  }
}

/** Without a signed time of issue nobody could say how old the state is (our rule, not TUF's). */
function issuedAt(set: TrustedSet): number {
  const issued = set.timestamp?.issuedAt ?? null
  if (issued !== null) return issued
  throw new AppError('trust.bad-metadata', { detail: { role: 'timestamp', why: 'x-issued-at' } })
}
