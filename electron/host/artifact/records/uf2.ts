import { type ArtifactSource, stretch, unreadable } from '../source.ts'
import { MAX_RECORDS_FILE, MemoryBuilder, type MemoryImage } from './memory-image.ts'

/** Microsoft UF2: blocks of 512 bytes, little-endian. */
const BLOCK_SIZE = 512
const MAX_PAYLOAD = 476
const MAGIC = { first: 0x0a324655, second: 0x9e5d5157, last: 0x0ab16f30 } as const
const FLAG = { notMainFlash: 0x1, fileContainer: 0x1000, familyId: 0x2000 } as const
/** Files for several chips at once hold a few families. */
const MAX_FAMILIES = 16

/** The memory of one family of chips. */
export interface Uf2Family {
  /** Null where the blocks do not say. */
  readonly id: number | null
  readonly memory: MemoryImage
}

/** Each family's memory; all blocks of each must be there, once. Throws `artifact.unreadable`. */
export async function readUf2(source: ArtifactSource): Promise<readonly Uf2Family[]> {
  if (source.length > MAX_RECORDS_FILE) throw unreadable('too-large', { length: source.length })
  if (source.length === 0 || source.length % BLOCK_SIZE !== 0) throw unreadable('uf2-length', { length: source.length })
  const families = new Map<number | null, FamilyReader>()
  // A read is a whole number of blocks: 1 MiB is.
  for await (const bytes of stretch(source, 0, source.length)) {
    for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
      const block = blockOf(Buffer.from(bytes.buffer, bytes.byteOffset + at, BLOCK_SIZE))
      const reader = families.get(block.family) ?? new FamilyReader(block.of)
      if (families.size >= MAX_FAMILIES && !families.has(block.family)) throw unreadable('too-many-families')
      families.set(block.family, reader)
      reader.take(block)
    }
  }
  return [...families].map(([id, reader]) => ({ id, memory: reader.end() }))
}

interface Block {
  readonly family: number | null
  readonly index: number
  readonly of: number
  readonly address: number
  /** Empty for blocks that are not for the main flash. */
  readonly data: Uint8Array
}

function blockOf(bytes: Buffer): Block {
  const word = (index: number) => bytes.readUInt32LE(index * 4)
  if (word(0) !== MAGIC.first || word(1) !== MAGIC.second || word(127) !== MAGIC.last) throw unreadable('not-uf2')
  const [flags, address, length, index, of] = [word(2), word(3), word(4), word(5), word(6)]
  if ((flags & FLAG.fileContainer) !== 0) throw unreadable('uf2-files')
  if (length > MAX_PAYLOAD || of === 0 || index >= of) throw unreadable('uf2-block', { index })
  const family = (flags & FLAG.familyId) === 0 ? null : word(7)
  const data = (flags & FLAG.notMainFlash) === 0 ? bytes.subarray(32, 32 + length) : new Uint8Array()
  return { family, index, of, address, data }
}

/** Checks that the blocks of a family are all there; they may come in any order. */
class FamilyReader {
  readonly #of: number
  readonly #seen = new Set<number>()
  readonly #memory = new MemoryBuilder()

  constructor(of: number) {
    this.#of = of
  }

  take({ index, of, address, data }: Block): void {
    if (of !== this.#of || this.#seen.has(index)) throw unreadable('uf2-block', { index })
    this.#seen.add(index)
    this.#memory.add(address, data)
  }

  end(): MemoryImage {
    if (this.#seen.size !== this.#of) throw unreadable('uf2-blocks-missing', { found: this.#seen.size, of: this.#of })
    return this.#memory.image(null)
  }
}
