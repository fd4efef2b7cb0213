import { expect, it } from 'vitest'
import { several } from '../../../electron/host/sync/several.ts'

it('does all, begun in order, and never more at once than said', async () => {
  const begun: number[] = []
  let now = 0
  let most = 0
  await several([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item)
    now += 1
    most = Math.max(most, now)
    await Promise.resolve()
    now -= 1
  })
  expect({ begun, most }).toEqual({ begun: [1, 2, 3, 4, 5, 6, 7], most: 3 })
})

it('begins nothing after a failure, and waits for what is under way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done: number[] = []
  const all = several([1, 2, 3, 4], 2, async (item) => {
    if (item === 1) throw new Error('first')
    await promise
    done.push(item)
  })
  resolve()
  await expect(all).rejects.toThrow('first')
  expect(done).toEqual([2])
})

it('has nothing to do with nothing', async () => {
  await expect(several([], 4, () => Promise.reject(new Error('never')))).resolves.toBeUndefined()
})
