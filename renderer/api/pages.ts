import { useState } from 'react'
import type { ErrorData } from '../../shared/errors.ts'
import { useWatch } from './host.tsx'
import type { WatchInput, WatchMethod, WatchOutput } from './methods.ts'

/** Rows asked for at a time. A view is never as long. */
const PAGE = 100

/** Watches that bring a part of a long list. */
export type PagedMethod = {
  [M in WatchMethod]: WatchOutput<M> extends { readonly from: number; readonly rows: readonly unknown[] } ? M : never
}[WatchMethod]
type Row<M extends PagedMethod> = WatchOutput<M> extends { readonly rows: readonly (infer R)[] } ? R : never
type Wish<M extends PagedMethod> = Omit<WatchInput<M>, 'from' | 'count'>

export interface Pages<M extends PagedMethod> {
  /** What the host last said of the list as a whole; of the wish before while the answer is on its way. */
  readonly value: WatchOutput<M> | undefined
  readonly error: ErrorData | null
  readonly at: number
  /** Undefined while it is on its way. */
  readonly row: (index: number) => Row<M> | undefined
  /** These rows are looked at, from the first to the last. Always the same function. */
  readonly onView: (view: readonly [first: number, last: number]) => void
}

interface Kept<M extends PagedMethod> {
  readonly wish: string
  readonly head: WatchOutput<M>
  readonly at: number
  readonly pages: ReadonlyMap<number, readonly Row<M>[]>
}

/** A list of any length, of which only the pages in view are watched. */
export function usePages<M extends PagedMethod>(method: M, wish: Wish<M>): Pages<M> {
  const key = JSON.stringify(wish)
  const [[first, last], onView] = useState<readonly [first: number, last: number]>([0, 0])
  const [from, to] = [first - (first % PAGE), last - (last % PAGE)]
  const part = (at: number) => ({ ...wish, from: at, count: PAGE }) as WatchInput<M>
  const top = useWatch(method, part(from))
  const bottom = useWatch(method, to === from ? undefined : part(to))
  const [kept, setKept] = useState<Kept<M> | null>(null)
  const next = merged(merged(kept, key, top), key, bottom)
  if (next !== kept) setKept(next)
  return {
    value: next?.head,
    error: top.error ?? bottom.error,
    at: next?.at ?? 0,
    row: (index) => next?.pages.get(index - (index % PAGE))?.[index % PAGE],
    onView,
  }
}

/** What is kept with one more page; itself when that brings nothing new. */
function merged<M extends PagedMethod>(
  kept: Kept<M> | null,
  wish: string,
  { value, at }: { readonly value: WatchOutput<M> | undefined; readonly at: number },
): Kept<M> | null {
  if (!value) return kept
  const { from, rows } = value as unknown as { from: number; rows: readonly Row<M>[] }
  const pages = kept?.wish === wish ? kept.pages : new Map<number, readonly Row<M>[]>()
  if (pages.get(from) === rows && kept?.wish === wish) return kept
  const newest = kept?.wish !== wish || at >= kept.at
  return {
    wish,
    head: newest ? value : kept.head,
    at: Math.max(at, kept?.at ?? 0),
    pages: new Map(pages).set(from, rows),
  }
}
