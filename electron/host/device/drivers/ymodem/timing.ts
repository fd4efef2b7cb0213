import { SEND_PATIENCE, type SendPatience } from '../../../protocol/ymodem/sender.ts'

/** How long the driver waits for what, ms. */
export interface YmodemTiming {
  /** For the answer to a question that the application or the boot loader answers at once. */
  readonly answer: number
  /** For the prompt after an empty line, and how often that is tried. */
  readonly wake: number
  readonly wakes: number
  /**
   * Without a byte, after which a line may be talked to that nothing is known of. A boot loader counts down by the
   * second, and a key would stop it.
   */
  readonly quiet: number
  /** The same for an application that was at its prompt and speaks unasked, as long as no boot loader is heard. */
  readonly chatter: number
  /** Longest that a line is listened to that never falls silent. */
  readonly listen: number
  /** One look whether a device that was told to start shows its prompt. */
  readonly look: number
  /** Silence after which a device that was told to start is asked: its prompt may have been lost. */
  readonly hush: number
  /** For the first sign that an order to start was taken. */
  readonly goDown: number
  /** Between keys that stop a boot loader which does not say when it can be stopped. */
  readonly key: number
  /** For the prompt after a transfer, also one that was broken off. */
  readonly after: number
  readonly send: SendPatience
}

export const YMODEM_TIMING: YmodemTiming = {
  answer: 5000,
  wake: 1500,
  wakes: 2,
  quiet: 1300,
  chatter: 300,
  listen: 8000,
  look: 1000,
  hush: 10_000,
  goDown: 5000,
  key: 50,
  after: 5000,
  send: SEND_PATIENCE,
}
