import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chunkAnswered,
  chunkLost,
  chunkSent,
  startUpload,
  type UploadState,
  wantedChunk,
} from '../../../electron/host/protocol/smp/upload-window.ts'
import { isAppError } from '../../../shared/errors.ts'

/** A device as PROTOCOLS 1.6 describes it: what it holds, and nothing but replies. */
class Device {
  readonly length: number
  session: number | null = null
  whole = false
  constructor(length: number) {
    this.length = length
  }
  take(off: number, end: number): number {
    if (off === 0 && this.session === null) {
      this.whole = false
      this.session = 0
    } else if (off === 0) return this.session ?? 0
    if (this.session === null) return 0
    if (off === this.session) this.session = end
    if (this.session !== this.length) return this.session
    this.session = null
    this.whole = true
    return this.length
  }
}

type Fate = 'arrives' | 'request-lost' | 'reply-lost' | 'power-loss'

/** One upload against the device, with a fate for each chunk; the machine alone decides what is sent. */
function run(
  length: number,
  size: number,
  limit: number,
  fates: Iterator<Fate>,
): { state: UploadState; device: Device } {
  const device = new Device(length)
  let state = startUpload(length, limit)
  let ticket = 0
  const wire: { ticket: number; off: number | null }[] = []
  for (let steps = 0; steps < 20_000 && !state.end; steps += 1) {
    const off = wantedChunk(state)
    if (off !== null) {
      ticket += 1
      const end = Math.min(off + size, length)
      state = chunkSent(state, ticket, off, end - off)
      const fate = fates.next().value as Fate
      if (fate === 'power-loss') device.session = null
      const reply = fate === 'request-lost' || fate === 'power-loss' ? null : device.take(off, end)
      wire.push({ ticket, off: fate === 'arrives' ? reply : null })
      continue
    }
    const next = wire.shift()
    if (!next) break
    const before = state
    state = next.off === null ? chunkLost(state, next.ticket) : chunkAnswered(state, next.ticket, next.off, null)
    expect(state.flights.length).toBeLessThanOrEqual(before.limit)
    expect(state.next).toBeGreaterThanOrEqual(state.acked)
  }
  return { state, device }
}

const always = function* (fate: Fate): Generator<Fate> {
  for (;;) yield fate
}

test('without loss every byte is sent once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 400 }),
      fc.nat(6),
      (length, size, limit) => {
        const { state, device } = run(length, size, limit, always('arrives'))
        expect(state).toMatchObject({ end: 'complete', epoch: 0, restarts: 0 })
        expect(device.whole).toBe(true)
      },
    ),
  )
})

test('whatever is lost, the upload ends, and "complete" is true of the device', () => {
  const fate = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fate>('arrives') },
    { weight: 2, arbitrary: fc.constant<Fate>('request-lost') },
    { weight: 2, arbitrary: fc.constant<Fate>('reply-lost') },
    { weight: 1, arbitrary: fc.constant<Fate>('power-loss') },
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 32, max: 400 }),
      fc.integer({ min: 1, max: 6 }),
      fc.infiniteStream(fate),
      (length, size, limit, fates) => {
        try {
          const { state, device } = run(length, size, limit, fates)
          return state.end !== null && (state.end === 'unknown' || device.whole)
        } catch (error) {
          // Only a device that loses its power again and again is given up.
          return isAppError(error, 'device.write-failed')
        }
      },
    ),
    { numRuns: 1000 },
  )
})

test('whatever a device answers, the machine ends in a state or a coded error', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(
        fc.record({ lost: fc.boolean(), off: fc.integer({ min: -5, max: 2500 }), match: fc.option(fc.boolean()) }),
      ),
      (length, limit, answers) => {
        let state = startUpload(length, limit)
        let ticket = 0
        try {
          for (const { lost, off, match } of answers) {
            for (let at = wantedChunk(state); at !== null; at = wantedChunk(state)) {
              ticket += 1
              state = chunkSent(state, ticket, at, Math.min(100, length - at))
            }
            const flight = state.flights[0]
            if (!flight) break
            state = lost ? chunkLost(state, flight.ticket) : chunkAnswered(state, flight.ticket, off, match)
            if (state.acked < 0 || state.acked > length) return false
          }
          return true
        } catch (error) {
          return isAppError(error)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('one loss event rewinds once, halves the window, and a quiet stretch widens it again', () => {
  let state = startUpload(1_000_000, 4)
  state = chunkSent(state, 1, 0, 100)
  state = chunkAnswered(state, 1, 100, null)
  for (const [ticket, off] of [
    [2, 100],
    [3, 200],
    [4, 300],
    [5, 400],
  ] as const) {
    state = chunkSent(state, ticket, off, 100)
  }
  expect(wantedChunk(state)).toBeNull()
  // Chunk 2 was lost: its successors are all answered with its offset.
  state = chunkAnswered(state, 3, 100, null)
  expect(state).toMatchObject({ next: 100, window: 2, epoch: 1 })
  expect(chunkAnswered(state, 4, 100, null)).toEqual(state)
  expect(chunkLost(state, 5)).toEqual(state)
  for (let ticket = 10; ticket < 10 + 64; ticket += 1) {
    const off = state.next
    state = chunkAnswered(chunkSent(state, ticket, off, 100), ticket, off + 100, null)
  }
  expect(state.window).toBe(3)
})

test('after the last chunk, "from 0" means unknown; before it, the session is gone', () => {
  const sent = (end: number) =>
    chunkSent({ ...startUpload(1000, 1), started: true, acked: 500, next: 500, high: 500 }, 1, 500, end - 500)
  expect(chunkAnswered(sent(1000), 1, 0, null)).toMatchObject({ end: 'unknown' })
  expect(chunkAnswered(sent(900), 1, 0, null)).toMatchObject({ end: null, started: false, next: 0, restarts: 1 })
})

test('a hash that the device finds different is an error, not an end', () => {
  const state = chunkSent({ ...startUpload(100, 1), started: true, acked: 50, next: 50, high: 50 }, 1, 50, 50)
  expect(() => chunkAnswered(state, 1, 100, false)).toThrowError(/image-corrupt/)
})
