import { createReadStream } from 'node:fs'
import { type FileHandle, open, writeFile } from 'node:fs/promises'
import { fill, READ_SIZE, sha256Hex } from '../crypto/hash.ts'
import { chunks } from './chunker.ts'
import { encodeDeltaHead, type Op, type Segment, type Stretch } from './delta-format.ts'
import { compress, DICTIONARY, dictionaryRoom, SEGMENT } from './zstd.ts'

/** Above this much to compress the best level takes many minutes and gains little (TRUST-AND-SYNC D1, K1). */
const BEST_LEVEL_UP_TO = 256 * 1024 * 1024
const BEST = 19
const GOOD = 12

export interface MakeDelta {
  /** The older file; null: the delta brings everything. */
  readonly old: string | null
  readonly new: string
  /** Written anew; making it durable is the caller's. */
  readonly out: string
}

/** What two files do not have in common. */
export interface Residue {
  readonly ops: readonly Op[]
  /** Stretches of the new file that the frames must bring, in order. */
  readonly fresh: readonly Stretch[]
  /** Stretches of the older file that the new one has no more, in order. */
  readonly gone: readonly Stretch[]
  readonly newLength: number
  readonly oldLength: number
}

/**
 * Writes what turns the older file into the new one. Chunks in common are copied; what is left of the new file is
 * compressed with what is left of the older one as dictionary (TRUST-AND-SYNC D1, "residue").
 */
export async function makeDelta({ old, new: path, out }: MakeDelta): Promise<void> {
  const residue = await findResidue(old, path)
  const total = residue.fresh.reduce((sum, { length }) => sum + length, 0)
  const level = total > BEST_LEVEL_UP_TO ? GOOD : BEST
  const files = { new: await open(path, 'r'), old: old === null ? null : await open(old, 'r') }
  try {
    const segments: Segment[] = []
    const frames: Uint8Array[] = []
    for (const stretches of split(residue.fresh, evenSegment(total))) {
      const bytes = await readStretches(files.new, stretches)
      const dictionary = files.old ? dictionaryFor(stretches, residue.gone) : []
      const room = dictionaryRoom(dictionary.reduce((sum, { length }) => sum + length, 0))
      if (files.old) await readStretches(files.old, dictionary, room.content)
      const frame = await compress(bytes, { level, dictionary: dictionary.length > 0 ? room.dictionary : null })
      segments.push({ length: bytes.length, frameLength: frame.length, dictionary })
      frames.push(frame)
    }
    const { ops, newLength, oldLength } = residue
    const head = await encodeDeltaHead({ ops, newLength, oldLength, segments })
    await writeFile(out, [head, ...frames])
  } finally {
    await files.new.close()
    await files.old?.close()
  }
}

export async function findResidue(old: string | null, path: string): Promise<Residue> {
  const had = new Map<string, Stretch>()
  const order: { readonly id: string; readonly stretch: Stretch }[] = []
  let oldLength = 0
  if (old !== null) {
    for await (const { offset, bytes } of chunks(readWhole(old))) {
      const id = sha256Hex(bytes)
      const stretch = { offset, length: bytes.length }
      if (!had.has(id)) had.set(id, stretch)
      order.push({ id, stretch })
      oldLength += bytes.length
    }
  }
  const kept = new Set<string>()
  const ops: Op[] = []
  const fresh: Stretch[] = []
  let newLength = 0
  for await (const { offset, bytes } of chunks(readWhole(path))) {
    const id = sha256Hex(bytes)
    const copy = had.get(id)
    if (copy) kept.add(id)
    else join(fresh, { offset, length: bytes.length })
    append(ops, copy ? { copy } : { fresh: bytes.length })
    newLength += bytes.length
  }
  const gone: Stretch[] = []
  for (const { id, stretch } of order) if (!kept.has(id)) join(gone, stretch)
  return { ops, fresh, gone, newLength, oldLength }
}

/** Bytes of each segment, all alike: a small last one would cost the reader a whole dictionary more. */
function evenSegment(total: number): number {
  return Math.ceil(total / Math.max(1, Math.ceil(total / SEGMENT)))
}

/** Groups of stretches of at most `size` bytes, in order. */
export function split(stretches: readonly Stretch[], size: number): Stretch[][] {
  const groups: Stretch[][] = []
  let room = 0
  for (const { offset, length } of stretches) {
    for (let done = 0; done < length; ) {
      if (room === 0) {
        groups.push([])
        room = size
      }
      const part = Math.min(room, length - done)
      groups.at(-1)?.push({ offset: offset + done, length: part })
      done += part
      room -= part
    }
  }
  return groups
}

/** All that is gone, or as much as a dictionary holds from where the older file is likely to be alike: at the same place. */
export function dictionaryFor(segment: readonly Stretch[], gone: readonly Stretch[], size = DICTIONARY): Stretch[] {
  const total = gone.reduce((sum, { length }) => sum + length, 0)
  if (total <= size) return [...gone]
  const [first, last] = [segment[0], segment.at(-1)]
  const middle = first && last ? (first.offset + last.offset + last.length) / 2 : 0
  const before = gone.reduce((sum, { offset, length }) => sum + Math.max(0, Math.min(length, middle - offset)), 0)
  const from = Math.max(0, Math.min(Math.floor(before) - size / 2, total - size))
  const window: Stretch[] = []
  let at = 0
  for (const { offset, length } of gone) {
    const [begin, end] = [Math.max(at, from), Math.min(at + length, from + size)]
    if (begin < end) window.push({ offset: offset + begin - at, length: end - begin })
    at += length
  }
  return window
}

/** A file buffer by buffer. */
export function readWhole(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: READ_SIZE })
}

async function readStretches(file: FileHandle, stretches: readonly Stretch[], into?: Uint8Array): Promise<Uint8Array> {
  const room = into ?? new Uint8Array(stretches.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const { offset, length } of stretches) {
    await fill(file, room.subarray(at, at + length), offset)
    at += length
  }
  return room
}

function append(ops: Op[], op: Op): void {
  const last = ops.at(-1)
  if (last && 'fresh' in last && 'fresh' in op) ops[ops.length - 1] = { fresh: last.fresh + op.fresh }
  else if (last && 'copy' in last && 'copy' in op && last.copy.offset + last.copy.length === op.copy.offset) {
    ops[ops.length - 1] = { copy: { offset: last.copy.offset, length: last.copy.length + op.copy.length } }
  } else ops.push(op)
}

function join(stretches: Stretch[], { offset, length }: Stretch): void {
  const last = stretches.at(-1)
  if (last && last.offset + last.length === offset) {
    stretches[stretches.length - 1] = { offset: last.offset, length: last.length + length }
  } else stretches.push({ offset, length })
}
