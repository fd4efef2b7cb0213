import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { Download, Fetcher, FetchRange } from '../fetcher.ts'
import { BLOCK_BYTES } from './allowance.ts'
import type { SyncMeter } from './meter.ts'

/**
 * A {@link Fetcher} whose downloads begin each block only when the meter lets them: they end at the border of a block,
 * and what has come stays for the next time.
 */
export function meteredFetcher(fetcher: Fetcher, meter: SyncMeter): Fetcher {
  return {
    async bytes(url, options) {
      await meter.admit(options.maxBytes, options.signal)
      let came = 0
      try {
        const bytes = await fetcher.bytes(url, options)
        came = bytes?.length ?? 0
        return bytes
      } finally {
        meter.settle(options.maxBytes, came)
      }
    },
    open: (url, options) => open(fetcher, meter, url, options),
  }
}

async function open(fetcher: Fetcher, meter: SyncMeter, url: string, options: FetchRange): Promise<Download> {
  const most = affordable(meter, options)
  const stretch = new Stretch(meter, options, most)
  await stretch.admit(options.from)
  try {
    const download = await ask(fetcher, url, options, most)
    stretch.limit = download.capped ? most : undefined
    if (download.start !== options.from) {
      stretch.close()
      await stretch.admit(download.start)
    }
    return { ...download, body: stretch.metered(download), close: () => stretch.close() }
  } catch (error) {
    stretch.close()
    throw error
  }
}

/** Where the bytes that are left end, where that is before the end of the file: no more is asked for than may come. */
function affordable({ room }: SyncMeter, { from, to, length }: FetchRange): number | undefined {
  const end = to ?? length
  if (room === null || end === undefined) return undefined
  const most = Math.max(1, Math.ceil((from + room) / BLOCK_BYTES)) * BLOCK_BYTES
  return most < end && most > from ? most : undefined
}

async function ask(fetcher: Fetcher, url: string, options: FetchRange, most: number | undefined) {
  if (most === undefined) return { ...(await fetcher.open(url, options)), capped: false }
  try {
    return { ...(await fetcher.open(url, { ...options, to: most })), capped: true }
  } catch (error) {
    // It gives whole files only: then the rest is left unread.
    if (!isAppError(error, 'sync.range-ignored') || options.to !== undefined) throw error
    return { ...(await fetcher.open(url, options)), capped: false }
  }
}

/** One transfer, and how much of it was let in. */
class Stretch {
  readonly #meter: SyncMeter
  readonly #signal: AbortSignal
  readonly #to: number | undefined
  #admitted = 0
  /** Where the answer ends because no more was asked for. */
  limit: number | undefined

  constructor(meter: SyncMeter, { signal, to }: FetchRange, limit: number | undefined) {
    this.#meter = meter
    this.#signal = signal
    this.#to = to
    this.limit = limit
  }

  /** To the end of the block, or of what is asked for. */
  async admit(at: number): Promise<void> {
    const border = at + BLOCK_BYTES - (at % BLOCK_BYTES)
    const bytes = Math.max(1, Math.min(border, this.#to ?? border) - at)
    await this.#meter.admit(bytes, this.#signal)
    this.#admitted = bytes
  }

  /** What was let in and did not come is free again. */
  close(): void {
    this.#meter.settle(this.#admitted, 0)
    this.#admitted = 0
  }

  async *metered({ body, start }: Download): AsyncGenerator<Uint8Array> {
    let at = start
    try {
      for await (const part of body) {
        for (let rest = part; rest.length > 0; ) {
          if (this.#admitted === 0) await this.admit(at)
          const piece = rest.subarray(0, this.#admitted)
          rest = rest.subarray(piece.length)
          this.#meter.settle(piece.length, piece.length)
          this.#admitted -= piece.length
          at += piece.length
          yield piece
          this.#meter.requireInTime()
        }
      }
      if (at !== this.limit) return
      // There is more, and no room for it; or there is again.
      await this.admit(at)
      throw new AppError('sync.stalled', { detail: { done: at } })
    } finally {
      this.close()
    }
  }
}
