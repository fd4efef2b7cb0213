import { AppError } from '../../../../shared/errors.ts'

/** How an upload ended, as far as its replies tell. The image list has the last word in each case. */
export type UploadEnd =
  /** The device took the last byte. */
  | 'complete'
  /** The device says that it holds this very image already. */
  | 'held'
  /** The last chunk was sent and its reply lost: `off: 0` then means "no upload in progress". */
  | 'unknown'

export interface UploadState {
  readonly length: number
  /** Chunks under way at most, now and ever (`buf_count` - 1). */
  readonly window: number
  readonly limit: number
  /** Whether the device has acknowledged chunk 0. */
  readonly started: boolean
  /** The byte that the device wants next, and the one that is sent next. */
  readonly acked: number
  readonly next: number
  /** Highest byte ever sent; nobody can acknowledge more. */
  readonly high: number
  /** Grows with each loss. Replies to chunks of an earlier epoch say nothing new. */
  readonly epoch: number
  readonly flights: readonly Flight[]
  /** Losses since the last byte of progress, and uploads begun again from byte 0. */
  readonly losses: number
  readonly restarts: number
  /** Chunks acknowledged in a row, toward a wider window, and how many that takes. */
  readonly streak: number
  readonly growAfter: number
  readonly end: UploadEnd | null
}

export interface Flight {
  readonly ticket: number
  readonly epoch: number
  readonly off: number
  readonly end: number
}

/**
 * After a quiet stretch of this many chunks the window grows by one. Each loss makes it four times as many: a line that
 * lost something at this width will again, and finding out costs seconds (PROTOCOLS 1.7).
 */
const GROW_AFTER = 16
const GROW_AFTER_MOST = 4096
const MAX_RESTARTS = 4

export function startUpload(length: number, limit: number, first: number = limit): UploadState {
  return {
    length,
    window: Math.max(1, Math.min(first, limit)),
    limit: Math.max(1, limit),
    started: false,
    acked: 0,
    next: 0,
    high: 0,
    epoch: 0,
    flights: [],
    losses: 0,
    restarts: 0,
    streak: 0,
    growAfter: GROW_AFTER,
    end: null,
  }
}

/** Offset of the chunk to send now; null: wait for a reply. Chunk 0 travels alone. */
export function wantedChunk(state: UploadState): number | null {
  if (state.end || state.next >= state.length) return null
  return state.flights.length < (state.started ? state.window : 1) ? state.next : null
}

export function chunkSent(state: UploadState, ticket: number, off: number, size: number): UploadState {
  const flight: Flight = { ticket, epoch: state.epoch, off, end: off + size }
  return {
    ...state,
    flights: [...state.flights, flight],
    next: flight.end,
    high: Math.max(state.high, flight.end),
  }
}

/**
 * The device's reply to a chunk: `off`, the byte it wants next. A wrong chunk is answered with success and
 * the wanted offset, so loss is repaired by going back to it. Throws `device.bad-frame`, `device.image-corrupt`,
 * `device.write-failed`.
 */
export function chunkAnswered(state: UploadState, ticket: number, off: number, match: boolean | null): UploadState {
  const flight = state.flights.find((one) => one.ticket === ticket)
  if (!flight || state.end) return state
  if (off < 0 || off > Math.max(state.length, 0)) throw wrongOffset(off, state)
  if (!state.started) return firstAnswered(state, flight, off, match)
  if (off === 0) return sessionGone(state)
  if (off > state.high) throw wrongOffset(off, state)
  if (off < flight.end) return rewind(state, off)
  const streak = state.streak + 1
  const grown = streak % state.growAfter === 0 ? Math.min(state.window + 1, state.limit) : state.window
  return finished(
    {
      ...state,
      acked: Math.max(state.acked, off),
      next: Math.max(state.next, off),
      // Replies come in order: what lies below has arrived even if its own reply was lost.
      flights: state.flights.filter((one) => one.end > off),
      losses: 0,
      streak,
      window: grown,
    },
    off,
    match,
  )
}

/** No answer to a chunk, or no buffer for it. Sends again from the last acknowledged byte, more cautiously. */
export function chunkLost(state: UploadState, ticket: number): UploadState {
  if (state.end || !state.flights.some((one) => one.ticket === ticket)) return state
  return rewind(state, state.acked)
}

function firstAnswered(state: UploadState, flight: Flight, off: number, match: boolean | null): UploadState {
  if (off === 0) return { ...rewind(state, 0), window: state.window }
  if (off === state.length && flight.end < state.length) {
    return finished({ ...state, started: true, flights: [] }, off, match, 'held')
  }
  // Anything above 0 is where an upload of the same file was left, or how much of chunk 0 was taken.
  const begun = {
    ...state,
    started: true,
    acked: off,
    next: off,
    high: Math.max(state.high, off),
    flights: [],
    losses: 0,
  }
  return finished(begun, off, match)
}

/** `off: 0` in mid-upload: the device forgot it (power loss, another client), or finished it. */
function sessionGone(state: UploadState): UploadState {
  if (state.high >= state.length) return { ...state, end: 'unknown', flights: [] }
  if (state.restarts >= MAX_RESTARTS) {
    throw new AppError('device.write-failed', { detail: { reason: 'session-lost', restarts: state.restarts } })
  }
  return { ...rewind(state, 0), started: false, high: 0, restarts: state.restarts + 1 }
}

function rewind(state: UploadState, off: number): UploadState {
  return {
    ...state,
    acked: off,
    next: off,
    epoch: state.epoch + 1,
    flights: [],
    window: Math.max(1, Math.floor(state.window / 2)),
    losses: off > state.acked ? 0 : state.losses + 1,
    streak: 0,
    growAfter: Math.min(state.growAfter * 4, GROW_AFTER_MOST),
  }
}

function finished(state: UploadState, off: number, match: boolean | null, end: UploadEnd = 'complete'): UploadState {
  if (off < state.length) return state
  if (match === false) throw new AppError('device.image-corrupt', { detail: { reason: 'device-hash-differs' } })
  return { ...state, end, flights: [] }
}

function wrongOffset(off: number, { length, high }: UploadState): AppError {
  return new AppError('device.bad-frame', { detail: { what: 'upload', off, length, high } })
}
