import type { PackMade } from '../../../../shared/contract/packs.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { PackManifest } from '../../../../shared/model/pack.ts'
import { toInstant } from '../../../../shared/model/text.ts'
import type { Library, LibrarySource, TargetInfo } from '../../trust/library.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { libraryDeadline } from '../../trust/validity.ts'
import type { ArtifactStore } from '../artifact-store.ts'
import type { Fetcher } from '../fetcher.ts'
import { artifactUrl, repositoryUrls } from '../repository-urls.ts'
import type { TrustStore } from '../trust-store.ts'
import { type WantedArtifact, wantedArtifacts } from '../wanted.ts'
import { withPauses } from '../with-pauses.ts'
import { packFiles } from './pack-contents.ts'
import { packPath } from './pack-fetcher.ts'
import type { BringingVia } from './pack-source.ts'
import { type PackArtifact, writePack } from './pack-writer.ts'
import { type SmallPart, SmallParts } from './small-pack.ts'

export interface MakePackOptions {
  readonly trust: TrustStore
  readonly library: LibrarySource
  readonly artifacts: ArtifactStore
  readonly limits: TrustLimits
  /** Effective time, ms. */
  readonly now: () => number
  readonly chosenSite: () => string | null
  readonly bringingVia: BringingVia
  /** From the publisher's server. */
  readonly fetcher: Fetcher
}

export interface PackWish {
  readonly into: string
  /** Only what these need; null: all that the chosen site needs. */
  readonly plans: readonly string[] | null
  /** For consoles that have an earlier release: what it takes to make the new one from it, fetched from the server. */
  readonly small: boolean
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
  const parts = wish.small ? partsOf(options, state.url) : null
  const instead = await smallParts(parts, wanted, wish)
  const small = wanted.filter(({ target }) => instead.has(target.sha256)).map(({ target }) => target)
  const held = wanted
    .filter(({ target }) => !instead.has(target.sha256) && artifacts.has(target.sha256))
    .map(({ target }) => target)
  const carried = (target: TargetInfo) => instead.get(target.sha256)?.bytes ?? target.length
  const all = [...held, ...small]
  const total = all.reduce((sum, target) => sum + carried(target), 0)
  wish.onProgress(0, total)
  const manifest = manifestFor(options, state.url, all, carried)
  const folder = await writePack({
    into,
    artifacts: [
      ...held.map((target) => packArtifact(artifacts, target, state.url, signal)),
      ...[...instead.values()].flatMap(({ large }) => large),
    ],
    files: [...[...instead.values()].flatMap((part) => part.small), ...packFiles(state, library, manifest, limits)],
    owns: [['metadata'], ['targets']],
    signal,
    onProgress: (done) => wish.onProgress(done, total),
  })
  await parts?.drop()
  const leftOut = wanted.flatMap(({ target: { path, sha256 } }) => {
    if (artifacts.has(sha256) || instead.has(sha256)) return []
    return [{ target: path, reason: new AppError('artifact.missing', { detail: { target: path } }).toData() }]
  })
  const { until } = libraryDeadline(library)
  return { folder, artifacts: all.length, small: small.length, bytes: total, until, leftOut }
}

function partsOf({ bringingVia, fetcher }: MakePackOptions, base: string): SmallParts {
  return new SmallParts({ ...bringingVia(fetcher), urls: repositoryUrls(base), base })
}

/** What comes in the place of which artifact, by its hash. */
async function smallParts(
  parts: SmallParts | null,
  wanted: readonly WantedArtifact[],
  { signal, onProgress }: PackWish,
): Promise<ReadonlyMap<string, SmallPart>> {
  const instead = new Map<string, SmallPart>()
  let before = 0
  for (const { target } of parts ? wanted : []) {
    if (instead.has(target.sha256)) continue
    const part = await parts?.of(target, { signal, onProgress: (done) => onProgress(before + done, 0) })
    if (!part) continue
    instead.set(target.sha256, part)
    before += part.bytes
  }
  return instead
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

function manifestFor(
  options: MakePackOptions,
  url: string,
  targets: readonly TargetInfo[],
  carried: (target: TargetInfo) => number,
): PackManifest {
  return {
    format: 'slipway.pack/1',
    url,
    madeAt: toInstant(options.now()),
    site: options.chosenSite(),
    artifacts: targets.map((target) => {
      const { path, length, sha256 } = target
      const bytes = carried(target)
      return { target: path, length, sha256, ...(bytes === length ? {} : { carried: bytes }) }
    }),
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
