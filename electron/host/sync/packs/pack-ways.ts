import type { WayFile, Ways } from '../../../../shared/model/ways.ts'
import type { TargetInfo } from '../../trust/library.ts'
import { WaysReader, waysPointer, wayUrl } from '../delta-ways.ts'
import type { RepositoryUrls } from '../repository-urls.ts'
import type { PackFetcher } from './pack-fetcher.ts'

/** The ways that a pack has all files of. One without any is the usual case, and no failure. */
export class PackWaysReader extends WaysReader {
  readonly #pack: PackFetcher

  constructor(pack: PackFetcher) {
    super(pack)
    this.#pack = pack
  }

  override async of(target: TargetInfo, urls: RepositoryUrls, signal: AbortSignal): Promise<Ways | null> {
    const pointer = waysPointer(target)
    if (!pointer || !(await this.#has(pointer, urls))) return null
    const ways = await super.of(target, urls, signal)
    if (!ways) return null
    const deltas: Ways['deltas'] = []
    for (const delta of ways.deltas) if (await this.#hasAll(delta.files, urls)) deltas.push(delta)
    const compressed = ways.compressed && (await this.#hasAll([ways.compressed], urls)) ? ways.compressed : null
    // Chunks are for links: who is at hand with a stick can as well bring all of the file.
    return { ...ways, deltas, compressed, chunks: null }
  }

  /** Whether a console that holds some files can make this one from what is here. */
  async leadTo(
    target: TargetInfo,
    urls: RepositoryUrls,
    held: (sha256: string) => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const ways = await this.of(target, urls, signal)
    return ways !== null && (ways.compressed !== null || ways.deltas.some(({ from }) => held(from.sha256)))
  }

  async #hasAll(files: readonly WayFile[], urls: RepositoryUrls): Promise<boolean> {
    for (const file of files) if (!(await this.#has(file, urls))) return false
    return true
  }

  async #has(file: Pick<WayFile, 'name' | 'sha256' | 'length'>, urls: RepositoryUrls): Promise<boolean> {
    return (await this.#pack.size(wayUrl(urls, file))) === file.length
  }
}
