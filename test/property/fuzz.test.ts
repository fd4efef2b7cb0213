import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { fuzzTarget } from '../fuzz/fuzzer.ts'
import type { FuzzTarget } from '../fuzz/target.ts'
import { TARGETS } from '../fuzz/targets.ts'

/** A moment for each parser; the lane `fuzz` gives each of them a minute. */
const limits = { seconds: 0, minRounds: 60, seed: 20_261_120 }

test.each(TARGETS.map((target) => [target.name, target] as const))('%s under fire', async (_name, target) => {
  expect(await fuzzTarget(target, limits)).toMatchObject({ failure: null, rounds: limits.minRounds })
})

test('no two parsers have one name: it is how a failure is found', () => {
  expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length)
})

const target = (run: FuzzTarget['run']): FuzzTarget => ({ name: 'x', seeds: [Buffer.alloc(64, 1)], run })

test('a crash is told with what brought it about; a coded error is an answer', async () => {
  const crash = await fuzzTarget(
    target((bytes) => {
      if (bytes.length < 60) throw new RangeError('out of it')
      throw new AppError('device.bad-frame')
    }),
    limits,
  )
  expect(crash.failure).toMatch(/RangeError: out of it[\s\S]*seed 20261120, round \d+, input \(base64\): /)
  const fine = target(() => {
    throw new AppError('device.bad-frame')
  })
  expect((await fuzzTarget(fine, limits)).failure).toBeNull()
  const internal = target(() => {
    throw new AppError('internal')
  })
  expect((await fuzzTarget(internal, limits)).failure).toContain('internal')
})

test('memory that is kept is told', async () => {
  const kept: Uint8Array[] = []
  const hoarder = target(() => void kept.push(new Uint8Array(1024 * 1024)))
  expect((await fuzzTarget(hoarder, { ...limits, minRounds: 300 })).failure).toMatch(/memory grew by \d+ bytes/)
})
