import { array, assert, nat, property, tuple } from 'fast-check'
import { expect, it } from 'vitest'
import { atOnce, sortedSteps } from '../../../shared/steps.ts'

it('sorts as the built-in does, stably', () => {
  assert(
    property(array(tuple(nat(20), nat()), { maxLength: 60 }), (pairs) => {
      const items = Array.from({ length: 200 }, () => pairs).flat()
      const compare = (a: [number, number], b: [number, number]) => a[0] - b[0]
      expect(atOnce(sortedSteps(items, compare))).toEqual(items.toSorted(compare))
    }),
    { numRuns: 30 },
  )
})
