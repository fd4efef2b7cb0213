/** How long the driver waits for what, ms. */
export interface MenderTiming {
  /** For one short command. */
  readonly request: number
  /** Between looks at a command of the client that goes on by itself. */
  readonly poll: number
  /** Between looks whether the device has gone down, and how long it may take to. */
  readonly look: number
  readonly goDown: number
}

export const MENDER_TIMING: MenderTiming = { request: 15_000, poll: 400, look: 300, goDown: 15_000 }
