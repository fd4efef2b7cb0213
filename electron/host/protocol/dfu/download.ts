import { AppError } from '../../../../shared/errors.ts'
import {
  ANSWER_MS,
  askStatus,
  type DfuTraits,
  type Flow,
  must,
  pollDelay,
  settled,
  toIdle,
  why,
  wrongState,
} from './flow.ts'
import { isBusy, STATE, statusError } from './status.ts'

/** Plain DFU 1.1: one image, block after block, and an empty request that makes the device take it over. */

const MOST_BLOCKS = 0x10000

/** Sends the image. The device then holds it in dfuDNLOAD-IDLE; nothing has been taken over yet. */
export function* sendImage(length: number, traits: DfuTraits): Flow<void> {
  yield* toIdle(traits)
  for (let [from, block] = [0, 0]; from < length; block = (block + 1) % MOST_BLOCKS) {
    const size = Math.min(traits.transferSize, length - from)
    yield* sendBlock(block, from, size, traits)
    from += size
    yield* must({ do: 'note', stage: 'write', done: from, total: length })
  }
}

/** One block, programmed when this returns. */
export function* sendBlock(block: number, from: number, length: number, traits: DfuTraits): Flow<void> {
  const reply = yield { do: 'send', block, from, length }
  if (!reply.ok) throw yield* why(reply, traits, 'write')
  const status = yield* settled(traits, 'write')
  if (status.state !== STATE.downloadIdle) throw wrongState(status, 'write')
}

/** How manifestation ended: back in dfuIDLE, waiting for a reset, or with the device gone to start it. */
export type Manifested = 'idle' | 'wants-reset' | 'left'

/** ms of polling that a device may take to finish. */
const LONGEST_MANIFEST_MS = 120_000

/**
 * Ends the download: the device takes the image over. One that is not tolerant stops answering in the middle, and that
 * is no failure (PROTOCOLS 2.3). Throws what a device says is wrong with the image.
 */
export function* manifest(traits: DfuTraits): Flow<Manifested> {
  const end = yield { do: 'send', block: 0, from: 0, length: 0 }
  if (!end.ok) {
    if (end.why === 'gone' && !traits.manifestationTolerant) return 'left'
    throw yield* why(end, traits, 'manifest')
  }
  if (traits.manifestMs > 0) yield* must({ do: 'wait', ms: traits.manifestMs })
  for (let [nth, waited] = [1, 0]; waited < LONGEST_MANIFEST_MS; nth += 1) {
    const reply = yield { do: 'status', timeoutMs: ANSWER_MS }
    if (!reply.ok) {
      if (reply.why === 'gone') return 'left'
      if (traits.manifestationTolerant) throw reply.error
      return 'wants-reset'
    }
    if (!('status' in reply)) break
    const { status } = reply
    if (status.state === STATE.error) throw statusError(status, 'manifest', traits.dfuse)
    if (status.state === STATE.idle) return 'idle'
    if (status.state === STATE.manifestWaitReset) return 'wants-reset'
    if (!isBusy(status.state)) throw wrongState(status, 'manifest')
    const ms = pollDelay(status, traits, nth)
    yield* must({ do: 'wait', ms })
    waited += ms
  }
  throw new AppError('device.write-failed', { detail: { reason: 'stuck-busy', during: 'manifest' } })
}

/** What became of reading back: `refused` by a device that says it can and then does not. */
export type ReadBack = 'same' | 'refused'

/** Reads the image back from dfuIDLE. Throws `device.write-failed` with the first byte that differs. */
export function* compareImage(length: number, traits: DfuTraits): Flow<ReadBack> {
  yield* toIdle(traits)
  for (let [from, block] = [0, 0]; from < length; block = (block + 1) % MOST_BLOCKS) {
    const size = Math.min(traits.transferSize, length - from)
    if ((yield* compareBlock(block, from, size, traits, from === 0)) === 'refused') return 'refused'
    from += size
    yield* must({ do: 'note', stage: 'read-back', done: from, total: length })
  }
  yield* toIdle(traits)
  return 'same'
}

/** A device that refuses the very first block does not let itself be read; later it is a fault. */
export function* compareBlock(
  block: number,
  from: number,
  length: number,
  traits: DfuTraits,
  first: boolean,
): Flow<ReadBack> {
  const reply = yield { do: 'compare', block, from, length }
  if (!reply.ok) {
    if (reply.why !== 'stall' || !first) throw yield* why(reply, traits, 'read-back')
    yield* toIdle(traits)
    return 'refused'
  }
  if (!('came' in reply)) throw new AppError('internal')
  if (reply.came < length || reply.differsAt !== null) {
    const at = from + Math.min(reply.came, reply.differsAt ?? reply.came)
    throw new AppError('device.write-failed', { detail: { reason: 'read-back-differs', at } })
  }
  return 'same'
}

/** Whether a download is complete and waits to be taken over. */
export function* holdsDownload(traits: DfuTraits): Flow<boolean> {
  return (yield* askStatus(traits)).state === STATE.downloadIdle
}

/** Whether what the device runs, read from dfuIDLE, begins as the image does. */
export function* beginsAs(length: number, traits: DfuTraits): Flow<boolean> {
  yield* toIdle(traits)
  const size = Math.min(traits.transferSize, length)
  const reply = yield* must({ do: 'compare', block: 0, from: 0, length: size })
  yield* toIdle(traits)
  if (!('came' in reply)) throw new AppError('internal')
  return reply.came === size && reply.differsAt === null
}
