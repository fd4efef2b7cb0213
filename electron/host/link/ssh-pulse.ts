import type { UploadWatch } from './link.ts'
import { throwIfAborted } from './waiting.ts'

/** ms between two calls of `between`. */
const BEAT = 500

/** Calls `between` as often as promised while something long goes on, and knows how much moved since the last time. */
export class Pulse {
  readonly #watch: UploadWatch
  readonly #signal: AbortSignal
  #beatAt = performance.now()
  #moved = 0
  #moves = 0

  constructor(watch: UploadWatch, signal: AbortSignal) {
    this.#watch = watch
    this.#signal = signal
  }

  /** Bytes that moved in a beat: in the last one, or in this one if it has moved more. */
  get moves(): number {
    return Math.max(this.#moves, this.#moved)
  }

  moved(bytes: number): void {
    this.#moved += bytes
  }

  /** Calls `between` if it is due. */
  async beat(): Promise<void> {
    throwIfAborted(this.#signal)
    if (performance.now() - this.#beatAt < BEAT) return
    await this.#watch.between()
    this.#moves = this.#moved
    this.#moved = 0
    this.#beatAt = performance.now()
  }

  /** Settles as `work` does; `between` is called meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    const done = work.then((value) => ({ value }))
    // When `between` throws, nobody waits for the work any more.
    done.catch(() => {})
    for (;;) {
      const pause: { timer?: ReturnType<typeof setTimeout> } = {}
      const due = new Promise<null>((resolve) => {
        pause.timer = setTimeout(() => resolve(null), BEAT)
      })
      const first = await Promise.race([done, due]).finally(() => clearTimeout(pause.timer))
      if (first) return first.value
      await this.beat()
    }
  }
}
