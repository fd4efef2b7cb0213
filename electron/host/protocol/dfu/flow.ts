import { AppError } from '../../../../shared/errors.ts'
import { type DfuStatus, isBusy, STATE, statusError } from './status.ts'

/**
 * What the host does next. A flow is pure: it names steps, gets replies, and knows neither clock nor link. Bytes are
 * named by their place in the image, so that a flow of any length holds none of them.
 */
export type Step =
  | { readonly do: 'status'; readonly timeoutMs: number }
  | { readonly do: 'clear-status' }
  | { readonly do: 'abort' }
  /** DFU_DNLOAD of a stretch of the image; length 0 is the empty request that ends it. */
  | { readonly do: 'send'; readonly block: number; readonly from: number; readonly length: number }
  /** A DfuSe command: DFU_DNLOAD of block 0. */
  | { readonly do: 'command'; readonly bytes: Uint8Array }
  /** DFU_UPLOAD, compared with that stretch of the image. */
  | { readonly do: 'compare'; readonly block: number; readonly from: number; readonly length: number }
  /** DFU_UPLOAD, compared with erased flash. */
  | { readonly do: 'blank-check'; readonly block: number; readonly length: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** So much of a stage is done. */
  | { readonly do: 'note'; readonly stage: Stage; readonly done: number; readonly total: number }

export type Stage = 'erase' | 'write' | 'read-back'

export type Reply =
  | { readonly ok: true }
  | { readonly ok: true; readonly status: DfuStatus }
  /** Bytes that came, and the first that differs from the image (relative to the stretch). */
  | { readonly ok: true; readonly came: number; readonly differsAt: number | null }
  | { readonly ok: false; readonly why: 'stall' | 'silent' | 'gone'; readonly error: AppError }

export type Flow<T> = Generator<Step, T, Reply>

/** ms for one answer. A DfuSe device may erase while it answers (PROTOCOLS 2.5). */
export const ANSWER_MS = 5000
export const SLOW_ANSWER_MS = 35_000
/** A device that says "busy" for longer than this is stuck: erasing a whole chip takes 35 s and more. */
const STUCK_MS = 120_000
/** Some devices are busy and say "ask again in 0 ms" for seconds on end. */
const LEAST_BUSY_MS = 5
/** Longest wait that is believed: some devices say hours. */
const MOST_POLL_MS = 60_000

/** What a flow must know of the device, quirks applied. */
export interface DfuTraits {
  readonly dfuse: boolean
  readonly transferSize: number
  /** Blocks are not as long as the device says, so that it may count them otherwise: each gets an address of its own. */
  readonly ownAddresses: boolean
  readonly canUpload: boolean
  readonly manifestationTolerant: boolean
  readonly willDetach: boolean
  /** ms between polls, whatever the device says. */
  readonly pollMs: number | null
  readonly manifestMs: number
  readonly massErase: boolean
  readonly ascending: boolean
  readonly clearStuckBusy: boolean
  readonly leaveBlock: 0 | 2
}

/**
 * ms to wait after the `nth` status in a row (from 1) that says "busy". One that says 0 may be asked at once; when it is
 * still busy then, it cannot have meant it.
 */
export function pollDelay({ pollMs }: DfuStatus, traits: Pick<DfuTraits, 'pollMs'>, nth: number): number {
  return Math.min(Math.max(traits.pollMs ?? pollMs, Math.min(nth - 1, LEAST_BUSY_MS)), MOST_POLL_MS)
}

export function* must(step: Step): Flow<Exclude<Reply, { ok: false }>> {
  const reply = yield step
  if (!reply.ok) throw reply.error
  return reply
}

export function* askStatus(traits: Pick<DfuTraits, 'dfuse'>): Flow<DfuStatus> {
  return statusIn(yield { do: 'status', timeoutMs: traits.dfuse ? SLOW_ANSWER_MS : ANSWER_MS })
}

export function statusIn(reply: Reply): DfuStatus {
  if (!reply.ok) throw reply.error
  if ('status' in reply) return reply.status
  throw new AppError('internal')
}

/**
 * Polls until the device is no longer busy, and returns what it says then. Throws its error, or `device.write-failed`
 * when it stays busy for ever.
 */
export function* settled(traits: DfuTraits, during: string): Flow<DfuStatus> {
  let waited = 0
  for (let nth = 1; ; nth += 1) {
    const status = yield* askStatus(traits)
    if (status.state === STATE.error) throw statusError(status, during, traits.dfuse)
    if (!isBusy(status.state)) return status
    if (waited >= STUCK_MS) throw stuck(during, waited)
    const ms = pollDelay(status, traits, nth)
    if (ms > 0) yield* must({ do: 'wait', ms })
    waited += ms
  }
}

function stuck(during: string, waitedMs: number): AppError {
  return new AppError('device.write-failed', { detail: { reason: 'stuck-busy', during, waitedMs } })
}

/** Unexpected, but true: the device is somewhere else than the protocol says. */
export function wrongState({ state }: DfuStatus, during: string): AppError {
  return new AppError('device.write-failed', { detail: { reason: 'wrong-state', state, during } })
}

/** A request that was answered by STALL: the status says why. */
export function* why(reply: Reply & { ok: false }, traits: DfuTraits, during: string): Flow<AppError> {
  if (reply.why !== 'stall') return reply.error
  const status = yield { do: 'status', timeoutMs: ANSWER_MS }
  if (!status.ok || !('status' in status) || status.status.status === 0) return reply.error
  return statusError(status.status, during, traits.dfuse)
}

/** Orders after which a device that still is not idle is given up. */
const MOST_ORDERS = 20

/**
 * Brings a device in DFU mode to dfuIDLE, from wherever the last host left it. CLRSTATUS only in dfuERROR: newer boot
 * loaders stall it anywhere else (PROTOCOLS 2.3). Throws `device.busy`, `device.write-failed`, `link.*`.
 */
export function* toIdle(traits: DfuTraits): Flow<void> {
  let [orders, polls, waited] = [0, 0, 0]
  while (orders < MOST_ORDERS && waited < STUCK_MS) {
    const status = yield* askStatus(traits)
    const order = orderTowardsIdle(status)
    if (order === 'none') return
    if (order === 'wait') {
      polls += 1
      const ms = pollDelay(status, traits, polls)
      yield* must({ do: 'wait', ms })
      waited += ms
    } else {
      yield* must({ do: order })
      orders += 1
    }
  }
  if (traits.clearStuckBusy && waited >= STUCK_MS) {
    // The first makes it an error, the second ends that.
    for (let times = 0; times < 2; times += 1) yield* must({ do: 'clear-status' })
    if ((yield* askStatus(traits)).state === STATE.idle) return
  }
  throw new AppError('device.busy', { detail: { what: 'dfu', waitedMs: waited } })
}

function orderTowardsIdle({ state }: DfuStatus): 'none' | 'wait' | 'abort' | 'clear-status' {
  switch (state) {
    case STATE.idle:
      return 'none'
    case STATE.error:
      return 'clear-status'
    case STATE.downloadIdle:
    case STATE.uploadIdle:
    case STATE.downloadSync:
      return 'abort'
    case STATE.downloadBusy:
    case STATE.manifestSync:
    case STATE.manifest:
      return 'wait'
    case STATE.manifestWaitReset:
      throw notReady('waits-for-reset')
    case STATE.appIdle:
    case STATE.appDetach:
      throw notReady('not-in-dfu-mode')
  }
  return state satisfies never
}

function notReady(reason: string): AppError {
  return new AppError('device.write-failed', { detail: { reason } })
}
