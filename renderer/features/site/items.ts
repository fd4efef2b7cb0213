import type { BoardGroup, BoardPage } from '../../../shared/contract/site.ts'

/** The four groups in the order in which a person should look. */
export const GROUPS: readonly BoardGroup[] = ['needs-you', 'to-update', 'up-to-date', 'not-here']

/** A line of the list: the heading of a group, or the row with this number among those that were found. */
export type BoardLine =
  | { readonly kind: 'group'; readonly group: BoardGroup; readonly count: number }
  | { readonly kind: 'row'; readonly row: number }

/** Lines of the whole list: the rows of each group below its heading. */
export function lineCount(found: BoardPage['found']): number {
  return found.reduce((sum, { count }) => sum + 1 + count, 0)
}

/** What stands in a line, counted from 0 at the top. */
export function lineAt(found: BoardPage['found'], line: number): BoardLine {
  let [top, rows] = [0, 0]
  for (const { group, count } of found) {
    if (line === top) return { kind: 'group', group, count }
    if (line <= top + count) return { kind: 'row', row: rows + line - top - 1 }
    top += 1 + count
    rows += count
  }
  return { kind: 'row', row: rows }
}
