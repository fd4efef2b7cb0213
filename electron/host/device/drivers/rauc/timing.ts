/** How long the driver waits for what, ms. */
export interface RaucTiming {
  /** For a command that only tells or marks something. */
  readonly request: number
  /** Between two calls of `between` while RAUC installs, at most a second. */
  readonly between: number
}

export const RAUC_TIMING: RaucTiming = { request: 10_000, between: 500 }
