import { open, writeFile } from 'node:fs/promises'
import { sha256 } from '../crypto/hash.ts'
import { chunkId, chunkProof, encodeChunkIndex, type PackedChunk } from './chunk-index.ts'
import { chunks } from './chunker.ts'
import { readWhole } from './make-delta.ts'
import { compress } from './zstd.ts'

const LEVEL = 19
/** Compressed at the same time; their order stays. */
const AT_ONCE = 8

/** Writes a file's chunks, each compressed alone, and the index to them. */
export async function makeChunks(path: string, out: { readonly pack: string; readonly index: string }): Promise<void> {
  const known = new Map<string, number>()
  const order: number[] = []
  const packed: Omit<PackedChunk, 'at'>[] = []
  const waiting: Promise<{ chunk: Omit<PackedChunk, 'at'>; bytes: Uint8Array }>[] = []
  const pack = await open(out.pack, 'w', 0o644)
  const write = async () => {
    const next = await waiting.shift()
    if (!next) return
    packed.push(next.chunk)
    await pack.writeFile(next.bytes)
  }
  try {
    for await (const { bytes } of chunks(readWhole(path))) {
      const id = chunkId(sha256(bytes))
      const index = known.get(id) ?? known.size
      order.push(index)
      if (index < known.size) continue
      known.set(id, index)
      waiting.push(packChunk(id, bytes.slice()))
      if (waiting.length >= AT_ONCE) await write()
    }
    while (waiting.length > 0) await write()
  } finally {
    await Promise.allSettled(waiting)
    await pack.close()
  }
  await writeFile(out.index, await encodeChunkIndex(packed, order))
}

async function packChunk(id: string, content: Uint8Array) {
  const frame = await compress(content, { level: LEVEL, dictionary: null })
  const bytes = frame.length < content.length ? frame : content
  const chunk = { id, proof: chunkProof(sha256(bytes)), length: content.length, packedLength: bytes.length }
  return { chunk, bytes }
}
