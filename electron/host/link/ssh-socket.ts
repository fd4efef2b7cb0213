import { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/** What is written in one turn of the event loop goes out together: one call of the system, where each piece would have its own. */
export class SshSocket extends Socket {
  #isHeld = false

  override write(piece: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean {
    if (!this.#isHeld) {
      this.#isHeld = true
      this.cork()
      process.nextTick(() => {
        this.#isHeld = false
        this.uncork()
      })
    }
    return typeof encoding === 'function' ? super.write(piece, encoding) : super.write(piece, encoding, done)
  }
}
