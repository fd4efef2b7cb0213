import type { FileHandle } from 'node:fs/promises'
import { type FileHash, sha256 } from '../crypto/hash.ts'
import { badDelta } from './bad-delta.ts'
import { type ChunkIndex, chunkProof, type PackedChunk } from './chunk-index.ts'
import type { FoundChunks } from './find-chunks.ts'
import { withFiles } from './open-files.ts'
import { readExactly } from './read-exactly.ts'
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

/** Puts a file together, and says what came out. Throws `sync.bad-delta`, and what the file system throws. */
export function assemble({ index, found, ...paths }: Assemble, signal: AbortSignal): Promise<FileHash> {
  return withFiles(async (opening) => {
    const seeds: FileHandle[] = []
    for (const path of paths.seeds) seeds.push(await opening(path, 'r'))
    const fetched = await opening(paths.fetched, 'r')
    const places = fetchedPlaces(index, found)
    const result = new ResultFile(await opening(paths.out, 'w', 0o600), signal)
    for (const { position, seed, offset, length } of runs(index, found)) {
      const file = seeds[seed]
      const chunk = index.chunks[position]
      if (file) await result.take(length, (room, done) => readExactly(file, room, offset + done))
      else if (chunk) {
        const bytes = await unpack(fetched, chunk, places[position] ?? 0)
        await result.take(length, async (room, done) => room.set(bytes.subarray(done, done + room.length)))
      }
    }
    return result.finish()
  })
}

interface Run {
  /** Of its first chunk, which is its only one where none of the seeds has it. */
  readonly position: number
  /** -1: none. */
  readonly seed: number
  readonly offset: number
  length: number
}

/** The file in order; what lies one after the other in a seed as well is one. */
function* runs(index: ChunkIndex, found: FoundChunks): Generator<Run> {
  let run: Run | null = null
  for (const position of index.order) {
    const length = index.chunks[position]?.length ?? 0
    const [seed, offset] = [found.seed[position] ?? -1, found.offset[position] ?? 0]
    if (run && seed >= 0 && run.seed === seed && run.offset + run.length === offset) run.length += length
    else {
      if (run) yield run
      run = { position, seed, offset, length }
    }
  }
  if (run) yield run
}

async function unpack(fetched: FileHandle, chunk: PackedChunk, at: number): Promise<Uint8Array> {
  const packed = new Uint8Array(chunk.packedLength)
  await readExactly(fetched, packed, at)
  if (chunkProof(sha256(packed)) !== chunk.proof) throw badDelta('chunk')
  return packed.length === chunk.length ? packed : decompress(packed, chunk.length, null)
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
