/** Writes that are on their way to the device at the same time. */
export class Flight {
  #ahead = 0
  #failure: { readonly error: unknown } | null = null
  #wake = () => {}
  readonly #landed: (bytes: number) => void

  /** @param landed told of the bytes of each write that the device has taken */
  constructor(landed: (bytes: number) => void) {
    this.#landed = landed
  }

  /** Bytes that the device has not taken yet. Throws what the first write that failed threw. */
  get ahead(): number {
    if (this.#failure) throw this.#failure.error
    return this.#ahead
  }

  launch(write: Promise<void>, bytes: number): void {
    this.#ahead += bytes
    void this.#follow(write, bytes)
  }

  /** Resolves when the next write has landed or failed. */
  landing(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Waits for all of them, however they end: none may outlive the file that it writes to. */
  async settled(): Promise<void> {
    while (this.#ahead > 0) await this.landing()
  }

  async #follow(write: Promise<void>, bytes: number): Promise<void> {
    try {
      await write
      this.#landed(bytes)
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#ahead -= bytes
    this.#wake()
  }
}
