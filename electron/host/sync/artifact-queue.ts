import { AppError, isAppError, toErrorData } from '../../../shared/errors.ts'
import type { ArtifactBringer, TakenWay } from './artifact-bringer.ts'
import { type ItemProgress, isHeldBack } from './sync-view.ts'
import type { WantedArtifact } from './wanted.ts'

export interface ArtifactQueueOptions {
  readonly bringer: ArtifactBringer
  /** Records a whole, verified file, with its audit entry. */
  readonly stored: (item: WantedArtifact, way: TakenWay) => Promise<void>
  readonly progress: (item: WantedArtifact, progress: ItemProgress) => void
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/** Two at once fill a link that one connection does not; more only make each of them late. */
const LARGE_AT_ONCE = 2
/** A small file is mostly waiting for the answer: on a long way many must be asked for at once. */
const SMALL_AT_ONCE = 14
/** What comes within a round trip or two of a satellite link at one Mbit/s, bytes. */
const SMALL_BYTES = 64 * 1024
/** Tries in a row that brought not one byte before an artifact is given up for now. */
const VAIN_TRIES = 4
const FIRST_PAUSE_MS = 500

/**
 * Fetches artifacts, several at once, each until it is whole or fails for good. A try that brought bytes starts the
 * count anew: a link that breaks every few hundred kilobytes still gets there. One that fails leaves the others be,
 * except where all would fail alike. Returns the first failure; null when there was none.
 *
 * The more urgent ones are begun first. Of those that are equally urgent, small and large ones come side by side: the
 * large ones fill the link while the small ones wait for their answers.
 */
export async function fetchAll(
  items: readonly WantedArtifact[],
  options: ArtifactQueueOptions,
): Promise<AppError | null> {
  let first: AppError | null = null
  let ended = false
  const isSmall = ({ target }: WantedArtifact) => target.length <= SMALL_BYTES
  const lanes = (waiting: WantedArtifact[], atOnce: number) =>
    Array.from({ length: Math.min(atOnce, waiting.length) }, async () => {
      for (let item = waiting.shift(); item && !ended; item = waiting.shift()) {
        const failure = await fetchOne(item, options)
        if (!failure) continue
        // That a limit is reached hides nothing that went wrong.
        if (!first || isHeldBack(first.code)) first = failure
        if (endsAll(failure)) ended = true
      }
    })
  for (const group of byPriority(items)) {
    const small = group.filter(isSmall)
    const large = group.filter((item) => !isSmall(item))
    await Promise.all([...lanes(small, SMALL_AT_ONCE), ...lanes(large, LARGE_AT_ONCE)])
  }
  return first
}

/** In their order, cut where the priority changes. */
function byPriority(items: readonly WantedArtifact[]): WantedArtifact[][] {
  const groups: WantedArtifact[][] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last?.[0]?.priority === item.priority) last.push(item)
    else groups.push([item])
  }
  return groups
}

async function fetchOne(item: WantedArtifact, options: ArtifactQueueOptions): Promise<AppError | null> {
  let here: { way: TakenWay; done: number } | null = null
  const say = (fetching: boolean, error: AppError | null) => {
    if (here) options.progress(item, { ...here, fetching, reason: error?.toData() ?? null })
  }
  for (let vain = 0; ; ) {
    let before = Number.POSITIVE_INFINITY
    try {
      here = await options.bringer.plan(item, options.signal)
      before = here.done
      const taken = await options.bringer.bring(item, {
        signal: options.signal,
        onProgress: (done, way) => {
          // Another way: what it brings is counted from its own beginning.
          if (way.kind !== here?.way.kind) before = Math.min(before, done)
          here = { way, done }
          say(true, null)
        },
      })
      await options.stored(item, taken)
      return null
    } catch (error) {
      const failure = coded(error)
      vain = here && here.done > before ? 0 : vain + 1
      // What turned out to be damaged was thrown away.
      if (!options.signal.aborted) here = await options.bringer.plan(item, options.signal).catch(() => here)
      const again = failure.retry === 'now' && failure.code.startsWith('sync.') && vain < VAIN_TRIES
      say(again, again ? null : failure)
      if (!again) return failure
      await options.sleep(FIRST_PAUSE_MS * 2 ** vain, options.signal).catch(() => {})
    }
  }
}

const ENDS_ALL: readonly string[] = [
  'cancelled',
  'disk.full',
  'store.read-only',
  'sync.unreachable',
  'sync.offline',
  'sync.outside-window',
  'sync.time-over',
]

function endsAll(failure: AppError): boolean {
  return ENDS_ALL.includes(failure.code)
}

function coded(error: unknown): AppError {
  if (isAppError(error)) return error
  return new AppError(toErrorData(error).code, { cause: error })
}
