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
    // A whole block is handed over, not copied: it goes to a device, and nobody asks for it again.
    const whole = offset / this.#hashes.blockSize
    if (Number.isInteger(whole) && offset < end && end - offset === this.#sizeOf(whole)) {
      return whole === this.#at ? this.#block.slice() : await this.#verified(whole)
    }
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
    const block = await this.#verified(index)
    this.#at = index
    this.#block = block
    return block
  }

  async #verified(index: number): Promise<Uint8Array> {
    const start = index * this.#hashes.blockSize
    // Every byte of it is read over, or it is not used. No Buffer goes out: a slice of one is no copy.
    const buffer = new Uint8Array(Buffer.allocUnsafeSlow(this.#sizeOf(index)).buffer)
    const filled = await fill(this.#file, buffer, start)
    const expected = this.#hashes.blocks.subarray(index * 32, index * 32 + 32)
    if (filled < buffer.length || Buffer.compare(sha256(buffer), expected) !== 0) {
      throw new AppError('artifact.corrupt', { detail: { sha256: this.sha256, offset: start } })
    }
    return buffer
  }

  #sizeOf(index: number): number {
    return Math.min(this.#hashes.blockSize, this.length - index * this.#hashes.blockSize)
  }
}
