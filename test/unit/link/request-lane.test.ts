import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { RequestLane } from '../../../electron/host/link/request-lane.ts'
import { AppError } from '../../../shared/errors.ts'

const coded = (cause: unknown) => (cause instanceof AppError ? cause : new AppError('link.io', { cause }))
const same = <T>(value: T) => value
const never = new AbortController().signal

test('one request after the other, in the order in which they were asked', async () => {
  const lane = new RequestLane(coded)
  const began: number[] = []
  const answers = [0, 1, 2].map(() => Promise.withResolvers<number>())
  const asked = answers.map(({ promise }, at) =>
    lane.ask(
      never,
      () => {
        began.push(at)
        return promise
      },
      (value) => value * 10,
    ),
  )
  await Promise.resolve()
  expect(began).toEqual([0])
  for (const [at, answer] of answers.entries()) {
    answer.resolve(at)
    expect(await asked[at]).toBe(at * 10)
  }
  expect(began).toEqual([0, 1, 2])
})

test('a request that was given up is still under way: the next waits for its end', async () => {
  const lane = new RequestLane(coded)
  const stop = new AbortController()
  const slow = Promise.withResolvers<number>()
  const first = lane.ask(stop.signal, () => slow.promise, same)
  stop.abort()
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  let began = false
  const second = lane.ask(
    never,
    async () => {
      began = true
      return 2
    },
    same,
  )
  await new Promise((resolve) => setImmediate(resolve))
  expect(began).toBe(false)
  slow.reject(new Error('too late'))
  expect(await second).toBe(2)
})

test('a request that was given up before its turn never begins', async () => {
  const lane = new RequestLane(coded)
  const slow = Promise.withResolvers<number>()
  const first = lane.ask(never, () => slow.promise, same)
  const stop = new AbortController()
  const second = lane.ask(stop.signal, () => Promise.reject(new Error('must not begin')), same)
  stop.abort(new AppError('device.no-answer'))
  await expect(second).rejects.toMatchObject({ code: 'device.no-answer' })
  slow.resolve(1)
  expect(await first).toBe(1)
  await expect(lane.ask(stop.signal, async () => 1, same)).rejects.toMatchObject({ code: 'device.no-answer' })
})

test('every failure is coded, and none keeps the lane', async () => {
  const lane = new RequestLane(coded)
  const fails: (() => Promise<number>)[] = [
    () => Promise.reject(new Error('later')),
    () => {
      throw new TypeError('at once')
    },
  ]
  for (const fail of fails) await expect(lane.ask(never, fail, same)).rejects.toMatchObject({ code: 'link.io' })
  const bad = () => {
    throw new AppError('device.bad-frame')
  }
  await expect(lane.ask(never, async () => 1, bad)).rejects.toMatchObject({ code: 'device.bad-frame' })
  expect(await lane.ask(never, async () => 3, same)).toBe(3)
  await lane.settled()
})

test('a signal has one listener however many requests it could end, and none once the lane has settled', async () => {
  const lane = new RequestLane(coded)
  const stop = new AbortController()
  for (let nth = 0; nth < 50; nth += 1) await lane.ask(stop.signal, async () => nth, same)
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
  await lane.settled()
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
})
