/** Whether a device is being written at this moment, and who waits for that to end. */
export class WritingGuard {
  readonly #onChange: (writing: boolean) => void
  readonly #waiting: (() => void)[] = []
  #writing = false

  /** `onChange` keeps the laptop awake while a device is written. */
  constructor(onChange: (writing: boolean) => void) {
    this.#onChange = onChange
  }

  get writing(): boolean {
    return this.#writing
  }

  set(writing: boolean): void {
    if (writing === this.#writing) return
    this.#writing = writing
    this.#onChange(writing)
    if (!writing) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves as soon as no device is being written. */
  untilSafe(): Promise<void> {
    if (!this.#writing) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
