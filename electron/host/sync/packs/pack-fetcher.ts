import { AppError } from '../../../../shared/errors.ts'
import type { Download, FetchBytes, Fetcher, FetchRange } from '../fetcher.ts'
import { repositoryUrls } from '../repository-urls.ts'
import type { PackFolder } from './pack-folder.ts'

/**
 * A pack in the place of its repository's server: the same names, the same order of requests, the same suspicion.
 * Nothing here opens a connection.
 */
export class PackFetcher implements Fetcher {
  readonly #folder: PackFolder
  readonly #base: string

  /** `base`: the address of the repository that the pack mirrors. */
  constructor(folder: PackFolder, base: string) {
    this.#folder = folder
    this.#base = base
  }

  async bytes(url: string, { maxBytes, signal }: FetchBytes): Promise<Uint8Array | null> {
    requireGoing(signal)
    return this.#folder.bytes(packPath(url, this.#base), maxBytes)
  }

  async open(url: string, { from, signal }: FetchRange): Promise<Download> {
    requireGoing(signal)
    const name = packPath(url, this.#base)
    const body = await this.#folder.stream(name, from)
    if (!body) throw new AppError('sync.not-found', { detail: { path: name.join('/') } })
    return { start: from, etag: null, body: untilStopped(body, signal) }
  }

  /** Bytes of a file; null when the pack has none. */
  size(url: string): Promise<number | null> {
    return this.#folder.size(packPath(url, this.#base))
  }
}

/** Where a pack keeps what its repository has at `url`, part by part. Throws `sync.bad-url`. */
export function packPath(url: string, base: string): string[] {
  const root = repositoryUrls(base).metadata.slice(0, -'metadata/'.length)
  if (!url.startsWith(root)) throw new AppError('sync.bad-url', { detail: { url: url.slice(0, 300) } })
  // Each part was encoded on its own: a slash inside of one comes back as a slash, and is refused where it is opened.
  return url
    .slice(root.length)
    .split('/')
    .map((part) => decodeURIComponent(part))
}

async function* untilStopped(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const part of body) {
    requireGoing(signal)
    yield part
  }
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled')
}
