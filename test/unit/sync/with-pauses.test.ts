import { describe, expect, it } from 'vitest'
import { withPauses } from '../../../electron/host/sync/with-pauses.ts'
import type { Steps } from '../../../shared/steps.ts'

/** So many steps, each of which holds the thread for so long, ms. */
function* busy(steps: number, each: number): Steps<string> {
  for (let i = 0; i < steps; i += 1) {
    const until = performance.now() + each
    while (performance.now() < until);
    yield
  }
  return 'done'
}
const never = new AbortController().signal

describe('long work with pauses', () => {
  it('comes to its end, and others have their turn meanwhile', async () => {
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    expect(await withPauses(busy(40, 3), never)).toBe('done')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })

  it('ends with the reason when it is stopped', async () => {
    const stop = new AbortController()
    const work = withPauses(busy(1000, 3), stop.signal)
    setTimeout(() => stop.abort(new Error('enough')), 20)
    await expect(work).rejects.toThrow('enough')
  })

  it('throws what the work throws', async () => {
    function* wrong(): Steps<string> {
      yield
      throw new Error('wrong')
    }
    await expect(withPauses(wrong(), never)).rejects.toThrow('wrong')
  })
})
