/** Smallest, usual and largest chunk, bytes (TRUST-AND-SYNC D1: results hardly depend on them). */
const SMALLEST = 4 * 1024
const USUAL = 16 * 1024
export const LARGEST_CHUNK = 64 * 1024

/**
 * Bits that must be zero at a cut: more of them before the usual size and fewer after it, so that sizes gather
 * around it (FastCDC, "normalised chunking"). High bits, since those have seen the most bytes.
 */
const EARLY = 0xffff0000 | 0
const LATE = 0xfff00000 | 0

/** One random number a byte value. Part of the format: publisher and console must cut alike. */
const GEAR = gearTable(0x51_1b_3a_77)

/** Length of the first chunk of `bytes`; `last`: no more bytes follow. Null: more are needed to tell. */
export function chunkLength(bytes: Uint8Array, last: boolean): number | null {
  if (bytes.length < LARGEST_CHUNK && !last) return null
  const end = Math.min(bytes.length, LARGEST_CHUNK)
  if (end <= SMALLEST) return end
  let hash = 0
  let at = SMALLEST - 32
  for (; at < SMALLEST; at += 1) hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0
  const usual = Math.min(end, USUAL)
  for (; at < usual; at += 1) {
    hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0
    if ((hash & EARLY) === 0) return at + 1
  }
  for (; at < end; at += 1) {
    hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0
    if ((hash & LATE) === 0) return at + 1
  }
  return end
}

/** A chunk of a file; `bytes` is good until the next one is asked for. */
export interface Chunk {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Cuts a stream of buffers. */
export async function* chunks(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Chunk> {
  let rest: Uint8Array = new Uint8Array()
  let offset = 0
  const cut = function* (last: boolean): Generator<Chunk> {
    let at = 0
    while (at < rest.length) {
      const length = chunkLength(rest.subarray(at, at + LARGEST_CHUNK), last)
      if (length === null) break
      yield { offset, bytes: rest.subarray(at, at + length) }
      at += length
      offset += length
    }
    rest = rest.subarray(at)
  }
  for await (const bytes of source) {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    yield* cut(false)
    // The source may fill its buffer anew.
    rest = rest.slice()
  }
  yield* cut(true)
}

function gearTable(seed: number): Int32Array {
  const table = new Int32Array(256)
  // splitmix32
  let state = seed
  for (let index = 0; index < table.length; index += 1) {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    table[index] = mixed ^ (mixed >>> 15)
  }
  return table
}
