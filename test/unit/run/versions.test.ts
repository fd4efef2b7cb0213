import { expect, it } from 'vitest'
import { inRange, isRange, sameVersion } from '../../../shared/versions.ts'

it.each([
  ['2.5.0', '2.5.0', true],
  ['v2.5.0', '2.5.0', true],
  ['2.5', '2.5.0', true],
  ['2.5.0+0', '2.5.0', true],
  ['2.5.0.17', '2.5.0+17', true],
  ['2.5.0.0', '2.5.0', true],
  ['2024.04.1', '2024.4.1', true],
  ['release-7', 'release-7', true],
  ['2.5.0+17', '2.5.0', false],
  ['2.5.0+17', '2.5.0+18', false],
  ['2.5.0-rc.1', '2.5.0', false],
  ['2.5.1', '2.5.0', false],
  ['release-7', 'release-07', false],
  ['', '0.0.0', false],
  ['2.5.0.1.1', '2.5.0+1', false],
])('%s and %s: same %s', (a, b, same) => {
  expect(sameVersion(a, b)).toBe(same)
  expect(sameVersion(b, a)).toBe(same)
})

it.each([
  ['2.4.1', '>=2.3.0 <2.5.0', true],
  ['2.4.1+99', '>=2.3.0 <2.5.0', true],
  ['2.4.1.99', '>=2.3.0 <2.5.0', true],
  ['2.4', '>=2.3.0 <2.5.0', true],
  ['2.5.0', '>=2.3.0 <2.5.0', false],
  ['2.5.0+1', '<=2.5.0', true],
  ['2.5.0-rc.1', '>=2.3.0 <2.5.0', false],
  ['unreadable', '*', false],
  ['', '*', false],
])('%s in %s: %s', (version, range, inside) => {
  expect(inRange(version, range)).toBe(inside)
})

it('knows a range when it sees one', () => {
  expect([isRange('>=1 <2'), isRange('1.x || 3'), isRange('newish')]).toEqual([true, true, false])
})
