import type { ReadAt } from '../block-reader.ts'

/** Android's sparse image format 1.0, as AOSP's `libsparse` and U-Boot read it. All numbers are little-endian. */
export const SPARSE = { magic: 0xed26ff3a, header: 28, chunk: 12, raw: 0xcac1, fill: 0xcac2, skip: 0xcac3 } as const
/** Bytes of a block: what every reader takes (AOSP's `fastboot` uses no other). */
export const SPARSE_BLOCK = 4096

/** A part of an image that a device takes in one download, and puts where it belongs. */
export interface SparsePiece {
  /** Of the download. */
  readonly length: number
  /** Bytes of the image in it, from `offset`; the last block is filled up with zeros. */
  readonly offset: number
  readonly bytes: number
  /** The download itself, given the image. */
  read(image: ReadAt): ReadAt
}

/**
 * An image in pieces of at most `most` bytes. Each names all blocks of the image and leaves those of the others as they
 * are. Null: not even one block fits.
 */
export function sparsePieces(length: number, most: number): readonly SparsePiece[] | null {
  const frame = SPARSE.header + 3 * SPARSE.chunk
  const room = Math.floor((most - frame) / SPARSE_BLOCK)
  if (room < 1) return null
  const total = Math.ceil(length / SPARSE_BLOCK)
  const pieces: SparsePiece[] = []
  for (let first = 0; first < total; first += room)
    pieces.push(piece(length, total, first, Math.min(room, total - first)))
  return pieces
}

function piece(length: number, total: number, first: number, blocks: number): SparsePiece {
  const rest = total - first - blocks
  const chunks = [
    ...(first > 0 ? [chunk(SPARSE.skip, first, 0)] : []),
    chunk(SPARSE.raw, blocks, blocks * SPARSE_BLOCK),
  ]
  const head = Buffer.concat([fileHeader(total, chunks.length + (rest > 0 ? 1 : 0)), ...chunks])
  const tail = rest > 0 ? chunk(SPARSE.skip, rest, 0) : new Uint8Array()
  const offset = first * SPARSE_BLOCK
  const bytes = Math.min(blocks * SPARSE_BLOCK, length - offset)
  const data = head.length + blocks * SPARSE_BLOCK
  return {
    length: data + tail.length,
    offset,
    bytes,
    read: (image) => async (at, size) => {
      if (at < head.length) return head.subarray(at, Math.min(head.length, at + size))
      if (at >= data) return tail.subarray(at - data, at - data + size)
      const from = at - head.length
      if (from >= bytes) return new Uint8Array(Math.min(size, data - at))
      return image(offset + from, Math.min(size, bytes - from))
    },
  }
}

function fileHeader(blocks: number, chunks: number): Uint8Array {
  const header = Buffer.alloc(SPARSE.header)
  header.writeUInt32LE(SPARSE.magic, 0)
  header.writeUInt16LE(1, 4)
  header.writeUInt16LE(SPARSE.header, 8)
  header.writeUInt16LE(SPARSE.chunk, 10)
  header.writeUInt32LE(SPARSE_BLOCK, 12)
  header.writeUInt32LE(blocks, 16)
  header.writeUInt32LE(chunks, 20)
  return header
}

function chunk(type: number, blocks: number, bytes: number): Uint8Array {
  const header = Buffer.alloc(SPARSE.chunk)
  header.writeUInt16LE(type, 0)
  header.writeUInt32LE(blocks, 4)
  header.writeUInt32LE(SPARSE.chunk + bytes, 8)
  return header
}
