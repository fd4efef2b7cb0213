import { MAX_SYNC_ITEMS, type SyncItem, type SyncView } from '../../../shared/contract/sync.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { TakenWay } from './artifact-bringer.ts'
import type { CurrentLimits } from './limits/sync-limits.ts'
import { syncGroups } from './sync-groups.ts'
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
  /** Bytes a second that times are reckoned with where nothing is fetched now. */
  readonly expected: { readonly rate: number; readonly from: 'last-sync' | 'lists' } | null
  readonly limits: CurrentLimits
  /** Bytes that the running sync has moved. */
  readonly used: number
  readonly paused: SyncView['paused']
  readonly goesOn: SyncView['goesOn']
  readonly lastSuccess: number | null
  readonly lastError: ErrorData | null
  readonly storedBytes: number
}

/** What screens and the command line see of a sync. */
export function syncView(facts: SyncFactsNow): SyncView {
  const items = facts.wanted.map((wanted) => itemView(wanted, facts))
  const toFetch = items.reduce((sum, item) => sum + (item.state === 'held' ? 0 : item.move - item.done), 0)
  const rate = facts.rate ?? facts.expected?.rate ?? null
  return {
    phase: facts.phase,
    offlineChosen: facts.offline,
    url: facts.url,
    items,
    files: filesOf(items),
    toFetch,
    etaMs: rate !== null && rate > 0 ? Math.round((toFetch / rate) * 1000) : null,
    rate: facts.rate === null ? null : Math.round(facts.rate),
    etaFrom: facts.rate !== null ? 'now' : (facts.expected?.from ?? null),
    groups: syncGroups(items, { limits: facts.limits, used: facts.used, rate }),
    limits: facts.limits.view(facts.used),
    paused: facts.paused,
    goesOn: facts.goesOn,
    lastSuccess: facts.lastSuccess,
    lastError: facts.lastError,
    storedBytes: facts.storedBytes,
  }
}

/** What is known of all files together. */
export function filesOf(items: readonly SyncItem[]): SyncView['files'] {
  return {
    total: items.length,
    missing: items.filter(({ state }) => state !== 'held').length,
    bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
    done: items.reduce((sum, { done }) => sum + done, 0),
  }
}

/** The same with no more files than one look can show: what is here already is of less interest. */
export function briefly(view: SyncView): SyncView {
  const { items } = view
  if (items.length <= MAX_SYNC_ITEMS) return view
  const toCome = items.filter(({ state }) => state !== 'held').slice(0, MAX_SYNC_ITEMS)
  const held = items.filter(({ state }) => state === 'held').slice(0, MAX_SYNC_ITEMS - toCome.length)
  return { ...view, items: [...toCome, ...held] }
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
  const state = progress?.fetching
    ? 'fetching'
    : progress?.reason && !isLater(progress.reason.code)
      ? 'failed'
      : 'waiting'
  const way = progress?.way ?? null
  const move = way?.bytes ?? target.length
  return { ...common, done: Math.min(progress?.done ?? 0, move), move, way, state, reason: progress?.reason ?? null }
}

const HELD_BACK: readonly string[] = ['sync.over-budget', 'sync.metered', 'sync.outside-window', 'sync.time-over']

/** Left for later by the limits of a sync, and not because something went wrong. */
export function isHeldBack(code: string): boolean {
  return HELD_BACK.includes(code)
}

function isLater(code: string): boolean {
  return code === 'cancelled' || isHeldBack(code)
}
