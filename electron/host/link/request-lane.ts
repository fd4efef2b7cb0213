import { abortError, orAborted, throwIfAborted } from './waiting.ts'

/**
 * One request at a time: one that was given up is still under way, until its own time is up. Thousands of requests a
 * transfer go through here, so that each of them costs one promise, and its signal one listener however many it ends.
 */
export class RequestLane {
  readonly #coded: (error: unknown) => Error
  #underWay: Promise<unknown> | null = null
  #giveUp: ((error: Error) => void) | null = null
  #signal: AbortSignal | null = null
  readonly #onAbort = () => {
    if (this.#signal) this.#giveUp?.(abortError(this.#signal))
  }

  /** `coded` makes what a request failed with the error that its caller gets. */
  constructor(coded: (error: unknown) => Error) {
    this.#coded = coded
  }

  /** Throws when the signal fires, and what `coded` makes of any failure. */
  ask<T, R>(signal: AbortSignal, request: () => Promise<T>, answer: (value: T) => R): Promise<R> {
    return this.#underWay ? this.#queued(signal, request, answer) : this.#asked(signal, request, answer)
  }

  /** Resolves when nothing is under way any more. The lane can be used again. */
  async settled(): Promise<void> {
    while (this.#underWay) await this.#underWay.catch(() => {})
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = null
  }

  async #queued<T, R>(signal: AbortSignal, request: () => Promise<T>, answer: (value: T) => R): Promise<R> {
    while (this.#underWay) {
      await orAborted(
        this.#underWay.catch(() => {}),
        signal,
      )
    }
    return this.#asked(signal, request, answer)
  }

  #asked<T, R>(signal: AbortSignal, request: () => Promise<T>, answer: (value: T) => R): Promise<R> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal)
      const fail = (error: unknown) => {
        this.#end()
        reject(this.#coded(error))
      }
      const succeed = (value: T) => {
        this.#end()
        try {
          resolve(answer(value))
        } catch (error) {
          reject(error)
        }
      }
      try {
        this.#underWay = request()
      } catch (error) {
        return fail(error)
      }
      this.#watch(signal)
      this.#giveUp = reject
      ;(this.#underWay as Promise<T>).then(succeed, fail)
    })
  }

  #end(): void {
    this.#underWay = null
    this.#giveUp = null
  }

  #watch(signal: AbortSignal): void {
    if (signal === this.#signal) return
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }
}
