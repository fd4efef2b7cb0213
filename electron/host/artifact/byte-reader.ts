import { unreadable } from './source.ts'

/** Takes a stream of blocks apart in pieces of any size, once, from front to back. */
export class ByteReader {
  readonly #blocks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.asyncIterator]()
  }

  /** Exactly `length` bytes, held in memory: callers bound it. Throws `artifact.unreadable`. */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; ) {
      const part = await this.some(length - at)
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }

  /** One byte or more, at most `limit`, as they come. Throws `artifact.unreadable` at the end. */
  async some(limit: number): Promise<Uint8Array> {
    if (this.#rest.length === 0 && !(await this.#more())) throw unreadable('too-short', { wanted: limit })
    const part = this.#rest.subarray(0, limit)
    this.#rest = this.#rest.subarray(part.length)
    return part
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.some(left)).length
  }

  async ended(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more())
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#blocks.return?.()
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#blocks.next()
      if (next.done === true) return false
      this.#rest = next.value
      if (this.#rest.length > 0) return true
    }
  }
}
