/** How commands, answers and data reach a device, whatever it is connected by. */
export interface FastbootPipe {
  /** Begins the conversation anew: whatever was said before is over. */
  open(signal: AbortSignal): Promise<void>
  /** Sends a command, or a stretch of the data that the device waits for. */
  send(bytes: Uint8Array, isLast: boolean, signal: AbortSignal): Promise<void>
  /** The next answer. Throws `device.no-answer` after `ms`. */
  receive(ms: number, signal: AbortSignal): Promise<Uint8Array>
  /** Gives up data of which the device still waits for `left` bytes. The conversation then begins anew. */
  abandon(left: number, signal: AbortSignal): Promise<void>
  /** Bytes that go in one {@link send}. */
  readonly stretch: number
}
