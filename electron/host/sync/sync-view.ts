import type { SyncItem, SyncView } from '../../../shared/contract/sync.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { TakenWay } from './artifact-bringer.ts'
import type { WantedArtifact } from './wanted.ts'

/** How far one artifact is. */
export interface ItemProgress {
  /** Bytes that are here of `way.bytes`. */
  readonly done: number
  readonly way: TakenWay
  readonly fetching: boolean
  readonly reason: ErrorData | null
}

export interface SyncFactsNow {
  readonly phase: SyncView['phase']
  readonly offline: boolean
  readonly url: string | null
  readonly wanted: readonly WantedArtifact[]
  held(sha256: string): boolean
  progress(sha256: string): ItemProgress | undefined
  /** On which way an artifact came that is here, as far as is remembered. */
  came(sha256: string): TakenWay | undefined
  readonly rate: number | null
  readonly lastSuccess: number | null
  readonly lastError: ErrorData | null
  readonly storedBytes: number
}

/** What screens and the command line see of a sync. */
export function syncView(facts: SyncFactsNow): SyncView {
  const items = facts.wanted.map((wanted) => itemView(wanted, facts))
  const toFetch = items.reduce((sum, item) => sum + (item.state === 'held' ? 0 : item.move - item.done), 0)
  return {
    phase: facts.phase,
    offlineChosen: facts.offline,
    url: facts.url,
    items,
    toFetch,
    etaMs: facts.rate !== null && facts.rate > 0 ? Math.round((toFetch / facts.rate) * 1000) : null,
    rate: facts.rate === null ? null : Math.round(facts.rate),
    lastSuccess: facts.lastSuccess,
    lastError: facts.lastError,
    storedBytes: facts.storedBytes,
  }
}

function itemView({ target, title, plans, priority }: WantedArtifact, facts: SyncFactsNow): SyncItem {
  const held = facts.held(target.sha256)
  const progress = facts.progress(target.sha256)
  const common = {
    target: target.path,
    title,
    plans: [...plans],
    priority,
    bytes: target.length,
    sha256: target.sha256,
  }
  if (held) {
    const way = facts.came(target.sha256) ?? null
    return { ...common, done: target.length, move: way?.bytes ?? target.length, way, state: 'held', reason: null }
  }
  const state = progress?.fetching ? 'fetching' : progress?.reason && !isWaiting(progress.reason) ? 'failed' : 'waiting'
  const way = progress?.way ?? null
  const move = way?.bytes ?? target.length
  return { ...common, done: Math.min(progress?.done ?? 0, move), move, way, state, reason: progress?.reason ?? null }
}

/** Left for later is no failure. */
function isWaiting(reason: ErrorData): boolean {
  return reason.code === 'sync.over-budget' || reason.code === 'cancelled'
}
