import type { FileHandle } from 'node:fs/promises'
import { badDelta } from './bad-delta.ts'
import type { Segment, Stretch } from './delta-format.ts'
import { readExactly } from './read-exactly.ts'
import { decompressAside, dictionaryRoom } from './zstd.ts'

interface Frames {
  readonly delta: FileHandle
  /** Where the first one lies in it. */
  readonly at: number
  readonly segments: readonly Segment[]
  readonly old: FileHandle | null
}

/** What a delta's frames bring, in order. One is opened while the one before it is used: never more than two are in memory. */
export class FreshBytes {
  readonly #frames: Frames
  #largest = dictionaryRoom(0)
  #at: number
  #segment = 0
  #used = 0
  #bytes: Promise<Uint8Array>
  #following: Promise<Uint8Array>

  constructor(frames: Frames) {
    this.#frames = frames
    this.#at = frames.at
    this.#bytes = this.#load(0, null)
    this.#following = this.#load(1, this.#bytes)
  }

  /** Fills the room with the bytes behind those of the call before, which need not be there yet. Throws `sync.bad-delta`. */
  async next(room: Uint8Array): Promise<void> {
    const copies: Promise<void>[] = []
    for (let done = 0; done < room.length; ) {
      const segment = this.#frames.segments[this.#segment]
      if (!segment) throw badDelta('segments')
      const part = room.subarray(done, done + segment.length - this.#used)
      const from = this.#used
      copies.push(this.#bytes.then((bytes) => part.set(bytes.subarray(from, from + part.length))))
      done += part.length
      this.#used += part.length
      if (this.#used === segment.length) this.#turn()
    }
    await Promise.all(copies)
  }

  #turn(): void {
    this.#segment += 1
    this.#used = 0
    this.#bytes = this.#following
    this.#following = this.#load(this.#segment + 1, this.#bytes)
  }

  #load(index: number, before: Promise<unknown> | null): Promise<Uint8Array> {
    const at = this.#at
    const segment = this.#frames.segments[index]
    this.#at += segment?.frameLength ?? 0
    const bytes = segment ? this.#decompressed(segment, at, before) : Promise.resolve(new Uint8Array())
    // Awaited by those who need it.
    bytes.catch(() => {})
    return bytes
  }

  async #decompressed(segment: Segment, at: number, before: Promise<unknown> | null): Promise<Uint8Array> {
    await before
    const frame = new Uint8Array(segment.frameLength)
    const { dictionary, content } = this.#dictionary(segment)
    const reads = [readExactly(this.#frames.delta, frame, at)]
    let filled = 0
    for (const stretch of segment.dictionary) {
      reads.push(readExactly(this.#frames.old, content.subarray(filled, filled + stretch.length), stretch.offset))
      filled += stretch.length
    }
    await Promise.all(reads)
    return decompressAside(frame, segment.length, filled > 0 ? dictionary : null)
  }

  /** One room for all: a frame that is open has no more need of its dictionary. */
  #dictionary({ dictionary: stretches }: Segment): ReturnType<typeof dictionaryRoom> {
    const length = total(stretches)
    if (length > this.#largest.content.length) this.#largest = dictionaryRoom(length)
    const { dictionary, content } = this.#largest
    const unused = content.length - length
    return { dictionary: dictionary.subarray(0, dictionary.length - unused), content: content.subarray(0, length) }
  }
}

function total(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { length }) => sum + length, 0)
}
