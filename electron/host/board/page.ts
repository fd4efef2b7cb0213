import type { BoardGroup, BoardPage } from '../../../shared/contract/site.ts'
import type { Site } from '../../../shared/model/site.ts'
import { found, wordsOf } from './found.ts'
import type { BoardLook } from './look.ts'

/** What somebody wants to see of a board. */
export interface BoardWish {
  readonly words: string
  readonly group: BoardGroup | null
  readonly from: number
  readonly count: number
}

/** One page of what is found on a board. Pure. */
export function boardPage(look: BoardLook, { words, group, from, count }: BoardWish): BoardPage {
  const matching = found(look.byGroup, wordsOf(words)).filter((entry) => group === null || entry.group === group)
  const groups = new Map<BoardGroup, number>()
  for (const entry of matching) groups.set(entry.group, (groups.get(entry.group) ?? 0) + 1)
  return {
    site: look.site && headOf(look.site),
    counts: look.counts,
    total: look.byName.length,
    found: [...groups].map(([group, count]) => ({ group, count })),
    from,
    rows: matching.slice(from, from + count).map(({ place }) => look.row(place)),
  }
}

export function headOf({ id, title, zone }: Pick<Site, 'id' | 'title' | 'zone'>): NonNullable<BoardPage['site']> {
  return { id, title, zone }
}
