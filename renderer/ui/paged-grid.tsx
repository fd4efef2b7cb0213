import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { scrollerOf, useListOffset } from './list-offset.ts'
import './paged-grid.css'

export interface PagedGridProps {
  readonly label: string
  /** Rows in all, wherever they are. */
  readonly count: number
  /** With a key of what it shows; null while that is on its way. */
  readonly render: (index: number) => ReactNode | null
  /** Height of a typical row, px; real heights are measured. */
  readonly estimate: number
  /** Which rows are in view, first and last. Told again when it is another function. */
  readonly onView: (view: readonly [first: number, last: number]) => void
}

/**
 * A grid of any number of rows that keeps only those in view. Arrow keys, Page up and down, Home and End go from row
 * to row, Enter opens the row's first link; Tab goes into it. It scrolls with the nearest ancestor marked
 * `data-scroller`, so that a page has one scroll bar.
 */
export function PagedGrid(props: PagedGridProps) {
  const { count, onView } = props
  const grid = useRef<HTMLDivElement>(null)
  const offset = useListOffset(grid)
  const [chosen, setChosen] = useState(0)
  const wantsFocus = useRef(false)
  const active = Math.max(0, Math.min(chosen, count - 1))
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scrollerOf(grid.current),
    estimateSize: () => props.estimate,
    // By place and not by what stands there: a row that is filled keeps the focus that waited in it.
    getItemKey: (index) => index,
    overscan: 6,
    scrollMargin: offset,
    // The row that has the focus stays, or the focus would be lost with it.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return shown.includes(active) || count === 0 ? shown : [...shown, active].toSorted((a, b) => a - b)
    },
  })

  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {}
  useEffect(() => onView([startIndex, endIndex]), [startIndex, endIndex, onView])

  useEffect(() => {
    if (!wantsFocus.current) return
    const row = rowAt(grid.current, active)
    if (!row) return
    wantsFocus.current = false
    row.focus({ preventScroll: true })
  })

  const go = useCallback(
    (index: number) => {
      const next = Math.max(0, Math.min(index, count - 1))
      wantsFocus.current = true
      setChosen(next)
      virtual.scrollToIndex(next, { align: 'auto' })
    },
    [count, virtual],
  )
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.metaKey) return
    const row = (event.target as Element).closest<HTMLElement>('[role="row"]')
    if (!row) return
    if (event.key === 'Enter') {
      if (event.target === row) row.querySelector<HTMLElement>('a[href], button')?.click()
      return
    }
    const index = target(event.key, active, count, Math.max(1, endIndex - startIndex - 1))
    if (index === null) return
    event.preventDefault()
    go(index)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which a table cannot have
    <div
      ref={grid}
      className="paged-grid"
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={count}
      style={{ height: `${virtual.getTotalSize()}px` }}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const row = event.target.closest<HTMLElement>('[role="row"]')
        if (row) setChosen(Number(row.dataset.index))
      }}
    >
      {virtual.getVirtualItems().map((item) => {
        const content = props.render(item.index)
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={item.key}
            ref={virtual.measureElement}
            role="row"
            data-index={item.index}
            aria-rowindex={item.index + 1}
            aria-busy={content === null}
            tabIndex={item.index === active ? 0 : -1}
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            <div role="gridcell" tabIndex={-1}>
              {content ?? <div className="paged-grid-blank" style={{ height: `${props.estimate}px` }} />}
            </div>
          </div>
        )
      })}
    </div>
  )
}

/** The first row of the grid below this element takes the focus: the way from a filter into what it found. */
export function focusFirstRow(below: Element | null): void {
  below?.querySelector<HTMLElement>('[role="grid"] > [role="row"][tabindex="0"]')?.focus()
}

function rowAt(grid: HTMLElement | null, index: number): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[role="row"][data-index="${index}"]`) ?? null
}

/** Where a key leads from a row; null: nowhere. */
function target(key: string, from: number, count: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return from + 1
    case 'ArrowUp':
      return from - 1
    case 'PageDown':
      return from + page
    case 'PageUp':
      return from - page
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
