import type { BoardGroup, BoardRow } from '../../../shared/contract/site.ts'

/** What the list shows, top to bottom: groups in the order in which a person should look, rows by name. */
export type BoardItem =
  | { readonly kind: 'group'; readonly group: BoardGroup; readonly count: number }
  | { readonly kind: 'row'; readonly row: BoardRow }

export const GROUPS: readonly BoardGroup[] = ['needs-you', 'to-update', 'up-to-date', 'not-here']

const byName = new Intl.Collator(undefined, { numeric: true })

export function boardItems(rows: readonly BoardRow[], filter: string, only: BoardGroup | null): BoardItem[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = rows.filter((row) => words.every((word) => searchText(row).includes(word)))
  const items: BoardItem[] = []
  for (const group of GROUPS) {
    if (only !== null && group !== only) continue
    const inGroup = wanted.filter((row) => row.group === group).sort((a, b) => byName.compare(a.name, b.name))
    if (inGroup.length === 0) continue
    items.push({ kind: 'group', group, count: inGroup.length })
    for (const row of inGroup) items.push({ kind: 'row', row })
  }
  return items
}

function searchText(row: BoardRow): string {
  const versions = [...Object.values(row.running), ...Object.values(row.wanted)]
  return [row.name, row.typeTitle, row.type, row.serial, row.link?.address, ...versions].join(' ').toLowerCase()
}
