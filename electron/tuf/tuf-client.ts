import { AppError } from '../../shared/errors.ts'
import type { Fetcher } from '../host/sync/fetcher.ts'
import type { HeldFault } from '../host/sync/held-files.ts'
import { RepositoryClient } from '../host/sync/repository-client.ts'
import { type RepositoryUrls, targetUrl } from '../host/sync/repository-urls.ts'
import { DEFAULT_LIMITS } from '../host/trust/limits.ts'
import { MetadataFolder } from './metadata-folder.ts'
import { type StoredTarget, TargetFolder } from './target-folder.ts'

export interface TufClientOptions {
  readonly metadataDir: string
  readonly urls: RepositoryUrls
  readonly fetcher: Fetcher
  /** The time at which everything is judged, ms (TUF 5.1). */
  readonly now: number
  readonly signal: AbortSignal
  /** Files of the folder that were no good and had to be fetched anew. */
  readonly onFault: (fault: HeldFault) => void
}

/** How a top-level role stands after a refresh. */
export interface RoleState {
  readonly role: string
  readonly version: number
  /** ms since 1970 */
  readonly expires: number
}

export interface TargetRequest {
  readonly path: string
  readonly dir: string
}

/** One refresh over a folder of metadata, and downloads on its word. */
export class TufClient {
  readonly #options: TufClientOptions
  readonly #folder: MetadataFolder

  constructor(options: TufClientOptions) {
    this.#options = options
    this.#folder = new MetadataFolder(options.metadataDir, DEFAULT_LIMITS)
  }

  /**
   * Refreshes, then does `work`; whatever was accepted stays in the folder, also when a later step fails.
   * Throws `trust.*`, `sync.*`, `file.*`, `cancelled`.
   */
  async run(work: (client: RepositoryClient) => Promise<void>): Promise<void> {
    const { urls, fetcher, now, signal, onFault } = this.#options
    const before = await this.#folder.read()
    const cache = { ...before, roots: [...before.roots], roles: new Map(before.roles) }
    const client = new RepositoryClient({ urls, fetcher, cache, now, limits: DEFAULT_LIMITS, signal, onFault })
    try {
      await client.refresh()
      await work(client)
    } finally {
      await this.#folder.write(cache, before)
    }
  }

  /** Throws `trust.unknown-target` when nobody who may speaks for the path. */
  async download(client: RepositoryClient, { path, dir }: TargetRequest): Promise<StoredTarget> {
    const { urls, fetcher, signal } = this.#options
    const found = await client.find(path)
    if (!found) throw new AppError('trust.unknown-target', { detail: { target: path.slice(0, 200) } })
    const url = targetUrl(urls, path, found.facts, client.set.root.consistentSnapshot)
    return new TargetFolder({ dir, fetcher, signal }).store(found, url)
  }
}

/** The top-level roles, in the order in which they vouch for each other. */
export function roleStates({ set }: RepositoryClient): readonly RoleState[] {
  const { root, timestamp, snapshot } = set
  const targets = set.targets({ role: 'targets', delegator: 'root' })
  const roles = { root, timestamp, snapshot, targets }
  return Object.entries(roles).flatMap(([role, metadata]) =>
    metadata ? [{ role, version: metadata.version, expires: metadata.expires }] : [],
  )
}
