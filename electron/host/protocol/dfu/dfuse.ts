import { AppError } from '../../../../shared/errors.ts'
import { compareBlock, type ReadBack, sendBlock } from './download.ts'
import { ANSWER_MS, type DfuTraits, type Flow, must, type Step, settled, toIdle, why, wrongState } from './flow.ts'
import { STATE } from './status.ts'

/** ST's DfuSe (AN3156): memory is addressed, erased and written by commands in block 0. */

const SET_POINTER = 0x21
const ERASE = 0x41
/** Block n (from 2) goes to pointer + (n - 2) * transfer size. */
const FIRST_BLOCK = 2
const LAST_BLOCK = 0xffff

function order(command: number, address: number | null): Uint8Array {
  if (address === null) return Uint8Array.of(command)
  const bytes = new Uint8Array(5)
  bytes[0] = command
  new DataView(bytes.buffer).setUint32(1, address, true)
  return bytes
}

/** A command runs when the status is asked for, and is over when the device is no longer busy. */
function* command(bytes: Uint8Array, during: string, traits: DfuTraits): Flow<void> {
  const reply = yield { do: 'command', bytes }
  if (!reply.ok) throw yield* why(reply, traits, during)
  const status = yield* settled(traits, during)
  if (status.state !== STATE.downloadIdle) throw wrongState(status, during)
}

/** Where a stretch of the image goes. */
export interface Target {
  readonly address: number
  /** In the image. */
  readonly offset: number
  readonly length: number
}

/** Erases these sectors, or the whole memory where the device wants that. */
export function* eraseMemory(sectors: readonly number[], traits: DfuTraits): Flow<void> {
  yield* toIdle(traits)
  const all = traits.massErase ? [null] : sectors
  for (const [at, sector] of all.entries()) {
    yield* command(order(ERASE, sector), 'erase', traits)
    yield* must({ do: 'note', stage: 'erase', done: at + 1, total: all.length })
  }
}

/**
 * Writes a stretch into erased memory. The pointer is set once and blocks are counted up. The first block goes last: an
 * image that was cut off has no entry point, so that nothing starts it.
 */
export function* writeMemory({ address, offset, length }: Target, traits: DfuTraits): Flow<void> {
  yield* toIdle(traits)
  let [pointer, done]: [number | null, number] = [null, 0]
  for (const { from, size } of piecesOf(length, traits)) {
    pointer = yield* pointAt(pointer, address, from, size, traits)
    yield* sendBlock(blockAt(pointer, address, from, traits), offset + from, size, traits)
    done += size
    yield* must({ do: 'note', stage: 'write', done, total: length })
  }
}

interface Piece {
  readonly from: number
  readonly size: number
}

function* piecesOf(length: number, { transferSize, ascending }: DfuTraits): Generator<Piece> {
  const first = { from: 0, size: Math.min(transferSize, length) }
  if (ascending) yield first
  for (let from = first.size; from < length; from += transferSize) {
    yield { from, size: Math.min(transferSize, length - from) }
  }
  if (!ascending) yield first
}

/**
 * The pointer by which a piece can be reached: the one that is set, wherever counting blocks up from it leads there.
 * What "transfer size" means for a short block differs between ROMs (PROTOCOLS 2.5): it gets a pointer of its own.
 */
function* pointAt(
  pointer: number | null,
  address: number,
  from: number,
  size: number,
  traits: DfuTraits,
): Flow<number> {
  const at = address + from
  const isShort = size < traits.transferSize || traits.ownAddresses
  const reaches = pointer !== null && pointer <= at && blockAt(pointer, address, from, traits) <= LAST_BLOCK
  if (reaches && (!isShort || pointer === at)) return pointer
  const next = isShort || pointer !== null ? at : address
  yield* command(order(SET_POINTER, next), 'set-address', traits)
  return next
}

function blockAt(pointer: number, address: number, from: number, { transferSize }: DfuTraits): number {
  return FIRST_BLOCK + (address + from - pointer) / transferSize
}

/** Reads the image back. Throws `device.write-failed` with the first byte that differs. */
export function* compareMemory({ address, offset, length }: Target, traits: DfuTraits): Flow<ReadBack> {
  let pointer: number | null = null
  for (let from = 0; from < length; ) {
    const size = Math.min(traits.transferSize, length - from)
    const isFar = pointer === null || blockAt(pointer, address, from, traits) > LAST_BLOCK
    if (isFar || size < traits.transferSize || traits.ownAddresses) {
      yield* toIdle(traits)
      pointer = address + from
      yield* command(order(SET_POINTER, pointer), 'set-address', traits)
      // The pointer is kept; uploads begin in dfuIDLE only.
      yield* must({ do: 'abort' })
    }
    const block = blockAt(pointer ?? address, address, from, traits)
    if ((yield* compareBlock(block, offset + from, size, traits, from === 0)) === 'refused') return 'refused'
    from += size
    yield* must({ do: 'note', stage: 'read-back', done: from, total: length })
  }
  yield* toIdle(traits)
  return 'same'
}

/** Starts what is at `address`. A device that leaves takes its last answer with it. */
export function* leave(address: number, traits: DfuTraits): Flow<void> {
  yield* toIdle(traits)
  yield* command(order(SET_POINTER, address), 'set-address', traits)
  const end = yield { do: 'send', block: traits.leaveBlock, from: 0, length: 0 }
  if (!end.ok && end.why !== 'gone') throw yield* why(end, traits, 'leave')
  if (end.ok) yield { do: 'status', timeoutMs: ANSWER_MS }
}

/** Enough of an image to tell it from erased flash and from another image. */
const LOOK_BYTES = 64

function* lookAt(address: number, step: Step, traits: DfuTraits): Flow<boolean> {
  yield* toIdle(traits)
  yield* command(order(SET_POINTER, address), 'set-address', traits)
  yield* must({ do: 'abort' })
  const reply = yield* must(step)
  yield* toIdle(traits)
  if (!('came' in reply)) throw new AppError('internal')
  return reply.came > 0 && reply.differsAt === null
}

/** Whether the memory is erased at `address`: then nothing can be started there. */
export function isBlank(address: number, traits: DfuTraits): Flow<boolean> {
  return lookAt(address, { do: 'blank-check', block: FIRST_BLOCK, length: LOOK_BYTES }, traits)
}

/** Whether the image begins in the memory as it would after a write. */
export function startsAs({ address, offset, length }: Target, traits: DfuTraits): Flow<boolean> {
  const size = Math.min(LOOK_BYTES, length)
  return lookAt(address, { do: 'compare', block: FIRST_BLOCK, from: offset, length: size }, traits)
}
