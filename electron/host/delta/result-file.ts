import type { FileHandle } from 'node:fs/promises'
import { createHasher, type FileHash } from '../crypto/hash.ts'

const SIZE = 4 * 1024 * 1024
/** Pieces that are filled while the one before them is hashed. */
const AHEAD = 2

interface Piece {
  readonly room: Buffer
  filled: number
  readonly coming: Promise<void>[]
}

/**
 * Writes a file in large pieces. Only hashing them is this thread's work: the next ones are filled and the one before is
 * written meanwhile.
 */
export class ResultFile {
  readonly #file: FileHandle
  readonly #signal: AbortSignal
  readonly #hasher = createHasher()
  readonly #free: Buffer[] = []
  readonly #waiting: Piece[] = []
  #filling = this.#piece()
  #length = 0
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: FileHandle, signal: AbortSignal) {
    this.#file = file
    this.#signal = signal
  }

  /** Calls `put` for pieces of `length` bytes in all, each with the room that it is to fill and how much came before. */
  async take(length: number, put: (room: Uint8Array, done: number) => Promise<void>): Promise<void> {
    for (let done = 0; done < length; ) {
      const piece = this.#filling
      const part = Math.min(length - done, SIZE - piece.filled)
      const coming = put(piece.room.subarray(piece.filled, piece.filled + part), done)
      // Awaited with its piece; a failure until then is not unhandled.
      coming.catch(() => {})
      piece.coming.push(coming)
      piece.filled += part
      done += part
      if (piece.filled < SIZE) continue
      this.#waiting.push(piece)
      if (this.#waiting.length > AHEAD) await this.#flush()
      this.#filling = this.#piece()
    }
  }

  /** The rest is on its way to the disk when this returns; making it durable is the caller's. */
  async finish(): Promise<FileHash> {
    this.#waiting.push(this.#filling)
    while (this.#waiting.length > 0) await this.#flush()
    await this.#writing
    return { sha256: this.#hasher.hex(), length: this.#length }
  }

  async #flush(): Promise<void> {
    const piece = this.#waiting.shift()
    if (!piece) return
    await Promise.all(piece.coming)
    await this.#writing
    this.#signal.throwIfAborted()
    const bytes = piece.room.subarray(0, piece.filled)
    this.#writing = writeAll(this.#file, bytes, this.#length).then(() => this.#free.push(piece.room))
    this.#writing.catch(() => {})
    this.#hasher.update(bytes)
    this.#length += bytes.length
  }

  #piece(): Piece {
    return { room: this.#free.pop() ?? Buffer.allocUnsafeSlow(SIZE), filled: 0, coming: [] }
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
