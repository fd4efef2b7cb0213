import { AppError, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { ArtifactDownload } from './artifact-download.ts'
import type { ItemProgress } from './sync-view.ts'
import type { WantedArtifact } from './wanted.ts'

export interface ArtifactQueueOptions {
  readonly download: ArtifactDownload
  /** Where the server has it. */
  readonly urlOf: (item: WantedArtifact) => string
  /** Records a whole, verified file, with its audit entry. */
  readonly stored: (item: WantedArtifact) => Promise<void>
  readonly progress: (item: WantedArtifact, progress: ItemProgress) => void
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/** Two at once fill a link that one connection does not; more only make each of them late. */
const AT_ONCE = 2
/** Tries in a row that brought not one byte before an artifact is given up for now. */
const VAIN_TRIES = 4
const FIRST_PAUSE_MS = 500

/**
 * Fetches artifacts, a few at once, each until it is whole or fails for good. A try that brought bytes starts the
 * count anew: a link that breaks every few hundred kilobytes still gets there. One that fails leaves the others be,
 * except where all would fail alike. Returns the first failure; null when there was none.
 */
export async function fetchAll(
  items: readonly WantedArtifact[],
  options: ArtifactQueueOptions,
): Promise<AppError | null> {
  const waiting = [...items]
  let first: AppError | null = null
  const lane = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      const failure = await fetchOne(item, options)
      if (!failure) continue
      first ??= failure
      if (endsAll(failure)) waiting.length = 0
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return first
}

async function fetchOne(item: WantedArtifact, options: ArtifactQueueOptions): Promise<AppError | null> {
  let done = await options.download.partBytes(item.target.sha256)
  const say = (fetching: boolean, error: AppError | null) =>
    options.progress(item, { done, fetching, reason: error?.toData() ?? null })
  for (let vain = 0; ; ) {
    const before = done
    try {
      await options.download.fetch(item.target, options.urlOf(item), {
        signal: options.signal,
        onProgress: (bytes) => {
          done = bytes
          say(true, null)
        },
      })
      await options.stored(item)
      return null
    } catch (error) {
      const failure = coded(error)
      vain = done > before ? 0 : vain + 1
      // What turned out to be damaged was thrown away.
      done = await options.download.partBytes(item.target.sha256)
      const again = failure.retry === 'now' && failure.code.startsWith('sync.') && vain < VAIN_TRIES
      say(again, again ? null : failure)
      if (!again) return failure
      await options.sleep(FIRST_PAUSE_MS * 2 ** vain, options.signal).catch(() => {})
    }
  }
}

function endsAll(failure: AppError): boolean {
  return ['cancelled', 'disk.full', 'store.read-only', 'sync.unreachable', 'sync.offline'].includes(failure.code)
}

function coded(error: unknown): AppError {
  if (isAppError(error)) return error
  return new AppError(toErrorData(error).code, { cause: error })
}
