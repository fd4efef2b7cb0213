import { orAborted } from '../../link/waiting.ts'

/** One at a time, in the order of asking. Who gives up waiting never holds up the ones behind. */
export class Turns {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  /** Somebody works or waits. */
  get busy(): boolean {
    return this.#waiting > 0
  }

  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last
    const mine = Promise.withResolvers<void>()
    // A place in the queue that was given up is free when the one before it is.
    this.#last = Promise.all([before, mine.promise]).then(() => undefined)
    this.#waiting += 1
    try {
      await orAborted(before, signal)
      return await work()
    } finally {
      this.#waiting -= 1
      mine.resolve()
    }
  }
}

/** At most `limit` at a time: thousands of named addresses must not be tried all at once. */
export class Gate {
  #free: number
  #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#free = limit
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
