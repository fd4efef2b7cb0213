import { AppError, isAppError } from '../../../shared/errors.ts'
import type { ByteLink, ControlLink, Link, LinkOpener } from './link.ts'

/** What went over the links to one address since the console started. Counts only: no content but `sample`. */
export interface LineStats {
  /** Times that it was opened, and that it broke off. */
  opened: number
  lost: number
  /** Of serial lines. */
  bytesIn: number
  bytesOut: number
  /** Frames that arrived whole, and that did not, as the protocols tell. */
  framesGood: number
  framesBad: number
  /** Of USB requests. */
  stalls: number
  timeouts: number
  /** Speed of a serial line, when it was opened last. */
  baud: number | null
  /** The newest bytes of a serial line since it was opened last. */
  sample: Uint8Array
}

const SAMPLE = 512
/** Addresses that are remembered; the oldest goes first. */
const MOST = 512

const BOOK_OF = new WeakMap<Link, LineStats>()

/** A protocol found a frame on the link, or the remains of one. */
export function noteFrames(link: Link, good: number, bad: number): void {
  const stats = BOOK_OF.get(link)
  if (!stats) return
  stats.framesGood += good
  stats.framesBad += bad
}

/** Counts what passes, by address, for the connection doctor. */
export class LineBook {
  readonly #lines = new Map<string, LineStats>()

  of(address: string): LineStats | null {
    return this.#lines.get(address) ?? null
  }

  counted(opener: LinkOpener): LinkOpener {
    return {
      scheme: opener.scheme,
      open: async (address, options, signal) => {
        const stats = this.#line(address)
        stats.baud = options.baud ?? null
        const link = countedLink(await opener.open(address, options, signal), stats)
        stats.opened += 1
        stats.sample = new Uint8Array()
        BOOK_OF.set(link, stats)
        return link
      },
    }
  }

  #line(address: string): LineStats {
    const known = this.#lines.get(address)
    if (known) return known
    const [oldest] = this.#lines.keys()
    if (this.#lines.size >= MOST && oldest !== undefined) this.#lines.delete(oldest)
    const counts = { opened: 0, lost: 0, bytesIn: 0, bytesOut: 0, framesGood: 0, framesBad: 0, stalls: 0, timeouts: 0 }
    const fresh: LineStats = { ...counts, baud: null, sample: new Uint8Array() }
    this.#lines.set(address, fresh)
    return fresh
  }
}

function countedLink(link: Link, stats: LineStats): Link {
  if (link.kind === 'serial' || link.kind === 'memory') return countedBytes(link, stats)
  if (link.kind === 'usb') return countedControl(link, stats)
  return link
}

function countedBytes(link: ByteLink, stats: LineStats): ByteLink {
  const { kind, address, setBaud } = link
  let isLost = false
  const failed = (error: unknown): never => {
    // A link that is gone says so to everybody who asks.
    if (isAppError(error, 'link.lost') && !isLost) {
      isLost = true
      stats.lost += 1
    }
    throw error
  }
  return {
    kind,
    address,
    async read(signal) {
      const bytes = await link.read(signal).catch(failed)
      stats.bytesIn += bytes.length
      stats.sample = Buffer.concat([stats.sample, bytes.subarray(-SAMPLE)]).subarray(-SAMPLE)
      return bytes
    },
    async write(bytes, signal) {
      await link.write(bytes, signal).catch(failed)
      stats.bytesOut += bytes.length
    },
    ...(setBaud && {
      setBaud: async (baud: number, signal: AbortSignal) => {
        await setBaud.call(link, baud, signal)
        stats.baud = baud
      },
    }),
    discardInput: () => link.discardInput(),
    close: () => {
      // Who closes knows that it is gone.
      isLost = true
      return link.close()
    },
  }
}

function countedControl(link: ControlLink, stats: LineStats): ControlLink {
  const { kind, address, face } = link
  const failed = (error: unknown): never => {
    if (error instanceof AppError) {
      if (error.detail.reason === 'stall') stats.stalls += 1
      if (error.code === 'link.timeout') stats.timeouts += 1
      if (error.code === 'link.lost') stats.lost += 1
    }
    throw error
  }
  return {
    kind,
    address,
    face,
    claim: (...args) => link.claim(...args),
    select: (...args) => link.select(...args),
    in: (...args) => link.in(...args).catch(failed),
    out: (...args) => link.out(...args).catch(failed),
    bulkIn: (...args) => link.bulkIn(...args).catch(failed),
    bulkOut: (...args) => link.bulkOut(...args).catch(failed),
    reset: (...args) => link.reset(...args),
    close: () => link.close(),
  }
}
