import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { type FileHash, sha256 } from '../crypto/hash.ts'
import { badDelta } from './bad-delta.ts'
import { type ChunkIndex, chunkProof } from './chunk-index.ts'
import type { FoundChunks } from './find-chunks.ts'
import { ResultFile } from './result-file.ts'
import { decompress } from './zstd.ts'

export interface Assemble {
  readonly index: ChunkIndex
  readonly found: FoundChunks
  readonly seeds: readonly string[]
  /** The chunks that no seed has, compressed, one after the other in the order of the index. */
  readonly fetched: string
  readonly out: string
}

/** Puts a file together, and says what came out. Blocking: for a thread of its own. Throws `sync.bad-delta`. */
export async function assemble(job: Assemble, signal: AbortSignal): Promise<FileHash> {
  const { index, found } = job
  const seeds = job.seeds.map((path) => openSync(path, 'r'))
  const fetched = openSync(job.fetched, 'r')
  const places = fetchedPlaces(index, found)
  try {
    const file = await open(job.out, 'w', 0o600)
    try {
      const result = new ResultFile(file, signal)
      for (const position of index.order) {
        const chunk = index.chunks[position]
        if (!chunk) throw badDelta('order')
        const seed = seeds[found.seed[position] ?? -1]
        const from = found.offset[position] ?? 0
        if (seed !== undefined) await result.take(chunk.length, (room, done) => readInto(seed, room, from + done))
        else {
          const packed = new Uint8Array(chunk.packedLength)
          readInto(fetched, packed, places[position] ?? 0)
          if (chunkProof(sha256(packed)) !== chunk.proof) throw badDelta('chunk')
          const bytes = packed.length === chunk.length ? packed : decompress(packed, chunk.length, null)
          await result.take(chunk.length, (room, done) => room.set(bytes.subarray(done, done + room.length)))
        }
      }
      return await result.finish()
    } finally {
      await file.close()
    }
  } finally {
    for (const seed of [...seeds, fetched]) closeSync(seed)
  }
}

/** Where each chunk that no seed has lies among those that were fetched. */
export function fetchedPlaces(index: ChunkIndex, found: FoundChunks): Float64Array {
  const places = new Float64Array(index.chunks.length)
  let at = 0
  for (const [position, { packedLength }] of index.chunks.entries()) {
    if ((found.seed[position] ?? -1) >= 0) continue
    places[position] = at
    at += packedLength
  }
  return places
}

function readInto(file: number, room: Uint8Array, position: number): void {
  for (let done = 0; done < room.length; ) {
    const read = readSync(file, room, done, room.length - done, position + done)
    if (read === 0) throw badDelta('short')
    done += read
  }
}
