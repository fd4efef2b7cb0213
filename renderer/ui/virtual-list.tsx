import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef, useState } from 'react'
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
  const [offset, setOffset] = useState(0)
  const scroller = () => list.current?.closest<HTMLElement>('[data-scroller]') ?? null
  const virtual = useVirtualizer({
    count: props.items.length,
    getScrollElement: scroller,
    estimateSize: () => props.estimate,
    getItemKey: (index) => props.keyOf(props.items[index] as T),
    overscan: 8,
    scrollMargin: offset,
  })

  // What stands above the list can grow and shrink; the list must know where it begins.
  useEffect(() => {
    const element = list.current
    const within = scroller()
    if (!element || !within) return undefined
    const measure = () =>
      setOffset(Math.round(element.getBoundingClientRect().top - within.getBoundingClientRect().top + within.scrollTop))
    measure()
    const observer = new ResizeObserver(measure)
    for (const each of [within, ...within.querySelectorAll('[data-page]')]) observer.observe(each)
    return () => observer.disconnect()
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
