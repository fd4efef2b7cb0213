import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { idleWatch } from '../../../electron/host/idle-watch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('ends a host that nobody needs, counted from the last client and the last run', async () => {
  const load = { clients: 1, runs: 0 }
  const onIdle = vi.fn<() => Promise<void>>(() => Promise.resolve())
  idleWatch(() => load, 10_000, onIdle)
  await vi.advanceTimersByTimeAsync(60_000)
  load.clients = 0
  load.runs = 1
  await vi.advanceTimersByTimeAsync(60_000)
  load.runs = 0
  await vi.advanceTimersByTimeAsync(9_000)
  expect(onIdle).not.toHaveBeenCalled()
  load.clients = 1
  await vi.advanceTimersByTimeAsync(1_000)
  load.clients = 0
  await vi.advanceTimersByTimeAsync(9_500)
  expect(onIdle).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onIdle).toHaveBeenCalledTimes(1)
})

it('lets a host live for ever when told nothing', async () => {
  const onIdle = vi.fn<() => Promise<void>>(() => Promise.resolve())
  idleWatch(() => ({ clients: 0, runs: 0 }), null, onIdle)
  await vi.advanceTimersByTimeAsync(1e9)
  expect(onIdle).not.toHaveBeenCalled()
})

it('stops looking when told', async () => {
  const onIdle = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const stop = idleWatch(() => ({ clients: 0, runs: 0 }), 1000, onIdle)
  stop()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(onIdle).not.toHaveBeenCalled()
})
