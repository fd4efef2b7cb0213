import { badDelta } from './bad-delta.ts'
import { VarintReader, VarintWriter } from './varints.ts'
import { compress, DICTIONARY, decompress, SEGMENT } from './zstd.ts'

/** A stretch of the older file. */
export interface Stretch {
  readonly offset: number
  readonly length: number
}

/** The next bytes of the new file: from the older one, or the next of what the frames bring. */
export type Op = { readonly copy: Stretch } | { readonly fresh: number }

/** One compressed frame. */
export interface Segment {
  /** Bytes that it brings. */
  readonly length: number
  readonly frameLength: number
  /** Stretches of the older file that are its dictionary, in order. */
  readonly dictionary: readonly Stretch[]
}

/** What a delta says of itself before its frames. */
export interface DeltaHead {
  readonly newLength: number
  readonly oldLength: number
  readonly segments: readonly Segment[]
  readonly ops: readonly Op[]
}

const MAGIC = Buffer.from('SLIPDLT1')
/** Magic, length of the head, of the head compressed. */
export const DELTA_PREFIX = MAGIC.length + 8
/** Ten million copies: far more than the largest file has chunks. */
const HEAD_LIMIT = 64 * 1024 * 1024

/** Everything of a delta but its frames, which follow in order. */
export async function encodeDeltaHead(head: DeltaHead): Promise<Uint8Array> {
  const out = new VarintWriter()
  out.uint(head.newLength)
  out.uint(head.oldLength)
  out.uint(head.segments.length)
  for (const { length, frameLength, dictionary } of head.segments) {
    out.uint(length)
    out.uint(frameLength)
    writeStretches(out, dictionary)
  }
  out.uint(head.ops.length)
  let end = 0
  for (const op of head.ops) {
    if ('fresh' in op) out.uint(op.fresh * 2)
    else {
      out.uint(op.copy.length * 2 + 1)
      out.int(op.copy.offset - end)
      end = op.copy.offset + op.copy.length
    }
  }
  return framed(MAGIC, out.finish())
}

/** Lengths from the first {@link DELTA_PREFIX} bytes. Throws `sync.bad-delta`. */
export function headLengths(prefix: Uint8Array, magic: Uint8Array = MAGIC): { raw: number; packed: number } {
  if (prefix.length < DELTA_PREFIX || Buffer.compare(prefix.subarray(0, magic.length), magic) !== 0) {
    throw badDelta('format')
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength)
  const [raw, packed] = [view.getUint32(8), view.getUint32(12)]
  if (raw > HEAD_LIMIT || packed > HEAD_LIMIT) throw badDelta('head')
  return { raw, packed }
}

/**
 * Reads a head and holds it to itself: what it copies lies in the older file, what it brings adds up to the new
 * one, and nothing in it asks for more memory than is agreed. `framesLength`: bytes of the file behind the head.
 * Throws `sync.bad-delta`.
 */
export function decodeDeltaHead(packed: Uint8Array, raw: number, framesLength: number): DeltaHead {
  const from = new VarintReader(decompress(packed, raw, null))
  const newLength = from.uint()
  const oldLength = from.uint()
  const segments = Array.from({ length: from.count() }, () => readSegment(from, oldLength))
  const ops: Op[] = []
  const sums = { copied: 0, fresh: 0 }
  let end = 0
  for (let left = from.count(); left > 0; left -= 1) {
    const word = from.uint()
    const length = Math.floor(word / 2)
    if (length === 0) throw badDelta('empty')
    if (word % 2 === 0) {
      ops.push({ fresh: length })
      sums.fresh += length
      continue
    }
    const offset = end + from.int()
    end = offset + length
    if (offset < 0 || end > oldLength) throw badDelta('copy')
    ops.push({ copy: { offset, length } })
    sums.copied += length
  }
  from.end()
  if (sums.copied + sums.fresh !== newLength) throw badDelta('length')
  if (sums.fresh !== sum(segments, ({ length }) => length)) throw badDelta('segments')
  if (framesLength !== sum(segments, ({ frameLength }) => frameLength)) throw badDelta('frames')
  return { newLength, oldLength, segments, ops }
}

/** A compressed head behind a magic and its lengths. */
export async function framed(magic: Uint8Array, raw: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(raw, { level: 19, dictionary: null })
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(raw.length, 0)
  lengths.writeUInt32BE(packed.length, 4)
  return Buffer.concat([magic, lengths, packed])
}

function readSegment(from: VarintReader, oldLength: number): Segment {
  const length = from.uint()
  const frameLength = from.uint()
  if (length === 0 || length > SEGMENT || frameLength > 2 * SEGMENT) throw badDelta('segment')
  const dictionary = readStretches(from, oldLength)
  if (sum(dictionary, (stretch) => stretch.length) > DICTIONARY) throw badDelta('dictionary')
  return { length, frameLength, dictionary }
}

function writeStretches(out: VarintWriter, stretches: readonly Stretch[]): void {
  out.uint(stretches.length)
  let end = 0
  for (const { offset, length } of stretches) {
    out.int(offset - end)
    out.uint(length)
    end = offset + length
  }
}

function readStretches(from: VarintReader, oldLength: number): Stretch[] {
  let end = 0
  return Array.from({ length: from.count() }, () => {
    const offset = end + from.int()
    const length = from.uint()
    end = offset + length
    if (offset < 0 || end > oldLength) throw badDelta('dictionary')
    return { offset, length }
  })
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
