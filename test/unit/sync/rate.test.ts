import { expect, it } from 'vitest'
import { Rate } from '../../../electron/host/sync/rate.ts'

it('tells bytes a second over the last seconds', () => {
  const rate = new Rate(5000)
  expect(rate.perSecond(0)).toBeNull()
  for (let ms = 0; ms <= 3000; ms += 50) rate.add(500, ms)
  expect(rate.perSecond(3000)).toBeGreaterThan(9_500)
  expect(rate.perSecond(3000)).toBeLessThan(10_500)
})

it('forgets how fast it once was', () => {
  const rate = new Rate(5000)
  for (let ms = 0; ms <= 1000; ms += 50) rate.add(1_000_000, ms)
  for (let ms = 6000; ms <= 9000; ms += 50) rate.add(50, ms)
  expect(rate.perSecond(9000)).toBeLessThan(1100)
})

it('says nothing too early, and nothing once everything stands still', () => {
  const rate = new Rate(5000)
  rate.add(100, 0)
  rate.add(100, 200)
  expect(rate.perSecond(200)).toBeNull()
  expect(rate.perSecond(20_000)).toBeNull()
})
