import type { PackMade } from '../../../../shared/contract/packs.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { PackManifest } from '../../../../shared/model/pack.ts'
import { toInstant } from '../../../../shared/model/text.ts'
import type { Library, LibrarySource, TargetInfo } from '../../trust/library.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { libraryDeadline } from '../../trust/validity.ts'
import type { ArtifactStore } from '../artifact-store.ts'
import { artifactUrl, repositoryUrls } from '../repository-urls.ts'
import type { TrustStore } from '../trust-store.ts'
import { type WantedArtifact, wantedArtifacts } from '../wanted.ts'
import { withPauses } from '../with-pauses.ts'
import { packFiles } from './pack-contents.ts'
import { packPath } from './pack-fetcher.ts'
import { type PackArtifact, writePack } from './pack-writer.ts'

export interface MakePackOptions {
  readonly trust: TrustStore
  readonly library: LibrarySource
  readonly artifacts: ArtifactStore
  readonly limits: TrustLimits
  /** Effective time, ms. */
  readonly now: () => number
  readonly chosenSite: () => string | null
}

export interface PackWish {
  readonly into: string
  /** Only what these need; null: all that the chosen site needs. */
  readonly plans: readonly string[] | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Of a pack, what is the publisher's. */
export type SignedFilesMade = Omit<PackMade, 'log' | 'logFailed'>

/** Writes everything that is in force and the artifacts that are held. What is wanted and not held is said. */
export async function makePack(options: MakePackOptions, wish: PackWish): Promise<SignedFilesMade> {
  const { trust, artifacts, limits } = options
  const { into, signal } = wish
  const library = options.library.current()
  const state = await withPauses(trust.stateSteps(), signal)
  if (!library || !state) throw new AppError('trust.none')
  const wanted = wantedFor(options, library, wish.plans)
  const held = wanted.filter(({ target }) => artifacts.has(target.sha256)).map(({ target }) => target)
  const total = held.reduce((sum, { length }) => sum + length, 0)
  wish.onProgress(0, total)
  const folder = await writePack({
    into,
    artifacts: held.map((target) => packArtifact(artifacts, target, state.url, signal)),
    files: packFiles(state, library, manifestFor(options, state.url, held), limits),
    owns: [['metadata'], ['targets']],
    signal,
    onProgress: (done) => wish.onProgress(done, total),
  })
  const leftOut = wanted.flatMap(({ target: { path, sha256 } }) => {
    if (artifacts.has(sha256)) return []
    return [{ target: path, reason: new AppError('artifact.missing', { detail: { target: path } }).toData() }]
  })
  return { folder, artifacts: held.length, bytes: total, until: libraryDeadline(library).until, leftOut }
}

function wantedFor(
  { chosenSite, now }: MakePackOptions,
  library: Library,
  plans: readonly string[] | null,
): WantedArtifact[] {
  for (const plan of plans ?? []) {
    if (!library.plans.has(plan)) throw new AppError('plan.unknown', { detail: { plan } })
  }
  const wanted = wantedArtifacts(library, plans ? null : chosenSite(), now())
  return plans ? wanted.filter((item) => item.plans.some((plan) => plans.includes(plan))) : wanted
}

function manifestFor(options: MakePackOptions, url: string, held: readonly TargetInfo[]): PackManifest {
  return {
    format: 'slipway.pack/1',
    url,
    madeAt: toInstant(options.now()),
    site: options.chosenSite(),
    artifacts: held.map(({ path, length, sha256 }) => ({ target: path, length, sha256 })),
  }
}

function packArtifact(store: ArtifactStore, target: TargetInfo, base: string, signal: AbortSignal): PackArtifact {
  const { sha256, length } = target
  return {
    name: packPath(artifactUrl(repositoryUrls(base), target), base),
    sha256,
    length,
    async *stream() {
      const reader = await store.open(sha256, signal)
      try {
        yield* reader.stream(signal)
      } finally {
        await reader.close()
      }
    },
  }
}
