import { AppError } from '../../../shared/errors.ts'
import type { RunImage } from './images.ts'
import type { ArtifactFile, RunHasher } from './ports.ts'

/** A block is hashed once when the whole file is verified, and again each time it is read. 256 KiB */
export const BLOCK = 256 * 1024

/**
 * An artifact whose every byte is checked again as it goes out: verified whole before a device is
 * touched, and block by block while it is written, so that a file that changes in between is caught
 * before its bytes count. Memory: one block, and 64 characters a block of the file.
 */
export class VerifiedFile {
  readonly #file: ArtifactFile
  readonly #blocks: readonly string[]
  readonly #image: Pick<RunImage, 'length' | 'target'>
  readonly #hasher: () => RunHasher
  #last: { readonly index: number; readonly bytes: Uint8Array } | null = null

  private constructor(file: ArtifactFile, blocks: readonly string[], image: RunImage, hasher: () => RunHasher) {
    this.#file = file
    this.#blocks = blocks
    this.#image = image
    this.#hasher = hasher
  }

  /**
   * Reads and hashes the whole file. Throws `artifact.corrupt` when it is not what was signed, and closes
   * the file then.
   */
  static async open(
    file: ArtifactFile,
    image: RunImage,
    hasher: () => RunHasher,
    signal: AbortSignal,
    progress: (done: number, total: number) => void = () => {},
  ): Promise<VerifiedFile> {
    try {
      const whole = hasher()
      const blocks: string[] = []
      let done = 0
      if (file.length !== image.length) throw corrupt(image)
      while (done < image.length) {
        signal.throwIfAborted()
        const wanted = Math.min(BLOCK, image.length - done)
        const bytes = await file.read(done, wanted)
        if (bytes.length !== wanted) throw corrupt(image)
        const block = hasher()
        block.update(bytes)
        whole.update(bytes)
        blocks.push(block.hex())
        done += bytes.length
        progress(done, image.length)
      }
      if (whole.hex() !== image.sha256) throw corrupt(image)
      return new VerifiedFile(file, blocks, image, hasher)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** `length` bytes from `offset`; fewer only at the end. Throws `artifact.corrupt`. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.#image.length)
    if (offset >= end) return new Uint8Array(0)
    const out = new Uint8Array(end - offset)
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / BLOCK)
      const block = await this.#block(index)
      const piece = block.subarray(at - index * BLOCK, Math.min(end - index * BLOCK, block.length))
      out.set(piece, at - offset)
      at += piece.length
    }
    return out
  }

  async close(): Promise<void> {
    this.#last = null
    await this.#file.close()
  }

  async #block(index: number): Promise<Uint8Array> {
    if (this.#last?.index === index) return this.#last.bytes
    const from = index * BLOCK
    const wanted = Math.min(BLOCK, this.#image.length - from)
    const bytes = await this.#file.read(from, wanted)
    const hasher = this.#hasher()
    hasher.update(bytes)
    if (bytes.length !== wanted || hasher.hex() !== this.#blocks[index]) throw corrupt(this.#image)
    this.#last = { index, bytes }
    return bytes
  }
}

function corrupt({ target }: Pick<RunImage, 'target'>): AppError {
  return new AppError('artifact.corrupt', { detail: { target } })
}
