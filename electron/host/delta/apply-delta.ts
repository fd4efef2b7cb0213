import { closeSync, openSync, readSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { FileHash } from '../crypto/hash.ts'
import { badDelta } from './bad-delta.ts'
import { DELTA_PREFIX, type DeltaHead, decodeDeltaHead, headLengths, type Segment } from './delta-format.ts'
import { ResultFile } from './result-file.ts'
import { decompress, dictionaryRoom } from './zstd.ts'

export interface ApplyDelta {
  /** Proved to be the signed one. */
  readonly delta: string
  /** What it was made from; null where it brings everything. Not believed: the result's hash tells. */
  readonly old: string | null
  /** Written anew. */
  readonly out: string
  /** Bytes that the result must have, as signed. */
  readonly length: number
}

/**
 * Makes the new file, and says what came out: to be compared with what was signed. Blocking: for a thread of its own.
 * Throws `sync.bad-delta`, what the file system throws, and the signal's reason.
 */
export async function applyDelta({ delta, old, out, length }: ApplyDelta, signal: AbortSignal): Promise<FileHash> {
  const [deltaFile, oldFile] = [openSync(delta, 'r'), old === null ? null : openSync(old, 'r')]
  try {
    const { head, at } = await readHead(deltaFile, (await stat(delta)).size)
    if (head.newLength !== length) throw badDelta('length', { found: head.newLength, expected: length })
    if ((old === null ? 0 : (await stat(old)).size) !== head.oldLength) throw badDelta('old-length')
    const file = await open(out, 'w', 0o600)
    try {
      const result = new ResultFile(file, signal)
      const fresh = new Fresh(deltaFile, oldFile, head.segments, at)
      for (const op of head.ops) {
        if ('fresh' in op) await result.take(op.fresh, (room) => fresh.next(room))
        else await result.take(op.copy.length, (room, done) => readInto(oldFile, room, op.copy.offset + done))
      }
      return await result.finish()
    } finally {
      await file.close()
    }
  } finally {
    closeSync(deltaFile)
    if (oldFile !== null) closeSync(oldFile)
  }
}

async function readHead(file: number, size: number): Promise<{ head: DeltaHead; at: number }> {
  if (size < DELTA_PREFIX) throw badDelta('short')
  const prefix = new Uint8Array(DELTA_PREFIX)
  readInto(file, prefix, 0)
  const { raw, packed } = headLengths(prefix)
  const at = DELTA_PREFIX + packed
  if (at > size) throw badDelta('short')
  const head = new Uint8Array(packed)
  readInto(file, head, DELTA_PREFIX)
  return { head: decodeDeltaHead(head, raw, size - at), at }
}

/** What the frames bring, in order; one of them in memory at a time. */
class Fresh {
  readonly #delta: number
  readonly #old: number | null
  readonly #segments: Iterator<Segment>
  #at: number
  #bytes: Uint8Array = new Uint8Array()

  constructor(delta: number, old: number | null, segments: readonly Segment[], at: number) {
    this.#delta = delta
    this.#old = old
    this.#segments = segments[Symbol.iterator]()
    this.#at = at
  }

  next(room: Uint8Array): void {
    for (let done = 0; done < room.length; ) {
      if (this.#bytes.length === 0) this.#load()
      const part = this.#bytes.subarray(0, room.length - done)
      room.set(part, done)
      done += part.length
      this.#bytes = this.#bytes.subarray(part.length)
    }
  }

  #load(): void {
    const { value: segment } = this.#segments.next() as { value: Segment | undefined }
    if (!segment) throw badDelta('segments')
    const frame = new Uint8Array(segment.frameLength)
    readInto(this.#delta, frame, this.#at)
    this.#at += frame.length
    this.#bytes = decompress(frame, segment.length, this.#dictionary(segment))
  }

  #dictionary({ dictionary: stretches }: Segment): Uint8Array | null {
    if (stretches.length === 0) return null
    const { dictionary, content } = dictionaryRoom(stretches.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const { offset, length } of stretches) {
      readInto(this.#old, content.subarray(at, at + length), offset)
      at += length
    }
    return dictionary
  }
}

/** Exactly the room's bytes from `position`; a file that is shorter than it said has been exchanged. */
function readInto(file: number | null, room: Uint8Array, position: number): void {
  for (let done = 0; done < room.length; ) {
    const read = file === null ? 0 : readSync(file, room, done, room.length - done, position + done)
    if (read === 0) throw badDelta('short')
    done += read
  }
}
