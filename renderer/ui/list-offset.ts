import { type RefObject, useEffect, useState } from 'react'

/** What scrolls a list: its nearest ancestor marked `data-scroller`, so that a page has one scroll bar. */
export function scrollerOf(list: HTMLElement | null): HTMLElement | null {
  return list?.closest<HTMLElement>('[data-scroller]') ?? null
}

/** Where in what scrolls it a list begins, px. What stands above it can grow and shrink. */
export function useListOffset(list: RefObject<HTMLElement | null>): number {
  const [offset, setOffset] = useState(0)
  useEffect(() => {
    const element = list.current
    const within = scrollerOf(element)
    if (!element || !within) return undefined
    const measure = () =>
      setOffset(Math.round(element.getBoundingClientRect().top - within.getBoundingClientRect().top + within.scrollTop))
    measure()
    const observer = new ResizeObserver(measure)
    for (const each of [within, ...within.querySelectorAll('[data-page]')]) observer.observe(each)
    return () => observer.disconnect()
  })
  return offset
}
