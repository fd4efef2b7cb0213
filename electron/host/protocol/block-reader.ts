/** `length` bytes from `offset`; fewer only at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>

const BLOCK = 64 * 1024

/** Reads in large blocks and hands out small pieces: chunks are hundreds of bytes, and each read is verified. */
export function blockReader(read: ReadAt, total: number): ReadAt {
  let start = 0
  let block = new Uint8Array()
  return async (offset, length) => {
    if (offset < start || offset + length > start + block.length) {
      start = offset
      block = new Uint8Array(await read(offset, Math.min(Math.max(BLOCK, length), total - offset)))
    }
    return block.subarray(offset - start, offset - start + length)
  }
}
