/** Waits before the first, second, ... restart in a row, milliseconds; the last one for all that follow. */
const WAITS_MS = [500, 1000, 2000, 5000, 10_000, 30_000]
/** Something that has run for so long has not failed at starting, milliseconds. */
const HEALTHY_MS = 60_000

/** How long to wait before something that ended is started again. */
export class BackOff {
  #failures = 0

  /** `ranMs`: how long it ran this time. */
  next(ranMs: number): number {
    if (ranMs >= HEALTHY_MS) this.#failures = 0
    const wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)] ?? 0
    this.#failures += 1
    return wait
  }
}
