import type { SyncGroup, SyncItem } from '../../../shared/contract/sync.ts'
import { allowance, type WaitsFor } from './limits/allowance.ts'
import type { CurrentLimits } from './limits/sync-limits.ts'

const left = ({ move, done }: SyncItem) => move - done

export interface GroupsOptions {
  readonly limits: CurrentLimits
  /** Bytes that this sync has moved already. */
  readonly used: number
  /** Bytes a second; null where nobody knows. */
  readonly rate: number | null
}

/** What is still to come, by urgency: how much of it now, how long that takes, and why the rest waits. */
export function syncGroups(items: readonly SyncItem[], { limits, used, rate }: GroupsOptions): SyncGroup[] {
  const missing = items.filter(({ state }) => state !== 'held')
  const { chosen, waiting, room } = allowance(missing, left, lessUsed(limits, used))
  const may = new Set(chosen)
  const groups: SyncGroup[] = []
  let free = room ?? Number.POSITIVE_INFINITY
  let before = 0
  for (const priority of new Set(missing.map((item) => item.priority))) {
    const members = missing.filter((item) => item.priority === priority)
    let now = 0
    for (const item of members.filter((item) => may.has(item))) {
      const bytes = Math.min(left(item), free)
      free -= bytes
      now += bytes
    }
    before += now
    const bytes = members.reduce((sum, item) => sum + left(item), 0)
    const why = whyOf(members, waiting) ?? (now < bytes ? 'budget' : null)
    groups.push({
      priority,
      files: members.length,
      bytes,
      now,
      etaMs: rate !== null && rate > 0 && now > 0 ? Math.round((before / rate) * 1000) : null,
      waits: why && limits.waits(why, null, bytes - now).toData(),
    })
  }
  return groups
}

function lessUsed({ rules }: CurrentLimits, used: number): CurrentLimits['rules'] {
  const rest = (bytes: number) => Math.max(0, bytes - used)
  return { ...rules, budget: rules.budget === null ? null : rest(rules.budget), meteredBytes: rest(rules.meteredBytes) }
}

function whyOf(members: readonly SyncItem[], waiting: ReadonlyMap<SyncItem, WaitsFor>): WaitsFor | null {
  for (const item of members) {
    const why = waiting.get(item)
    if (why) return why
  }
  return null
}
