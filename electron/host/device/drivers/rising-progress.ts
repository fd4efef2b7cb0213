import type { Image, WriteOptions } from '../driver.ts'

/**
 * Tells how much of an image is done, bytes: whole ones, never backwards, never more than there are. Returns how much
 * has been told.
 */
export function risingProgress({ length }: Image, options: WriteOptions): (done: number) => number {
  let told = 0
  return (done) => {
    const reached = Math.min(length, Math.floor(done))
    if (reached > told) {
      told = reached
      options.progress(told, length)
    }
    return told
  }
}
