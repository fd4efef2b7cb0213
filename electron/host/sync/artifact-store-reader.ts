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
  /** Memory of the block before. */
  #spare: Uint8Array | null = null

  private constructor(file: FileHandle, hashes: BlockHashes) {
    this.sha256 = hashes.sha256
    this.length = hashes.length
    this.#file = file
    this.#hashes = hashes
  }

  static async open(path: string, hashes: BlockHashes): Promise<ArtifactReader> {
    return new ArtifactReader(await open(path, 'r'), hashes)
  }

  /** `length` bytes from `offset`; fewer only at the end. They may lie in `into`. Throws `artifact.corrupt`. */
  async read(offset: number, length: number, into: Uint8Array | null = null): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.length)
    // A whole block is handed over, not copied: it goes to a device, and nobody asks for it again.
    const whole = offset / this.#hashes.blockSize
    const isWhole = Number.isInteger(whole) && offset < end && end - offset === this.#sizeOf(whole)
    if (isWhole && whole !== this.#at) return this.#verified(whole, into)
    const out = memoryFor(Math.max(0, end - offset), into)
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / this.#hashes.blockSize)
      const from = at - index * this.#hashes.blockSize
      const part = out.subarray(at - offset, Math.min(end - offset, at - offset + this.#sizeOf(index) - from))
      await this.#copy(index, from, part)
      at += part.length
    }
    return out
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

  async #copy(index: number, from: number, out: Uint8Array): Promise<void> {
    if (index === this.#at) {
      out.set(this.#block.subarray(from, from + out.length))
      return
    }
    // Nobody else's until what was wanted of it is copied: another reading may begin meanwhile.
    const spare = this.#spare
    this.#spare = null
    const block = await this.#verified(index, spare)
    out.set(block.subarray(from, from + out.length))
    this.#spare = this.#block
    this.#block = block
    this.#at = index
  }

  async #verified(index: number, into: Uint8Array | null): Promise<Uint8Array> {
    const start = index * this.#hashes.blockSize
    const buffer = memoryFor(this.#sizeOf(index), into)
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

/** Every byte of it is written over, or it is not used. No Buffer goes out: a slice of one is no copy. */
function memoryFor(size: number, into: Uint8Array | null): Uint8Array {
  return into && into.length >= size ? into.subarray(0, size) : new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
}
