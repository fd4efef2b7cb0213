import type { Transform } from 'node:stream'
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { isAppError } from '../../../../shared/errors.ts'
import { unreadable } from '../source.ts'

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz'

/** By the end of a member's name, as Mender writes it. */
export function compressionOf(name: string): Compression | null {
  if (name.endsWith('.tar')) return 'none'
  if (name.endsWith('.tar.gz')) return 'gzip'
  if (name.endsWith('.tar.zst')) return 'zstd'
  return name.endsWith('.tar.xz') ? 'xz' : null
}

/** Whether this console can look inside. The run-time has no xz. */
export function canRead(compression: Compression): boolean {
  return compression !== 'xz'
}

/** Images of disks are large and mostly empty; what is larger than this must hold something (gzip: about 1032 at most). */
const MAX_EMPTY = 4 * 1024 ** 3
const MAX_EXPANSION = 1100

/** Unpacks a stream with flat memory, to at most `limit` bytes; a bomb is refused on the way. Throws `artifact.unreadable`. */
export async function* decompressed(
  blocks: AsyncIterable<Uint8Array>,
  compression: Compression,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  if (!canRead(compression)) throw unreadable('compression', { compression })
  if (compression === 'none') {
    yield* blocks
    return
  }
  let [packed, unpacked] = [0, 0]
  async function* counted() {
    for await (const block of blocks) {
      packed += block.length
      yield block
    }
  }
  const source = Readable.from(counted(), { objectMode: false })
  const unpack: Transform = compression === 'gzip' ? createGunzip() : createZstdDecompress()
  source.on('error', (error) => unpack.destroy(error))
  source.pipe(unpack)
  try {
    for await (const block of unpack as AsyncIterable<Uint8Array>) {
      unpacked += block.length
      if (unpacked > Math.min(limit, Math.max(MAX_EMPTY, packed * MAX_EXPANSION))) throw unreadable('expands-too-far')
      yield block
    }
  } catch (error) {
    throw isAppError(error) ? error : unreadable('compression', { compression })
  } finally {
    source.destroy()
    unpack.destroy()
  }
}
