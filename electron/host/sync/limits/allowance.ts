import type { Priority } from '../wanted.ts'

/** What is fetched in one piece at least, bytes: a file's smallest proved part. */
export const BLOCK_BYTES = 256 * 1024

export interface AllowanceRules {
  /** Bytes that this sync may move; null: any. */
  readonly budget: number | null
  readonly metered: boolean
  /** Bytes that urgent files may take of a link that is paid by the byte. */
  readonly meteredBytes: number
  /** Files may be fetched at this hour. */
  readonly open: boolean
}

/** Why a file waits. */
export type WaitsFor = 'window' | 'metered' | 'budget'

export interface Allowance<T> {
  /** In their order; the last one may be more than there is room for, and is then begun. */
  readonly chosen: readonly T[]
  readonly waiting: ReadonlyMap<T, WaitsFor>
  /** Bytes that may be moved for the chosen ones; null: any. */
  readonly room: number | null
  /** What bounds it. */
  readonly bound: WaitsFor | null
}

/**
 * Which files may come now, most urgent first as they are given. On a link that is paid by the byte only what security
 * or safety asks for, up to a bound of its own; the signed lists themselves always come. Of what does not fit, the
 * most urgent is begun with the room that is left, where that is a block at least: it would otherwise never come.
 */
export function allowance<T extends { readonly priority: Priority }>(
  items: readonly T[],
  left: (item: T) => number,
  rules: AllowanceRules,
): Allowance<T> {
  if (!rules.open)
    return { chosen: [], waiting: new Map(items.map((item) => [item, 'window'])), room: 0, bound: 'window' }
  const waiting = new Map<T, WaitsFor>()
  const candidates = items.filter((item) => {
    const may = !rules.metered || isUrgent(item)
    if (!may) waiting.set(item, 'metered')
    return may
  })
  const [room, bound] = roomOf(rules)
  const chosen: T[] = []
  let free = room ?? Number.POSITIVE_INFINITY
  let begun: T | null = null
  for (const item of candidates) {
    if (left(item) <= free) {
      free -= left(item)
      chosen.push(item)
    } else if (bound) {
      begun ??= item
      waiting.set(item, bound)
    }
  }
  if (begun && free >= BLOCK_BYTES) {
    chosen.push(begun)
    waiting.delete(begun)
  }
  return { chosen, waiting, room, bound }
}

function isUrgent({ priority }: { readonly priority: Priority }): boolean {
  return priority === 'security' || priority === 'safety'
}

function roomOf({ budget, metered, meteredBytes }: AllowanceRules): [number | null, WaitsFor | null] {
  if (metered && (budget === null || meteredBytes <= budget)) return [meteredBytes, 'metered']
  return budget === null ? [null, null] : [budget, 'budget']
}
