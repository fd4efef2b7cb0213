import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fetcher } from '../../../../electron/host/sync/fetcher.ts'
import { BLOCK_BYTES } from '../../../../electron/host/sync/limits/allowance.ts'
import { SyncMeter } from '../../../../electron/host/sync/limits/meter.ts'
import { meteredFetcher } from '../../../../electron/host/sync/limits/metered-fetcher.ts'
import { AppError } from '../../../../shared/errors.ts'

const { signal } = new AbortController()
const spent = () => new AppError('sync.over-budget')
const over = () => null

/** A server whose file is so long; counts what was asked for. */
function server(length: number, { ranges = true, part = 50_000 } = {}) {
  const asked: { from: number; to: number | undefined }[] = []
  const fetcher: Fetcher = {
    bytes: async () => new Uint8Array(Math.min(length, 1000)),
    async open(_url, { from, to }) {
      asked.push({ from, to })
      if (!ranges && to !== undefined) throw new AppError('sync.range-ignored')
      const start = ranges ? from : 0
      return {
        start,
        etag: null,
        body: (async function* () {
          const end = Math.min(to ?? length, length)
          for (let at = start; at < end; at += part) {
            await Promise.resolve()
            yield new Uint8Array(Math.min(part, end - at))
          }
        })(),
      }
    },
  }
  return { fetcher, asked }
}

/** What came of a download, and why it ended early. */
async function download(fetcher: Fetcher, options: { from?: number; to?: number; length?: number }) {
  let end = options.from ?? 0
  try {
    const { body, start } = await fetcher.open('x', { from: 0, etag: null, signal, ...options })
    end = start
    for await (const part of body) end += part.length
    return { end, why: null }
  } catch (error) {
    return { end, why: (error as AppError).code }
  }
}

describe('a budget of bytes', () => {
  it('ends at the border of a block, and asks the server for no more than that', async () => {
    const meter = new SyncMeter(() => 0)
    const { fetcher, asked } = server(10 * BLOCK_BYTES)
    const metered = meteredFetcher(fetcher, meter)
    meter.begin({ bytes: 2.5 * BLOCK_BYTES, spent, over })
    expect(await download(metered, { length: 10 * BLOCK_BYTES })).toEqual({
      end: 3 * BLOCK_BYTES,
      why: 'sync.over-budget',
    })
    expect(asked).toEqual([{ from: 0, to: 3 * BLOCK_BYTES }])
    expect(meter.used).toBe(3 * BLOCK_BYTES)
    expect(await download(metered, { from: 3 * BLOCK_BYTES, length: 10 * BLOCK_BYTES })).toMatchObject({
      why: 'sync.over-budget',
    })
    expect(asked).toHaveLength(1)
  })

  it('holds with a server that gives whole files only, and goes on from the middle of a block', async () => {
    const meter = new SyncMeter(() => 0)
    const metered = meteredFetcher(server(10 * BLOCK_BYTES, { ranges: false }).fetcher, meter)
    meter.begin({ bytes: 2 * BLOCK_BYTES, spent, over })
    expect(await download(metered, { length: 10 * BLOCK_BYTES })).toEqual({
      end: 2 * BLOCK_BYTES,
      why: 'sync.over-budget',
    })
    meter.begin({ bytes: BLOCK_BYTES, spent, over })
    const { fetcher } = server(10 * BLOCK_BYTES)
    expect(await download(meteredFetcher(fetcher, meter), { from: 100, length: 10 * BLOCK_BYTES })).toEqual({
      end: 2 * BLOCK_BYTES,
      why: 'sync.over-budget',
    })
  })

  it('is never exceeded by more than a block, whatever comes at once and breaks', async () => {
    const file = fc.record({
      length: fc.integer({ min: 1, max: 5 * BLOCK_BYTES }),
      from: fc.nat(BLOCK_BYTES),
      part: fc.integer({ min: 30_000, max: 600_000 }),
      ranges: fc.boolean(),
      known: fc.boolean(),
      leaves: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 16 }), fc.nat(12 * BLOCK_BYTES), async (files, bytes) => {
        const meter = new SyncMeter(() => 0)
        meter.begin({ bytes, spent, over })
        let came = 0
        const ends = await Promise.all(
          files.map(async ({ length, from, part, ranges, known, leaves }) => {
            const { fetcher } = server(length, { ranges, part })
            const metered = meteredFetcher(fetcher, meter)
            try {
              const options = { from: Math.min(from, length), etag: null, signal, ...(known && { length }) }
              const { body, close } = await metered.open('x', options)
              // Whoever breaks off before the first byte keeps nobody waiting.
              if (leaves) return close?.()
              for await (const piece of body) came += piece.length
              return null
            } catch (error) {
              return (error as AppError).code
            }
          }),
        )
        expect(came).toBe(meter.used)
        expect(came).toBeLessThanOrEqual(bytes + BLOCK_BYTES)
        expect(meter.room).toBe(Math.max(0, bytes - came))
        expect(ends.filter((end) => end != null && !/over-budget|stalled/.test(end))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('wakes who waits when the sync is stopped', async () => {
    const meter = new SyncMeter(() => 0)
    meter.begin({ bytes: 100, spent, over })
    await meter.admit(80, signal)
    const stop = new AbortController()
    const waiting = meter.admit(50, stop.signal)
    stop.abort()
    await expect(waiting).rejects.toEqual(expect.objectContaining({ code: 'cancelled' }))
  })
})

describe('an end in time', () => {
  const late = () => new AppError('sync.time-over')
  it('comes at the border of a block, or a little later where the block only trickles', async () => {
    let now = 0
    const meter = new SyncMeter(() => now)
    const end = 10_000
    const limits = { bytes: null, spent, over: () => (now >= end ? late() : null) }
    const slow = (msEach: number): Fetcher => ({
      bytes: async () => null,
      open: async () => ({
        start: 0,
        etag: null,
        body: (async function* () {
          for (;;) {
            now += msEach
            yield new Uint8Array(1024)
          }
        })(),
      }),
    })
    meter.begin(limits)
    expect(await download(meteredFetcher(slow(50), meter), {})).toEqual({ end: BLOCK_BYTES, why: 'sync.time-over' })
    now = 0
    meter.begin(limits)
    const { end: came, why } = await download(meteredFetcher(slow(2000), meter), {})
    expect(why).toBe('sync.time-over')
    expect(now).toBeLessThanOrEqual(end + 34_000)
    expect(came).toBeLessThan(BLOCK_BYTES)
  })
})
