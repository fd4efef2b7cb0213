import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { scrollerOf, useListOffset } from './list-offset.ts'
import './virtual-list.css'

export interface VirtualListProps<T> {
  readonly label: string
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly render: (item: T) => ReactNode
  /** Height of a typical row, px; real heights are measured. */
  readonly estimate: number
  /** Called when the last row comes into view. */
  readonly onEnd?: () => void
}

/**
 * A list of any length that keeps only the rows in view. It scrolls with the nearest ancestor marked
 * `data-scroller`, so that a page has one scroll bar.
 */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const list = useRef<HTMLUListElement>(null)
  const offset = useListOffset(list)
  const virtual = useVirtualizer({
    count: props.items.length,
    getScrollElement: () => scrollerOf(list.current),
    estimateSize: () => props.estimate,
    getItemKey: (index) => props.keyOf(props.items[index] as T),
    overscan: 8,
    scrollMargin: offset,
  })

  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index
  const { onEnd, items } = props
  useEffect(() => {
    if (last !== undefined && last >= items.length - 1) onEnd?.()
  }, [last, items.length, onEnd])

  return (
    <ul ref={list} className="virtual-list" aria-label={props.label} style={{ height: `${virtual.getTotalSize()}px` }}>
      {rows.map((row) => (
        <li
          key={row.key}
          ref={virtual.measureElement}
          data-index={row.index}
          aria-setsize={items.length}
          aria-posinset={row.index + 1}
          style={{ transform: `translateY(${row.start - offset}px)` }}
        >
          {props.render(items[row.index] as T)}
        </li>
      ))}
    </ul>
  )
}
