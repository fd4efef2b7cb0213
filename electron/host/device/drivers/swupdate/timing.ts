/** How long the driver waits for what, ms. */
export interface SwupdateTiming {
  /** For one small document. */
  readonly request: number
  /** Between two calls of `between`, at most a second. */
  readonly between: number
  /** After the head of an upload, for the answer of a device that is busy: at least this, and some round trips. */
  readonly knock: number
  /** For whoever else installs something to come to an end. */
  readonly busy: number
  /** For the verdict, once the upload or the WebSocket has broken off. */
  readonly afterBreak: number
  /** For the words of a failure, once the failure itself was told. */
  readonly words: number
  /** For the device to be ready again after a failure. */
  readonly tidy: number
  /** Between looks whether the device has gone down, and how long it may take to. */
  readonly look: number
  readonly goDown: number
}

export const SWUPDATE_TIMING: SwupdateTiming = {
  request: 5000,
  between: 500,
  knock: 40,
  busy: 20_000,
  afterBreak: 5000,
  words: 800,
  tidy: 1500,
  look: 300,
  goDown: 15_000,
}
