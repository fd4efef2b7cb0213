import { AppError } from '../../../../shared/errors.ts'

/** What a stretch of a sync may cost. */
export interface MeterLimits {
  /** Bytes; null: any. */
  readonly bytes: number | null
  /** Why the bytes are used up, for those who then have to wait. */
  readonly spent: () => AppError
  /** Why nothing more may come although there are bytes left; null: it may. */
  readonly over: () => AppError | null
}

const NO_LIMITS: MeterLimits = { bytes: null, spent: () => new AppError('internal'), over: () => null }
/** After this long past the end, a block that still trickles is left where it is, ms. */
const GRACE_MS = 30_000
/** Between two looks at the clock while bytes come, ms. */
const LOOK_MS = 1000

/**
 * Counts the bytes that files cost, and lets each block begin only while there is room. What was let in and has not
 * come yet counts as if it had; whoever does not fit beside it waits until that is settled. So all transfers together
 * never move more than the limit and the one block that was begun below it.
 */
export class SyncMeter {
  readonly #monotonic: () => number
  #limits: MeterLimits = NO_LIMITS
  #used = 0
  #moved = 0
  #underway = 0
  #overSince: number | null = null
  #lookedAt = Number.NEGATIVE_INFINITY
  #waiting: (() => void)[] = []

  /** `monotonic`: ms. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** From now on; until {@link end}. */
  begin(limits: MeterLimits): void {
    this.#limits = limits
    this.#used = 0
    this.#underway = 0
    this.#overSince = null
    this.#lookedAt = Number.NEGATIVE_INFINITY
  }

  end(): void {
    this.#limits = NO_LIMITS
    this.#wake()
  }

  /** Bytes since {@link begin}. */
  get used(): number {
    return this.#used
  }

  /** Bytes since this meter was made, whatever they were for. */
  get moved(): number {
    return this.#moved
  }

  /** Bytes that may still be asked for; null: any. */
  get room(): number | null {
    const { bytes } = this.#limits
    return bytes === null ? null : Math.max(0, bytes - this.#used - this.#underway)
  }

  /** Lets `bytes` begin; the caller settles them. Throws what the limits say, and `cancelled`. */
  async admit(bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new AppError('cancelled')
      const over = this.#limits.over()
      if (over) throw over
      const limit = this.#limits.bytes
      if (limit === null || this.#used + this.#underway + bytes <= limit) break
      if (this.#used >= limit) throw this.#limits.spent()
      if (this.#underway === 0) break
      await this.#settled(signal)
    }
    this.#underway += bytes
  }

  /** `admitted` bytes are no longer under way; `moved` of them have come. */
  settle(admitted: number, moved: number): void {
    this.#underway = Math.max(0, this.#underway - admitted)
    this.#used += moved
    this.#moved += moved
    this.#wake()
  }

  /** Looked at while a block comes: one that would last long past the end is not waited for. Throws what is over. */
  requireInTime(): void {
    const now = this.#monotonic()
    if (now - this.#lookedAt < LOOK_MS) return
    this.#lookedAt = now
    const over = this.#limits.over()
    if (!over) this.#overSince = null
    else this.#overSince ??= now
    if (over && now - (this.#overSince ?? now) >= GRACE_MS) throw over
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.push(done)
      signal.addEventListener('abort', done)
    })
  }
}
