import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { TargetInfo } from '../../trust/library.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { readTimestamp } from '../../trust/snapshot-metadata.ts'
import { DeltaDownload, type DeltaDownloadOptions } from '../delta-download.ts'
import type { Fetcher } from '../fetcher.ts'
import { artifactUrl, metadataUrl, repositoryUrls } from '../repository-urls.ts'
import type { PackSource, Refused } from '../sync-service.ts'
import { PackFetcher, packPath } from './pack-fetcher.ts'
import type { PackFolder } from './pack-folder.ts'
import { PackWaysReader } from './pack-ways.ts'

/** What brings artifacts from one place or another. */
export type BringingVia = (fetcher: Fetcher) => Omit<DeltaDownloadOptions, 'urls' | 'reader'>

/**
 * A pack as something to sync from. It is judged as it would have been when its timestamp was signed: that is what an
 * online console would have seen then, and how long it may be used since is counted from that signed moment, too.
 * Throws `trust.bad-metadata`, `trust.bad-json`, `pack.*`.
 */
export async function packSource(
  folder: PackFolder,
  base: string,
  limits: TrustLimits,
  bringingVia: BringingVia,
): Promise<PackSource> {
  const fetcher = new PackFetcher(folder, base)
  const urls = repositoryUrls(base)
  const timestamp = await folder.bytes(packPath(metadataUrl(urls, 'timestamp', null), base), limits.timestampBytes)
  // Believed by nobody yet: the workflow verifies the file, and whatever time it claims, nothing lasts longer for it.
  const { issuedAt } = readTimestamp(timestamp ?? new Uint8Array(), limits)
  if (issuedAt === null) {
    throw new AppError('trust.bad-metadata', { detail: { role: 'timestamp', why: 'x-issued-at' } })
  }
  const reader = new PackWaysReader(fetcher)
  const bringing = bringingVia(fetcher)
  return {
    fetcher,
    now: issuedAt,
    bringer: new DeltaDownload({ ...bringing, urls, reader }),
    look: (targets, signal) =>
      usableOf(
        targets,
        (target) => fetcher.size(artifactUrl(urls, target)),
        (target) => reader.leadTo(target, urls, (sha256) => bringing.store.has(sha256), signal),
      ),
  }
}

async function usableOf(
  targets: readonly TargetInfo[],
  sizeOf: (target: TargetInfo) => Promise<number | null>,
  canBeMade: (target: TargetInfo) => Promise<boolean>,
) {
  const there = new Set<string>()
  const refused: Refused[] = []
  const refuse = (target: string, error: AppError) => refused.push({ target, reason: error.toData() })
  for (const target of targets) {
    const { path, length: expected } = target
    try {
      const found = await sizeOf(target)
      if (found === expected || (await canBeMade(target))) there.add(path)
      else if (found !== null) {
        refuse(path, new AppError('trust.length-mismatch', { detail: { target: path, found, expected } }))
      }
    } catch (error) {
      if (!isAppError(error)) throw error
      refuse(path, error)
    }
  }
  return { there, refused }
}
