/** Bytes a second over the last few seconds. Pure but for its memory; time is monotonic ms. */
export class Rate {
  readonly #windowMs: number
  #marks: { readonly at: number; readonly bytes: number }[] = []
  #total = 0

  constructor(windowMs = 5000) {
    this.#windowMs = windowMs
  }

  add(bytes: number, now: number): void {
    this.#total += bytes
    const last = this.#marks.at(-1)
    // A mark each tenth of a second is exact enough, and keeps the list short at any speed.
    if (last && now - last.at < 100) this.#marks[this.#marks.length - 1] = { at: last.at, bytes: this.#total }
    else this.#marks.push({ at: now, bytes: this.#total })
    this.#marks = this.#marks.filter(({ at }) => at >= now - this.#windowMs)
  }

  /** Null while there is too little to tell. */
  perSecond(now: number): number | null {
    const marks = this.#marks.filter(({ at }) => at >= now - this.#windowMs)
    const [first] = marks
    if (!first || marks.length < 2 || now - first.at < 500) return null
    return ((this.#total - first.bytes) / (now - first.at)) * 1000
  }
}
