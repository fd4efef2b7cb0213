import { AppError } from '../../../shared/errors.ts'
import { type FileFacts, WAYS_FOLDER, Ways, WaysPointer } from '../../../shared/model/ways.ts'
import { sha256Hex } from '../crypto/hash.ts'
import { tableLength } from '../delta/block-table.ts'
import { validate } from '../trust/documents.ts'
import type { TargetInfo } from '../trust/library.ts'
import type { Fetcher } from './fetcher.ts'
import { artifactUrl, type RepositoryUrls } from './repository-urls.ts'

/** A description of ways, or a block table of a file of 32 GiB. Anything larger is neither. */
const LIMIT = 4 * 1024 * 1024

/** What signed metadata says of the ways to an artifact; null where it says nothing that we understand. */
export function waysPointer({ custom }: Pick<TargetInfo, 'custom'>): WaysPointer | null {
  const pointer = typeof custom === 'object' && custom !== null && 'ways' in custom ? custom.ways : null
  return WaysPointer.safeParse(pointer).data ?? null
}

/** Fetches the small files that say how an artifact may be fetched. Each is proved before it is read. */
export class WaysReader {
  readonly #fetcher: Fetcher
  readonly #known = new Map<string, Ways>()

  constructor(fetcher: Fetcher) {
    this.#fetcher = fetcher
  }

  /** Null where the publisher made none. Throws `sync.*`, `trust.*`, `document.*`. */
  async of(target: TargetInfo, urls: RepositoryUrls, signal: AbortSignal): Promise<Ways | null> {
    const pointer = waysPointer(target)
    if (!pointer) return null
    const known = this.#known.get(pointer.sha256)
    if (known) return known
    const ways = validate(Ways, pointer.name, await this.bytes(pointer, urls, signal))
    if (ways.sha256 !== target.sha256 || ways.length !== target.length) {
      throw new AppError('sync.bad-delta', { detail: { why: 'another artifact' } })
    }
    this.#known.set(pointer.sha256, ways)
    return ways
  }

  /** The block table of a file of `length` bytes. Throws `sync.*`, `trust.*`. */
  async table(
    name: string,
    facts: FileFacts,
    length: number,
    urls: RepositoryUrls,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (facts.length !== tableLength(length)) throw new AppError('sync.bad-delta', { detail: { why: 'table' } })
    return this.bytes({ name: `${name}.blk`, ...facts }, urls, signal)
  }

  forget(): void {
    this.#known.clear()
  }

  /** A small file beside an artifact. Throws `sync.*`, `trust.*`. */
  async bytes({ name, sha256, length }: WaysPointer, urls: RepositoryUrls, signal: AbortSignal): Promise<Uint8Array> {
    if (length > LIMIT) throw new AppError('trust.too-large', { detail: { role: name, limit: LIMIT, length } })
    const url = wayUrl(urls, { name, sha256, length })
    const bytes = await this.#fetcher.bytes(url, { maxBytes: length, signal })
    if (!bytes) throw new AppError('sync.not-found', { detail: { path: name } })
    if (bytes.length === length && sha256Hex(bytes) === sha256) return bytes
    throw new AppError('trust.hash-mismatch', { detail: { target: name } })
  }
}

/** Where a file beside an artifact lies. */
export function wayUrl(urls: RepositoryUrls, { name, sha256, length }: { readonly name: string } & FileFacts): string {
  return artifactUrl(urls, { path: `${WAYS_FOLDER}${name}`, sha256, length, custom: null, role: '', chain: [] })
}
