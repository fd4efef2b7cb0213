import { expect, test } from 'vitest'
import { boardPage } from '../../../electron/host/board/page.ts'
import { lineAt, lineCount } from '../../../renderer/features/site/items.ts'
import type { BoardGroup } from '../../../shared/contract/site.ts'
import { lookOf } from '../../fixtures/scripted-host/board-look.ts'
import { BUSY_ROWS, board } from '../../fixtures/scripted-host/device-data.ts'

const look = lookOf(board([...BUSY_ROWS]))

/** The lines of the list as a person reads them. */
function names(words: string, group: BoardGroup | null = null): string[] {
  const { found, rows } = boardPage(look, { words, group, from: 0, count: 100 })
  return Array.from({ length: lineCount(found) }, (_, index) => {
    const line = lineAt(found, index)
    return line.kind === 'group' ? `# ${line.group} ${line.count}` : (rows[line.row]?.name ?? '')
  })
}

test('groups stand in the order in which a person should look, rows by name with numbers as numbers', () => {
  const items = names('')
  expect(items.filter((each) => each.startsWith('#'))).toEqual([
    '# needs-you 2',
    '# to-update 3',
    '# up-to-date 12',
    '# not-here 1',
  ])
  expect(items.slice(3, 7)).toEqual(['# to-update 3', 'crane-08', 'crane-09', 'winch-01'])
})

test('every word of the filter must be found somewhere in the row', () => {
  expect(names('winch 4.1.2')).toEqual([
    '# needs-you 1',
    'winch-03',
    '# to-update 1',
    'winch-01',
    '# not-here 1',
    'winch-05',
  ])
  expect(names('CR-0008')).toEqual(['# to-update 1', 'crane-08'])
  expect(names('no such thing')).toEqual([])
})

test('one group can be shown alone', () => {
  expect(names('', 'not-here')).toEqual(['# not-here 1', 'winch-05'])
})

test('a page is a part of what was found, and knows how much there is', () => {
  const page = boardPage(look, { words: 'crane', group: null, from: 2, count: 3 })
  const whole = boardPage(look, { words: 'crane', group: null, from: 0, count: 100 })
  expect(page.rows).toEqual(whole.rows.slice(2, 5))
  expect(page.found).toEqual(whole.found)
  expect(page.total).toBe(BUSY_ROWS.length)
})
