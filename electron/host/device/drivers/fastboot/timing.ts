/** How long the driver waits for what, ms. */
export interface FastbootTiming {
  /** For the answer to a question. */
  readonly answer: number
  /** For a sign of life while the device writes: U-Boot gives one every 30 s, others none until they are done. */
  readonly work: number
  /** Before a packet on the network is sent again. */
  readonly resend: number
}

export const FASTBOOT_TIMING: FastbootTiming = { answer: 5000, work: 90_000, resend: 500 }
