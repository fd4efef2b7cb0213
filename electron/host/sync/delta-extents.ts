import type { PackedChunk } from '../delta/chunk-index.ts'

/** One range of a pack, and the chunks in it that are wanted, by their place in the index. */
export interface Extent {
  readonly from: number
  readonly to: number
  readonly chunks: readonly number[]
}

/** Fetching so many bytes that nobody wants costs less than another request (TRUST-AND-SYNC D2). */
const GAP = 8 * 1024
/** Small enough for several at once, and for little to be lost with one. */
const LARGEST = 1024 * 1024

/** Ranges that cover the wanted chunks, in order. Pure. */
export function extents(chunks: readonly PackedChunk[], wanted: readonly number[]): Extent[] {
  const found: { from: number; to: number; chunks: number[] }[] = []
  for (const index of wanted) {
    const chunk = chunks[index]
    if (!chunk) continue
    const end = chunk.at + chunk.packedLength
    const last = found.at(-1)
    if (last && chunk.at - last.to <= GAP && end - last.from <= LARGEST) {
      last.to = end
      last.chunks.push(index)
    } else found.push({ from: chunk.at, to: end, chunks: [index] })
  }
  return found
}
