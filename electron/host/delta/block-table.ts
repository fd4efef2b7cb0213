import { open } from 'node:fs/promises'
import { fill, sha256 } from '../crypto/hash.ts'

/** Bytes that are proved at once. */
export const BLOCK = 256 * 1024
const HASH = 32

/** SHA-256 of each block of a file, one after the other; null where one block is the whole file. */
export async function blockTable(path: string, length: number): Promise<Uint8Array | null> {
  if (length <= BLOCK) return null
  const table = new Uint8Array(tableLength(length))
  const file = await open(path, 'r')
  try {
    const buffer = new Uint8Array(BLOCK)
    for (let at = 0; at < length; at += BLOCK) {
      const filled = await fill(file, buffer, at)
      table.set(sha256(buffer.subarray(0, filled)), (at / BLOCK) * HASH)
    }
  } finally {
    await file.close()
  }
  return table
}

/** Bytes of the table of a file of `length` bytes; 0 where it has none. */
export function tableLength(length: number): number {
  return length <= BLOCK ? 0 : Math.ceil(length / BLOCK) * HASH
}

/** Proves what comes in order, block by block. Pure but for its memory. */
export class BlockCheck {
  readonly #table: Uint8Array
  readonly #length: number
  readonly #block = new Uint8Array(BLOCK)
  #filled = 0
  #proved = 0

  /** `table` as {@link blockTable} makes it, for a file of `length` bytes. */
  constructor(table: Uint8Array, length: number) {
    this.#table = table
    this.#length = length
  }

  /** Bytes from the beginning that are proved. */
  get proved(): number {
    return this.#proved
  }

  /** Gives each block that has become whole and is right; false at the first that is wrong, which then is to come again. */
  *push(bytes: Uint8Array): Generator<Uint8Array, boolean> {
    for (let at = 0; at < bytes.length; ) {
      const size = Math.min(BLOCK, this.#length - this.#proved)
      const part = bytes.subarray(at, at + size - this.#filled)
      if (part.length === 0) return false
      this.#block.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled < size) continue
      this.#filled = 0
      const index = (this.#proved / BLOCK) * HASH
      const block = this.#block.subarray(0, size)
      if (Buffer.compare(sha256(block), this.#table.subarray(index, index + HASH)) !== 0) return false
      this.#proved += size
      yield block
    }
    return true
  }
}
