import type { AppError } from '../../../shared/errors.ts'
import { abortError } from './waiting.ts'

interface Waiter<T> {
  readonly give: (item: T) => void
  readonly fail: (error: AppError) => void
}

/** What has arrived and nobody has taken yet. Beyond `limit` items the oldest are dropped: a link is no archive. */
export class Inbox<T> {
  readonly #limit: number
  #items: T[] = []
  #waiters: Waiter<T>[] = []
  #end: AppError | null = null

  constructor(limit = 4096) {
    this.#limit = limit
  }

  put(item: T): void {
    if (this.#end) return
    const waiter = this.#waiters.shift()
    if (waiter) {
      waiter.give(item)
      return
    }
    this.#items.push(item)
    if (this.#items.length > this.#limit) this.#items.shift()
  }

  /** What already arrived can still be taken; after that every take throws `error`. */
  end(error: AppError): void {
    if (this.#end) return
    this.#end = error
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) waiter.fail(error)
  }

  get ended(): AppError | null {
    return this.#end
  }

  clear(): void {
    this.#items = []
  }

  take(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortError(signal))
      const item = this.#items.shift()
      if (item !== undefined) return resolve(item)
      if (this.#end) return reject(this.#end)
      const onAbort = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        reject(abortError(signal))
      }
      const waiter: Waiter<T> = {
        give: (given) => {
          signal.removeEventListener('abort', onAbort)
          resolve(given)
        },
        fail: (error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
    })
  }
}
