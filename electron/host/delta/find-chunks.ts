import { setImmediate as turn } from 'node:timers/promises'
import { sha256 } from '../crypto/hash.ts'
import { type ChunkIndex, chunkId } from './chunk-index.ts'
import { chunks } from './chunker.ts'
import { readWhole } from './make-delta.ts'

/** Where the chunks of a file are found in others: for each chunk which of the seeds has it, or -1, and at which offset. */
export interface FoundChunks {
  readonly seed: Int32Array
  readonly offset: Float64Array
}

/** Cuts files that are at hand and looks for the chunks of `index` in them. Throws what the file system throws. */
export async function findChunks(
  index: ChunkIndex,
  seeds: readonly string[],
  signal: AbortSignal,
): Promise<FoundChunks> {
  const wanted = new Map(index.chunks.map(({ id }, position) => [id, position]))
  const seed = new Int32Array(index.chunks.length).fill(-1)
  const offset = new Float64Array(index.chunks.length)
  let cut = 0
  for (const [number, path] of seeds.entries()) {
    for await (const chunk of chunks(readWhole(path))) {
      const position = wanted.get(chunkId(sha256(chunk.bytes)))
      if (position !== undefined && index.chunks[position]?.length === chunk.bytes.length) {
        seed[position] = number
        offset[position] = chunk.offset
        wanted.delete(index.chunks[position].id)
      }
      cut += 1
      if (cut % 256 > 0) continue
      await turn()
      signal.throwIfAborted()
    }
  }
  return { seed, offset }
}
