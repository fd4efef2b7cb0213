import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import { type BlockHashes, fill, sha256 } from '../crypto/hash.ts'

/**
 * Random access to a verified artifact. The file was hashed when it was opened; each block is hashed again as it
 * is read, so that what reaches a device is what was verified, whatever happens to the file in between.
 */
export class ArtifactReader {
  readonly sha256: string
  readonly length: number
  readonly #file: FileHandle
  readonly #hashes: BlockHashes
  #at = -1
  #block: Uint8Array = new Uint8Array()

  private constructor(file: FileHandle, hashes: BlockHashes) {
    this.sha256 = hashes.sha256
    this.length = hashes.length
    this.#file = file
    this.#hashes = hashes
  }

  static async open(path: string, hashes: BlockHashes): Promise<ArtifactReader> {
    return new ArtifactReader(await open(path, 'r'), hashes)
  }

  /** `length` bytes from `offset`; fewer only at the end. Throws `artifact.corrupt`. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.length)
    const parts: Uint8Array[] = []
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / this.#hashes.blockSize)
      const start = index * this.#hashes.blockSize
      const block = await this.#load(index)
      const part = block.subarray(at - start, Math.min(end - start, block.length))
      parts.push(part)
      at += part.length
    }
    return parts.length === 1 && parts[0] ? parts[0].slice() : Buffer.concat(parts)
  }

  /** The whole of it in order, a block at a time. */
  async *stream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.length; at += this.#hashes.blockSize) {
      signal.throwIfAborted()
      yield await this.read(at, this.#hashes.blockSize)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #load(index: number): Promise<Uint8Array> {
    if (index === this.#at) return this.#block
    const { blockSize, blocks } = this.#hashes
    const start = index * blockSize
    const buffer = new Uint8Array(Math.min(blockSize, this.length - start))
    const filled = await fill(this.#file, buffer, start)
    const expected = blocks.subarray(index * 32, index * 32 + 32)
    if (filled < buffer.length || Buffer.compare(sha256(buffer), expected) !== 0) {
      throw new AppError('artifact.corrupt', { detail: { sha256: this.sha256, offset: start } })
    }
    this.#at = index
    this.#block = buffer
    return buffer
  }
}
