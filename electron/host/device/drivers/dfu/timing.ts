/** How long the driver waits for what, ms. */
export interface DfuTiming {
  /** For an answer that needs no work. */
  readonly answer: number
  /** Between looks whether the device has left the bus. */
  readonly look: number
  /** How long a device may take to leave after it was told to. */
  readonly goDown: number
}

export const DFU_TIMING: DfuTiming = { answer: 2000, look: 100, goDown: 5000 }
