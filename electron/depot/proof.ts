import { lintVerdict } from '../../shared/conditions/lint.ts'
import { AppError } from '../../shared/errors.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { artifactCustom } from '../host/trust/artifact-custom.ts'
import type { Library } from '../host/trust/library.ts'
import { DEFAULT_LIMITS } from '../host/trust/limits.ts'
import { openStored } from '../host/trust/stored-state.ts'
import { TrustedSet } from '../host/trust/trusted-set.ts'
import type { ContentFile } from './content.ts'
import type { Draft } from './drafts.ts'
import type { Published } from './published.ts'

export interface Candidate {
  readonly published: Published | null
  readonly root: Draft
  readonly roles: ReadonlyMap<string, Draft>
  readonly snapshot: Draft
  readonly timestamp: Draft
  readonly files: readonly ContentFile[]
  /** ms */
  readonly now: number
}

/**
 * Opens what is about to be published with the console's own eyes. What a console would refuse is refused here,
 * before anybody can fetch it: `depot.lint` names the document, `trust.*` a fault of the signing.
 */
export function proveCandidate(candidate: Candidate): Library {
  const { published, root, now } = candidate
  const limits = DEFAULT_LIMITS
  // Consoles in the field come from the old root.
  if (published && root.fresh) new TrustedSet(published.root.bytes, { now, limits }).updateRoot(root.bytes)
  const state = {
    url: 'depot:',
    fingerprint: sha256Hex(root.bytes),
    syncedAt: now,
    roots: [root.bytes],
    timestamp: candidate.timestamp.bytes,
    snapshot: candidate.snapshot.bytes,
    roles: new Map([...candidate.roles].map(([name, { bytes }]) => [name, bytes])),
    documents: new Map(candidate.files.flatMap(({ sha256, bytes }) => (bytes ? [[sha256, bytes] as const] : []))),
  }
  const library = openAsConsole(() => openStored(state, { limits, lint: lintVerdict }))
  const [refused] = library.refused
  if (refused) throw lint(refused.path, `${refused.reason.code} ${why(refused.reason.detail)}`)
  for (const { document, target } of library.plans.values()) {
    for (const artifact of document.artifacts) requireArtifact(library, target.path, artifact)
  }
  return library
}

function requireArtifact(
  library: Library,
  plan: string,
  wanted: { readonly target: string; readonly component: string; readonly version: string },
): void {
  const target = library.target(wanted.target)
  if (!target) throw lint(plan, `no ${wanted.target}`)
  const custom = artifactCustom(target)
  if (custom?.version !== wanted.version)
    throw lint(plan, `${wanted.target} is ${custom?.version}, not ${wanted.version}`)
  if (custom.component !== wanted.component) throw lint(plan, `${wanted.target} is for ${custom.component}`)
}

/** Opening says `trust.cache-corrupt` of everything; here the reason itself is what helps. */
function openAsConsole(open: () => Library): Library {
  try {
    return open()
  } catch (error) {
    const cause = error instanceof AppError && error.cause instanceof AppError ? error.cause : error
    if (cause instanceof AppError && cause.code.startsWith('document.'))
      throw lint(String(cause.detail.path), why(cause.detail))
    throw cause
  }
}

function lint(path: string, problem: string): AppError {
  return new AppError('depot.lint', { detail: { path, why: problem.trim().slice(0, 300) } })
}

function why(detail: AppError['detail']): string {
  return [detail.at, detail.why].filter((part) => typeof part === 'string' && part !== '').join(': ')
}
