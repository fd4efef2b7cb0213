import { AppError } from '../../../../shared/errors.ts'
import type { PackManifest } from '../../../../shared/model/pack.ts'
import { POLICY_PATHS } from '../../trust/documents.ts'
import type { Library, TargetInfo } from '../../trust/library.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { readRoot } from '../../trust/root-metadata.ts'
import type { StoredState } from '../../trust/stored-state.ts'
import { artifactUrl, metadataUrl, repositoryUrls } from '../repository-urls.ts'
import { packPath } from './pack-fetcher.ts'
import { MANIFEST } from './pack-folder.ts'

/** A small file of a pack. */
export interface PackFile {
  readonly name: readonly string[]
  readonly bytes: Uint8Array
}

/**
 * The small files of a pack, as any web server would serve them to any TUF client, in the order in which they are
 * written: names that carry versions and hashes first. The last one puts the rest in force.
 */
export function packFiles(
  state: StoredState,
  library: Library,
  manifest: PackManifest,
  limits: TrustLimits,
): PackFile[] {
  const urls = repositoryUrls(state.url)
  const versions = new Map(library.roles.map(({ name, version }) => [name, version]))
  const metadata = (role: string, version: number | null, bytes: Uint8Array): PackFile => ({
    name: packPath(metadataUrl(urls, role, version), state.url),
    bytes,
  })
  const versioned = (role: string, bytes: Uint8Array | undefined): PackFile => {
    const version = versions.get(role)
    if (version === undefined || !bytes) throw new AppError('internal')
    return metadata(role, version, bytes)
  }
  const documents = documentTargets(library).flatMap((target): PackFile[] => {
    const bytes = state.documents.get(target.sha256)
    return bytes ? [{ name: packPath(artifactUrl(urls, target), state.url), bytes }] : []
  })
  const newest = state.roots.at(-1)
  return [
    ...documents,
    ...[...state.roles.keys()].map((role) => versioned(role, state.roles.get(role))),
    ...state.roots.map((bytes) => metadata('root', readRoot(bytes, limits).version, bytes)),
    versioned('snapshot', state.snapshot),
    ...(newest ? [metadata('root', null, newest)] : []),
    { name: [MANIFEST], bytes: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    metadata('timestamp', null, state.timestamp),
  ]
}

/** Everything signed that is no artifact; also what this console cannot use, for those who can. */
function documentTargets(library: Library): TargetInfo[] {
  const { plans, profiles, sites, refused } = library
  const named = [...Object.values(POLICY_PATHS), ...refused.map(({ path }) => path)]
  const found = named.flatMap((path) => library.target(path) ?? [])
  return [...found, ...[plans, profiles, sites].flatMap((shelf) => [...shelf.values()].map(({ target }) => target))]
}
