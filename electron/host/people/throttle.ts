/** Wrong passphrases that cost nothing: fingers slip, and keyboards have languages. */
const FREE = 3
const FIRST_WAIT_MS = 2000
/** Nobody waits longer than this, however often they were wrong: at sea nobody can unlock an account. */
const LONGEST_WAIT_MS = 5 * 60_000

/** How long one must wait after so many wrong passphrases in a row, ms. */
export function waitAfter(failures: number): number {
  if (failures <= FREE) return 0
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE - 1))
}

export interface Attempts {
  readonly failures: number
  /** Wall clock of the newest failure, ms; null when there is none. */
  readonly failedAt: number | null
  /** The same on the monotonic clock of this process; null when it was before this process began. */
  readonly failedMono: number | null
}

/**
 * What is left of the wait, ms. Setting the clock does not shorten it while the process lives, and a
 * clock that was set back does not prolong it beyond one whole wait.
 */
export function waitLeft({ failures, failedAt, failedMono }: Attempts, wall: number, mono: number): number {
  const wait = waitAfter(failures)
  const since = failedMono === null ? wall - (failedAt ?? 0) : mono - failedMono
  return Math.max(0, Math.min(wait, wait - since))
}
