import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AllowanceRules, allowance, BLOCK_BYTES } from '../../../../electron/host/sync/limits/allowance.ts'
import type { Priority } from '../../../../electron/host/sync/wanted.ts'

interface Item {
  readonly priority: Priority
  readonly size: number
}
const rules = (change: Partial<AllowanceRules> = {}): AllowanceRules => ({
  budget: null,
  metered: false,
  meteredBytes: 1000,
  open: true,
  ...change,
})
const allow = (items: readonly Item[], change: Partial<AllowanceRules>) => {
  const { chosen, waiting, ...rest } = allowance(items, ({ size }) => size, rules(change))
  return {
    ...rest,
    chosen: chosen.map(({ size }) => size),
    waiting: [...waiting].map(([{ size }, why]) => [size, why]),
  }
}
const normal = (...sizes: number[]) => sizes.map((size): Item => ({ priority: 'normal', size }))

describe('what may come now', () => {
  it('is everything where nothing bounds it', () => {
    expect(allow(normal(5, 6), {})).toEqual({ chosen: [5, 6], waiting: [], room: null, bound: null })
  })

  it('is what fits the budget, not wasted on waiting for what does not', () => {
    const waits = (...sizes: number[]) => sizes.map((size) => [size, 'budget'])
    expect(allow(normal(5, 60, 7, 3), { budget: 13 })).toMatchObject({ chosen: [5, 7], waiting: waits(60, 3) })
    expect(allow(normal(5), { budget: 0 })).toMatchObject({ chosen: [], waiting: waits(5) })
    expect(allow(normal(5, 7), { budget: 12 })).toMatchObject({ chosen: [5, 7], waiting: [] })
  })

  it('begins what would never fit, once the rest has', () => {
    const big = 100 * BLOCK_BYTES
    const budget = 5 + BLOCK_BYTES
    expect(allow(normal(big, big + 1, 5), { budget })).toMatchObject({
      chosen: [5, big],
      waiting: [[big + 1, 'budget']],
    })
    expect(allow(normal(big, 6), { budget })).toMatchObject({ chosen: [6], waiting: [[big, 'budget']] })
  })

  it('is only what is urgent on a link that is paid by the byte', () => {
    const items: Item[] = [
      { priority: 'security', size: 1 },
      { priority: 'safety', size: 2 },
      { priority: 'normal', size: 3 },
      { priority: 'optional', size: 4 },
    ]
    const later = [
      [3, 'metered'],
      [4, 'metered'],
    ]
    expect(allow(items, { metered: true })).toEqual({ chosen: [1, 2], waiting: later, room: 1000, bound: 'metered' })
    expect(allow(items, { metered: true, meteredBytes: 1 })).toMatchObject({
      chosen: [1],
      waiting: [...later, [2, 'metered']],
    })
    expect(allow(items, { metered: true, budget: 2 })).toMatchObject({ chosen: [1], bound: 'budget' })
  })

  it('is nothing outside of its hours', () => {
    expect(allow(normal(1), { open: false, budget: 9 })).toMatchObject({ chosen: [], waiting: [[1, 'window']] })
  })

  it('leaves nobody out, chooses nobody twice, and begins one at most', () => {
    const item = fc.record({
      priority: fc.constantFrom<Priority>('security', 'safety', 'normal', 'optional'),
      size: fc.nat(4 * BLOCK_BYTES),
    })
    const any = fc.record({
      budget: fc.option(fc.nat(8 * BLOCK_BYTES)),
      metered: fc.boolean(),
      meteredBytes: fc.nat(8 * BLOCK_BYTES),
      open: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(item), any, (items, given) => {
        const { chosen, waiting, room } = allowance(items, ({ size }) => size, given)
        expect(new Set([...chosen, ...waiting.keys()]).size).toBe(chosen.length + waiting.size)
        expect(chosen.length + waiting.size).toBe(items.length)
        const whole = chosen.slice(0, -1).reduce((sum, { size }) => sum + size, 0)
        expect(whole).toBeLessThanOrEqual(room ?? Number.POSITIVE_INFINITY)
        const others = chosen.filter(({ priority }) => !/security|safety/.test(priority))
        expect(given.metered ? others : []).toEqual([])
      }),
    )
  })
})
