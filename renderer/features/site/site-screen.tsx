import { useCallback, useRef, useState } from 'react'
import type { BoardGroup, BoardPage, BoardRow } from '../../../shared/contract/site.ts'
import { usePages } from '../../api/pages.ts'
import { LoadedPage } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { Page } from '../../ui/page.tsx'
import { focusFirstRow, PagedGrid } from '../../ui/paged-grid.tsx'
import { useWords, type Words } from '../../words.tsx'
import { Arrivals } from './arrivals.tsx'
import { BoardRowView } from './board-row.tsx'
import { GroupTiles } from './group-tiles.tsx'
import { lineAt, lineCount } from './items.ts'
import { SiteChooser } from './site-chooser.tsx'
import { WaitingLoaders } from './waiting.tsx'
import './site.css'

/** Home: which devices run what they should, which do not, why not, and the next touch. */
export function SiteScreen() {
  const { say } = useWords()
  const [words, setWords] = useState('')
  const [group, setGroup] = useState<BoardGroup | null>(null)
  const pages = usePages('site.page', { words, group })
  return (
    <LoadedPage of={pages}>
      {(board) =>
        board.site === null && board.total === 0 ? (
          <Page name={say('site.title')} title={say('site.noSiteTitle')} lead={say('site.noSiteWhy')}>
            <SiteChooser />
          </Page>
        ) : (
          <Board
            board={board}
            row={pages.row}
            onView={pages.onView}
            words={words}
            onWords={setWords}
            group={group}
            onGroup={setGroup}
          />
        )
      }
    </LoadedPage>
  )
}

interface BoardProps {
  readonly board: BoardPage
  readonly row: (index: number) => BoardRow | undefined
  readonly onView: (view: readonly [first: number, last: number]) => void
  readonly words: string
  readonly onWords: (words: string) => void
  readonly group: BoardGroup | null
  readonly onGroup: (group: BoardGroup | null) => void
}

function Board(props: BoardProps) {
  const { board, words: filter } = props
  const words = useWords()
  const { say } = words
  const list = useRef<HTMLDivElement>(null)
  const shown = board.found.reduce((sum, { count }) => sum + count, 0)
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
      <Arrivals />
      {board.total === 0 ? (
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
            <GroupTiles counts={board.counts} chosen={props.group} onChoose={props.onGroup} />
            <FilterField
              label={say('common.filter')}
              placeholder={say('common.filterHint')}
              clearLabel={say('common.clearFilter')}
              value={filter}
              onChange={props.onWords}
              onDown={() => focusFirstRow(list.current)}
              status={filter === '' ? '' : say('common.countOf', { shown, all: board.total })}
            />
          </div>
          {shown === 0 ? (
            <Empty
              icon="search"
              title={say('common.noMatch', { text: filter })}
              actions={<Button onPress={() => props.onWords('')}>{say('common.clearFilter')}</Button>}
            />
          ) : (
            <div ref={list}>
              <BoardList {...props} />
            </div>
          )}
        </>
      )}
    </Page>
  )
}

function BoardList({ board: { found }, row, onView }: BoardProps) {
  const { say, formats } = useWords()
  const view = useCallback(
    ([first, last]: readonly [number, number]) => {
      const number = (line: number) => {
        const there = lineAt(found, line)
        return there.kind === 'row' ? there.row : null
      }
      // The line below a heading is a row.
      onView([number(first) ?? number(first + 1) ?? 0, number(last) ?? number(last - 1) ?? 0])
    },
    [found, onView],
  )
  return (
    <PagedGrid
      label={say('site.list')}
      count={lineCount(found)}
      estimate={76}
      onView={view}
      render={(index) => {
        const line = lineAt(found, index)
        if (line.kind === 'group') {
          return (
            <h2 key={line.group} className="board-group">
              {say(`site.${line.group}`)} <span className="quiet">{formats.number(line.count)}</span>
            </h2>
          )
        }
        const there = row(line.row)
        return there ? <BoardRowView key={there.key} row={there} /> : null
      }}
    />
  )
}

function headline(board: BoardPage, { say }: Words): string {
  const all = board.total
  const right = board.counts['up-to-date']
  if (all === 0) return board.site?.title ?? say('site.title')
  return right === all ? say('site.allRight', { all }) : say('site.summary', { right, all })
}

function rest(board: BoardPage, { say, formats }: Words): string {
  const { counts } = board
  const parts: string[] = []
  if (counts['needs-you'] > 0) parts.push(say('site.needYou', { n: counts['needs-you'] }))
  if (counts['to-update'] > 0) parts.push(say('site.needUpdate', { n: counts['to-update'] }))
  if (counts['not-here'] > 0) parts.push(say('site.notHere', { n: counts['not-here'] }))
  return parts.length > 0 ? `${formats.list(parts)}.` : ''
}
