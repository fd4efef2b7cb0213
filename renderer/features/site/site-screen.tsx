import { useDeferredValue, useMemo, useState } from 'react'
import type { BoardGroup, SiteBoard } from '../../../shared/contract/site.ts'
import { useWatch } from '../../api/host.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { Page } from '../../ui/page.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { useWords, type Words } from '../../words.tsx'
import { Arrivals } from './arrivals.tsx'
import { BoardRowView } from './board-row.tsx'
import { GroupTiles } from './group-tiles.tsx'
import { boardItems } from './items.ts'
import { SiteChooser } from './site-chooser.tsx'
import { WaitingLoaders } from './waiting.tsx'
import './site.css'

/** Home: which devices run what they should, which do not, why not, and the next touch. */
export function SiteScreen() {
  const { say } = useWords()
  const board = useWatch('site.board', null)
  return (
    <LoadedPage of={board}>
      {(value) =>
        value.site === null && value.rows.length === 0 ? (
          <Page name={say('site.title')} title={say('site.noSiteTitle')} lead={say('site.noSiteWhy')}>
            <SiteChooser />
          </Page>
        ) : (
          <Board board={value} />
        )
      }
    </LoadedPage>
  )
}

function Board(props: { readonly board: SiteBoard }) {
  const { board } = props
  const words = useWords()
  const { say } = words
  const [filter, setFilter] = useState('')
  const [group, setGroup] = useState<BoardGroup | null>(null)
  const wanted = useDeferredValue(filter)
  const items = useMemo(() => boardItems(board.rows, wanted, group), [board.rows, wanted, group])
  const shown = items.filter((item) => item.kind === 'row').length
  return (
    <Page
      name={board.site?.title ?? say('site.title')}
      title={headline(board, words)}
      lead={rest(board, words)}
      actions={
        <>
          <Button icon="search" href={paths.find}>
            {say('find.open')}
          </Button>
          <Button href={paths.settings('trust')}>{say('site.change')}</Button>
        </>
      }
    >
      <WaitingLoaders />
      <Arrivals rows={board.rows} />
      {board.rows.length === 0 ? (
        <Empty
          icon="link"
          title={say('site.emptyTitle')}
          actions={
            <Button kind="primary" href={paths.settings('connections')}>
              {say('site.emptyAddress')}
            </Button>
          }
        >
          {say('site.emptyWhy')}
        </Empty>
      ) : (
        <>
          <div className="board-tools">
            <GroupTiles counts={board.counts} chosen={group} onChoose={setGroup} />
            <FilterField
              label={say('common.filter')}
              placeholder={say('common.filterHint')}
              clearLabel={say('common.clearFilter')}
              value={filter}
              onChange={setFilter}
              status={wanted === '' ? '' : say('common.countOf', { shown, all: board.rows.length })}
            />
          </div>
          {shown === 0 ? (
            <Empty
              icon="search"
              title={say('common.noMatch', { text: wanted })}
              actions={<Button onPress={() => setFilter('')}>{say('common.clearFilter')}</Button>}
            />
          ) : (
            <VirtualList
              label={say('site.list')}
              items={items}
              keyOf={(item) => (item.kind === 'row' ? item.row.key : item.group)}
              estimate={76}
              render={(item) =>
                item.kind === 'group' ? (
                  <h2 className="board-group">
                    {say(`site.${item.group}`)} <span className="quiet">{item.count}</span>
                  </h2>
                ) : (
                  <BoardRowView row={item.row} />
                )
              }
            />
          )}
        </>
      )}
    </Page>
  )
}

function headline(board: SiteBoard, { say }: Words): string {
  const all = board.rows.length
  const right = board.counts['up-to-date']
  if (all === 0) return board.site?.title ?? say('site.title')
  return right === all ? say('site.allRight', { all }) : say('site.summary', { right, all })
}

function rest(board: SiteBoard, { say, formats }: Words): string {
  const { counts } = board
  const parts: string[] = []
  if (counts['needs-you'] > 0) parts.push(say('site.needYou', { n: counts['needs-you'] }))
  if (counts['to-update'] > 0) parts.push(say('site.needUpdate', { n: counts['to-update'] }))
  if (counts['not-here'] > 0) parts.push(say('site.notHere', { n: counts['not-here'] }))
  return parts.length > 0 ? `${formats.list(parts)}.` : ''
}
