import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import { fill, sha256 } from '../crypto/hash.ts'
import { fetchedPlaces } from '../delta/assemble.ts'
import { type ChunkIndex, chunkProof } from '../delta/chunk-index.ts'
import type { FoundChunks } from '../delta/find-chunks.ts'
import { type Extent, extents } from './delta-extents.ts'
import type { Fetcher } from './fetcher.ts'

export interface ChunkFetch {
  readonly index: ChunkIndex
  readonly found: FoundChunks
  readonly url: string
  /** Where they are put, one after the other; what lies there from an earlier try counts as far as it is right. */
  readonly path: string
  readonly fetcher: Fetcher
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

/** Ranges asked for at the same time: a long round trip is waited for once and not for each. */
const AT_ONCE = 3

/** Places in the index of the chunks that no seed has. */
export function missingChunks(index: ChunkIndex, found: FoundChunks): number[] {
  return index.chunks.flatMap((_, place) => ((found.seed[place] ?? -1) < 0 ? [place] : []))
}

/** Bytes that {@link fetchChunks} moves when nothing is here yet. */
export function missingBytes(index: ChunkIndex, found: FoundChunks): number {
  return extents(index.chunks, missingChunks(index, found)).reduce((sum, { from, to }) => sum + to - from, 0)
}

/** Fetches the chunks that no seed has. Each is proved before it counts. Throws `sync.*`, `trust.hash-mismatch`, `cancelled`. */
export async function fetchChunks(job: ChunkFetch): Promise<void> {
  const places = fetchedPlaces(job.index, job.found)
  const file = await open(job.path, 'a+', 0o600).then(async (made) => {
    await made.close()
    return open(job.path, 'r+')
  })
  try {
    const missing = missingChunks(job.index, job.found)
    const left: number[] = []
    for (const place of missing) if (!(await isHere(file, job.index, places, place))) left.push(place)
    const waiting = extents(job.index.chunks, left)
    let done = missingBytes(job.index, job.found) - waiting.reduce((sum, { from, to }) => sum + to - from, 0)
    job.onProgress(Math.max(0, done))
    const stop = new AbortController()
    const signal = AbortSignal.any([job.signal, stop.signal])
    const lane = async () => {
      for (let extent = waiting.shift(); extent; extent = waiting.shift()) {
        await fetchExtent({ ...job, signal }, extent, file, places, (bytes) => {
          done += bytes
          job.onProgress(done)
        })
      }
    }
    // The first failure is the one that is told; the others only followed from it.
    const lanes = Array.from({ length: AT_ONCE }, () =>
      lane().catch((error: unknown) => {
        waiting.length = 0
        const first = stop.signal.aborted ? null : error
        stop.abort()
        return first
      }),
    )
    const failure = (await Promise.all(lanes)).find((outcome) => outcome !== undefined && outcome !== null)
    if (failure !== undefined) throw failure
  } finally {
    await file.close()
  }
}

async function isHere(file: FileHandle, index: ChunkIndex, places: Float64Array, place: number): Promise<boolean> {
  const chunk = index.chunks[place]
  if (!chunk) return true
  const bytes = new Uint8Array(chunk.packedLength)
  const filled = await fill(file, bytes, places[place] ?? 0)
  return filled === bytes.length && chunkProof(sha256(bytes)) === chunk.proof
}

async function fetchExtent(
  { index, url, fetcher, signal }: ChunkFetch,
  { from, to, chunks }: Extent,
  file: FileHandle,
  places: Float64Array,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { body } = await fetcher.open(url, { from, to, etag: null, signal })
  let rest: Uint8Array = new Uint8Array()
  let at = from
  let next = 0
  for await (const bytes of body) {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    onBytes(bytes.length)
    for (;;) {
      const place = chunks[next] ?? -1
      const chunk = index.chunks[place]
      // What lies between wanted chunks is passed over.
      const skip = Math.min(rest.length, Math.max(0, (chunk?.at ?? to) - at))
      rest = rest.subarray(skip)
      at += skip
      if (!chunk || at < chunk.at || rest.length < chunk.packedLength) break
      const packed = rest.subarray(0, chunk.packedLength)
      if (chunkProof(sha256(packed)) !== chunk.proof) {
        throw new AppError('trust.hash-mismatch', { detail: { target: 'chunk', offset: chunk.at } })
      }
      await writeAll(file, packed, places[place] ?? 0)
      rest = rest.subarray(packed.length)
      at += packed.length
      next += 1
    }
    // More than was asked for is not looked at.
    if (next === chunks.length) break
  }
  if (next < chunks.length) throw new AppError('sync.stalled', { detail: { done: at - from, length: to - from } })
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
