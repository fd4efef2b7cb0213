/** How long the driver waits for what, ms. */
export interface FastbootTiming {
  /** For the answer to a question. */
  readonly answer: number
  /** For a sign of life while the device writes: U-Boot gives one every 30 s, others none until they are done. */
  readonly work: number
  /** For an application that was told to go to its boot loader to be gone, and between looks. */
  readonly goDown: number
  readonly look: number
  /** Before a packet on the network is sent again. */
  readonly resend: number
}

export const FASTBOOT_TIMING: FastbootTiming = { answer: 5000, work: 90_000, goDown: 10_000, look: 200, resend: 500 }
