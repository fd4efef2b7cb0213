import type { Image } from '../../driver.ts'

export interface LoadHooks {
  /** Bytes that are in the device's memory. */
  progress(done: number): void
  between(): Promise<void>
}

/** A part of the image that goes in one transfer. */
export interface Piece {
  readonly image: Image
  readonly at: number
  readonly length: number
  /** Whether the whole image goes in one transfer, so that wishes to stop must be heard during it. */
  readonly whole: boolean
}
