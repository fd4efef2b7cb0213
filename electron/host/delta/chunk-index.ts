import { badDelta } from './bad-delta.ts'
import { LARGEST_CHUNK } from './chunker.ts'
import { framed, headLengths } from './delta-format.ts'
import { VarintReader, VarintWriter } from './varints.ts'
import { decompress } from './zstd.ts'

const MAGIC = Buffer.from('SLIPIDX1')
/** Bytes by which a chunk is found in another file. A wrong find only costs the attempt: the result's hash tells. */
const ID = 8
/** Bytes of the SHA-256 by which a compressed chunk is proved before it is opened. */
const PROOF = 16

/** A chunk that lies in the pack; equal chunks are one. */
export interface PackedChunk {
  /** Hex. */
  readonly id: string
  /** Hex. */
  readonly proof: string
  readonly length: number
  /** As it lies in the pack, which has no gaps. As long as `length`: stored as it is. */
  readonly packedLength: number
  /** Where it lies in the pack. */
  readonly at: number
}

/** A file as chunks. */
export interface ChunkIndex {
  readonly chunks: readonly PackedChunk[]
  /** Which chunk comes after the other in the file. */
  readonly order: Uint32Array
  readonly packLength: number
  readonly length: number
}

/** From the hash of a chunk's content. */
export function chunkId(sha256: Uint8Array): string {
  return Buffer.from(sha256.buffer, sha256.byteOffset, ID).toString('hex')
}

/** From the hash of a chunk as it lies in the pack. */
export function chunkProof(sha256: Uint8Array): string {
  return Buffer.from(sha256.buffer, sha256.byteOffset, PROOF).toString('hex')
}

export async function encodeChunkIndex(
  chunks: readonly Omit<PackedChunk, 'at'>[],
  order: readonly number[],
): Promise<Uint8Array> {
  const out = new VarintWriter()
  out.uint(chunks.length)
  out.uint(order.length)
  for (const { length } of chunks) out.uint(length)
  for (const { packedLength } of chunks) out.uint(packedLength)
  let expected = 0
  for (const index of order) {
    out.int(index - expected)
    expected = index + 1
  }
  const hashes = chunks.map(({ id, proof }) => Buffer.from(id + proof, 'hex'))
  return framed(MAGIC, Buffer.concat([out.finish(), ...hashes]))
}

/** Throws `sync.bad-delta`. */
export function decodeChunkIndex(bytes: Uint8Array): ChunkIndex {
  const { raw, packed } = headLengths(bytes.subarray(0, MAGIC.length + 8), MAGIC)
  if (bytes.length !== MAGIC.length + 8 + packed) throw badDelta('length')
  const from = new VarintReader(decompress(bytes.subarray(MAGIC.length + 8), raw, null))
  const count = from.count()
  const orderLength = from.count()
  const lengths = Array.from({ length: count }, () => from.uint())
  const packedLengths = Array.from({ length: count }, () => from.uint())
  const order = new Uint32Array(orderLength)
  let expected = 0
  let length = 0
  for (let place = 0; place < orderLength; place += 1) {
    const index = expected + from.int()
    const size = lengths[index]
    if (size === undefined) throw badDelta('order')
    order[place] = index
    length += size
    expected = index + 1
  }
  const chunks: PackedChunk[] = []
  let at = 0
  for (const [index, size] of lengths.entries()) {
    const packedLength = packedLengths[index] ?? 0
    if (size === 0 || size > LARGEST_CHUNK || packedLength === 0 || packedLength > size) throw badDelta('chunk')
    const hash = Buffer.from(from.bytes(ID + PROOF)).toString('hex')
    chunks.push({ id: hash.slice(0, 2 * ID), proof: hash.slice(2 * ID), length: size, packedLength, at })
    at += packedLength
  }
  from.end()
  return { chunks, order, packLength: at, length }
}
