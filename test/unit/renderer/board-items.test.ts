import { expect, test } from 'vitest'
import { boardItems } from '../../../renderer/features/site/items.ts'
import { BUSY_ROWS } from '../../fixtures/scripted-host/device-data.ts'

const names = (filter: string, group: Parameters<typeof boardItems>[2] = null) =>
  boardItems(BUSY_ROWS, filter, group).map((item) =>
    item.kind === 'row' ? item.row.name : `# ${item.group} ${item.count}`,
  )

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
