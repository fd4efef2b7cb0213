import { inflateSync, zstdDecompressSync } from 'node:zlib'
import { type ArtifactSource, readExactly, unreadable } from '../source.ts'
import type { SquashfsCompressor } from './superblock.ts'

const METADATA_SIZE = 8192
const UNCOMPRESSED_METADATA = 0x8000
const UNCOMPRESSED_DATA = 1 << 24

const UNPACKERS: Partial<Record<SquashfsCompressor, (bytes: Uint8Array, maxOutputLength: number) => Uint8Array>> = {
  gzip: (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
  zstd: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
}

/** Whether this console can look inside: the run-time has no xz, LZO or LZ4. */
export function canUnpack(compressor: SquashfsCompressor): boolean {
  return UNPACKERS[compressor] !== undefined
}

function unpack(bytes: Uint8Array, compressor: SquashfsCompressor, limit: number): Uint8Array {
  try {
    const unpacked = UNPACKERS[compressor]?.(bytes, limit)
    if (unpacked) return unpacked
  } catch {
    // Told below.
  }
  throw unreadable('squashfs-block', { compressor })
}

/** A stretch of a metadata table: `block` bytes into it starts a block, `offset` bytes into that the stretch. */
export async function readMetadata(
  source: ArtifactSource,
  compressor: SquashfsCompressor,
  table: number,
  { block, offset }: { readonly block: number; readonly offset: number },
  length: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let [at, skip, left] = [table + block, offset, length]
  while (left > 0) {
    const head = Buffer.from(await readExactly(source, at, 2)).readUInt16LE(0)
    const size = head & (UNCOMPRESSED_METADATA - 1)
    if (size === 0 || size > METADATA_SIZE) throw unreadable('squashfs-metadata', { at })
    const stored = await readExactly(source, at + 2, size)
    const bytes = (head & UNCOMPRESSED_METADATA) === 0 ? unpack(stored, compressor, METADATA_SIZE) : stored
    const part = bytes.subarray(skip, skip + left)
    if (part.length === 0) throw unreadable('squashfs-metadata', { at })
    parts.push(part)
    left -= part.length
    skip = 0
    at += 2 + size
  }
  return Buffer.concat(parts)
}

/** One data block; `stored` is its size on disk with the bit that says whether it is packed. */
export async function readDataBlock(
  source: ArtifactSource,
  compressor: SquashfsCompressor,
  at: number,
  stored: number,
  blockSize: number,
): Promise<Uint8Array> {
  const size = dataSize(stored)
  if (size > blockSize) throw unreadable('squashfs-block', { at })
  if (size === 0) return new Uint8Array(blockSize)
  const bytes = await readExactly(source, at, size)
  return (stored & UNCOMPRESSED_DATA) === 0 ? unpack(bytes, compressor, blockSize) : bytes
}

export function dataSize(stored: number): number {
  return stored & (UNCOMPRESSED_DATA - 1)
}
