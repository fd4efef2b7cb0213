import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import { Inbox } from '../../link/inbox.ts'
import { sleep } from '../../link/waiting.ts'
import { blockReader, type ReadAt } from '../block-reader.ts'
import { own, type SmpBody, wholeNumber } from './body.ts'
import { chunkSize } from './chunk.ts'
import type { Patience, SmpClient } from './client.ts'
import { IMAGE_ID } from './image.ts'
import { GROUP } from './packet.ts'
import { isPassing, refusalError, refusalIn } from './refusal.ts'
import {
  chunkAnswered,
  chunkLost,
  chunkSent,
  startUpload,
  type UploadEnd,
  type UploadState,
  wantedChunk,
} from './upload-window.ts'

/** How long an upload waits for what. PROTOCOLS 1.6. */
export interface UploadTiming {
  /** Chunk 0, whose reply comes after the slot was erased: one sending, and all of them together, ms. */
  readonly first: Patience
  readonly chunk: number
  readonly last: number
  /** ms without a byte of progress after which the device counts as gone. */
  readonly stall: number
  /** ms between two calls of `between`, at most a second. */
  readonly between: number
}

export const UPLOAD_TIMING: UploadTiming = {
  first: { timeout: 8000, tries: 6 },
  chunk: 2500,
  last: 15_000,
  stall: 30_000,
  between: 500,
}

export interface Upload {
  /** MCUboot image number. */
  readonly image: number
  readonly length: number
  /** SHA-256 of the whole file: what the device keeps to resume by. Not the hash it lists. */
  readonly sha256: Uint8Array
  readonly read: ReadAt
  /** Longest packet, header included. */
  readonly packetLimit: number
  /** Chunks under way at most (`buf_count` - 1), and at first. */
  readonly window: { readonly limit: number; readonly first: number }
  readonly timing: UploadTiming
  readonly clock: Clock
  progress(done: number, total: number): void
  /**
   * Awaited with one chunk less under way than the device can take, so that it may use the same link for one request
   * at a time. Its throw ends the upload.
   */
  between(): Promise<void>
}

type Reply = { readonly ticket: number } & (
  | { readonly body: SmpBody; readonly error?: undefined }
  | { readonly body?: undefined; readonly error: unknown }
)

/**
 * Sends one image, from where the device says it stopped last time. The end says only what the replies say:
 * whether the image is there is read from the image list. Throws `device.*`, `link.*`, or what `between` threw.
 */
export async function uploadImage(client: SmpClient, upload: Upload, signal: AbortSignal): Promise<UploadEnd> {
  const read = blockReader(upload.read, upload.length)
  const replies = new Inbox<Reply>()
  const { clock, timing } = upload
  let state = startUpload(upload.length, upload.window.limit, upload.window.first)
  let [ticket, reported, lastBetween, lastProgress] = [0, -1, Number.NEGATIVE_INFINITY, clock.monotonic()]
  let stopEpoch = new AbortController()

  const send = (off: number, data: Uint8Array) => {
    ticket += 1
    const mine = ticket
    state = chunkSent(state, mine, off, data.length)
    const body = { ...fields(upload, off), data }
    const wait = AbortSignal.any([signal, stopEpoch.signal])
    client
      .exchange({ op: 'write', group: GROUP.image, id: IMAGE_ID.upload, body }, patience(upload, off, data), wait)
      .then(
        (reply) => replies.put({ ticket: mine, body: reply }),
        (error: unknown) => replies.put({ ticket: mine, error }),
      )
  }

  try {
    while (!state.end) {
      const due = clock.monotonic() - lastBetween >= timing.between
      const hasRoom = state.flights.length < (state.started ? state.window : 1)
      if (due && hasRoom) {
        await upload.between()
        lastBetween = clock.monotonic()
      }
      // While a look at the conditions is due, what is under way comes in and nothing new goes out.
      const off = due && !hasRoom ? null : wantedChunk(state)
      if (off !== null) {
        const size = chunkSize(upload.packetLimit, fields(upload, off), upload.length - off)
        const data = await read(off, size)
        if (data.length !== size)
          throw new AppError('artifact.corrupt', { detail: { off, got: data.length, want: size } })
        send(off, data)
        continue
      }
      const before = state
      state = after(state, await replies.take(signal))
      if (state.epoch !== before.epoch) {
        stopEpoch.abort(new AppError('cancelled'))
        stopEpoch = new AbortController()
        await backOff(state, upload, clock.monotonic() - lastProgress, signal)
      }
      if (state.acked > reported && state.started) {
        reported = state.acked
        lastProgress = clock.monotonic()
        upload.progress(reported, upload.length)
      }
    }
    return state.end
  } finally {
    stopEpoch.abort(new AppError('cancelled'))
  }
}

function after(state: UploadState, { ticket, body, error }: Reply): UploadState {
  if (!state.flights.some((flight) => flight.ticket === ticket)) return state
  if (body === undefined) {
    const passing = isAppError(error, 'device.no-answer') || isAppError(error, 'device.bad-frame')
    if (!passing) throw error
    return chunkLost(state, ticket)
  }
  const refusal = refusalIn(body)
  if (refusal && isPassing(refusal)) return chunkLost(state, ticket)
  if (refusal) throw refusalError(refusal, { group: GROUP.image, id: IMAGE_ID.upload })
  const off = wholeNumber(body, 'off')
  // A success that does not say what it wants next is no answer to go on from.
  if (off === null) return chunkLost(state, ticket)
  const match = own(body, 'match')
  return chunkAnswered(state, ticket, off, typeof match === 'boolean' ? match : null)
}

function fields(upload: Upload, off: number): SmpBody {
  if (off > 0) return { off }
  const image = upload.image === 0 ? {} : { image: upload.image }
  return { ...image, len: upload.length, off, sha: upload.sha256 }
}

/** A resent chunk 0 is safe because it carries `sha`; every other chunk is resent by the window alone. */
function patience({ timing, length }: Upload, off: number, data: Uint8Array): Patience {
  if (off === 0) return timing.first
  return { timeout: off + data.length >= length ? timing.last : timing.chunk, tries: 1 }
}

/** Waits a little longer after each loss without progress, and in the end gives up. */
async function backOff(state: UploadState, upload: Upload, quietMs: number, signal: AbortSignal): Promise<void> {
  const { stall, first } = upload.timing
  if (quietMs >= (state.started ? stall : Math.max(stall, first.timeout * first.tries))) {
    const detail = { off: state.acked, total: upload.length, losses: state.losses, waitedMs: Math.round(quietMs) }
    throw new AppError('device.no-answer', { detail })
  }
  if (state.losses > 1) await sleep(Math.min(50 * 2 ** state.losses, 2000), signal)
}
