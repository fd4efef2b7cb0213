import type { FileHandle } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { createHasher, type FileHash } from '../crypto/hash.ts'

const SIZE = 4 * 1024 * 1024

/** Writes a file in large pieces and hashes them meanwhile; the caller fills {@link room}. */
export class ResultFile {
  readonly #file: FileHandle
  readonly #signal: AbortSignal
  readonly #hasher = createHasher()
  #filling = Buffer.allocUnsafeSlow(SIZE)
  #other = Buffer.allocUnsafeSlow(SIZE)
  #filled = 0
  #length = 0
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: FileHandle, signal: AbortSignal) {
    this.#file = file
    this.#signal = signal
  }

  /** Calls `put` for pieces of `length` bytes in all, each with the room for it and how much came before. */
  async take(length: number, put: (room: Uint8Array, done: number) => void): Promise<void> {
    for (let done = 0; done < length; ) {
      const part = Math.min(length - done, SIZE - this.#filled)
      put(this.#filling.subarray(this.#filled, this.#filled + part), done)
      this.#filled += part
      done += part
      if (this.#filled === SIZE) await this.#flush()
    }
  }

  /** The rest is on its way to the disk when this returns; making it durable is the caller's. */
  async finish(): Promise<FileHash> {
    await this.#flush()
    await this.#writing
    return { sha256: this.#hasher.hex(), length: this.#length }
  }

  async #flush(): Promise<void> {
    await this.#writing
    // A stop is heard only between turns.
    await turn()
    this.#signal.throwIfAborted()
    const bytes = this.#filling.subarray(0, this.#filled)
    this.#writing = writeAll(this.#file, bytes, this.#length)
    // Awaited with the next piece; a failure until then is not unhandled.
    this.#writing.catch(() => {})
    this.#hasher.update(bytes)
    this.#length += bytes.length
    ;[this.#filling, this.#other] = [this.#other, this.#filling]
    this.#filled = 0
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
