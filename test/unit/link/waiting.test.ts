import { expect, test } from 'vitest'
import { Inbox } from '../../../electron/host/link/inbox.ts'
import { orAborted, sleep, sleepExactly, within } from '../../../electron/host/link/waiting.ts'
import { AppError } from '../../../shared/errors.ts'

const never = new AbortController().signal
const code = (expected: string) => expect.objectContaining({ code: expected })

test('a sleep ends with its signal, as cancelled', async () => {
  const stop = new AbortController()
  const slept = sleep(60_000, stop.signal)
  stop.abort()
  await expect(slept).rejects.toEqual(code('cancelled'))
})

test('a coded reason is what the waiter gets', async () => {
  const stop = new AbortController()
  const waited = orAborted(new Promise(() => {}), stop.signal)
  stop.abort(new AppError('link.lost'))
  await expect(waited).rejects.toEqual(code('link.lost'))
})

test('a deadline ends the work with its code, and only then', async () => {
  await expect(within(10, 'device.no-answer', never, (signal) => sleep(60_000, signal))).rejects.toEqual(
    code('device.no-answer'),
  )
  await expect(within(60_000, 'device.no-answer', never, async () => 7)).resolves.toBe(7)
})

test('an exact sleep is never too short, by a clock that goes slowly too', async () => {
  for (const ms of [0, 0.5, 1, 3]) {
    const began = performance.now()
    await sleepExactly(ms, () => performance.now(), never)
    expect(performance.now() - began).toBeGreaterThanOrEqual(ms)
  }
  let looks = 0
  const slow = () => {
    looks += 1
    return looks / 10
  }
  await sleepExactly(2, slow, never)
  expect(looks).toBeGreaterThan(20)
})

test('an exact sleep ends with its signal, while it looks at a clock that stands still too', async () => {
  const stop = new AbortController()
  const slept = sleepExactly(1, () => 0, stop.signal)
  setImmediate(() => stop.abort())
  await expect(slept).rejects.toEqual(code('cancelled'))
})

test('an inbox hands out in order, then says how it ended', async () => {
  const inbox = new Inbox<number>()
  const first = inbox.take(never)
  inbox.put(1)
  inbox.put(2)
  inbox.end(new AppError('link.lost'))
  inbox.put(3)
  expect(await first).toBe(1)
  expect(await inbox.take(never)).toBe(2)
  await expect(inbox.take(never)).rejects.toEqual(code('link.lost'))
})

test('a waiter that gave up does not swallow what comes next', async () => {
  const inbox = new Inbox<number>()
  const stop = new AbortController()
  const gaveUp = inbox.take(stop.signal)
  stop.abort()
  await expect(gaveUp).rejects.toEqual(code('cancelled'))
  inbox.put(1)
  expect(await inbox.take(never)).toBe(1)
})

test('an inbox that nobody empties keeps the newest', async () => {
  const inbox = new Inbox<number>(2)
  for (const n of [1, 2, 3]) inbox.put(n)
  expect([await inbox.take(never), await inbox.take(never)]).toEqual([2, 3])
})
