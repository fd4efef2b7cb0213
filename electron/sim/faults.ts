/** What can go wrong with a simulated device. All of it is off unless set. */
export interface Faults {
  /** Loses power when an upload has put this many bytes into flash; once. */
  readonly powerLossAt: number | null
  /** Chances (0..1) for each packet, in both directions. */
  readonly drop: number
  readonly duplicate: number
  readonly late: number
  /** ms by which a late packet is late. */
  readonly lateMs: number
  /** Answers nothing at all. */
  readonly stall: boolean
  /** Keeps the old image and says it runs the new version. */
  readonly lie: boolean
  readonly refuse: 'no' | 'upload' | 'boot'
  /** At its next start the application in its flash is damaged, and stays so: the boot loader waits for another. Once. */
  readonly breakApplication: boolean
  /** Does not come back from a restart. */
  readonly silentAfterRestart: boolean
  /** Comes back from a restart under another address. */
  readonly reenumerate: boolean
  /** Printed between answers, as a chatty console does. */
  readonly chatter: boolean
}

export const NO_FAULTS: Faults = {
  powerLossAt: null,
  drop: 0,
  duplicate: 0,
  late: 0,
  lateMs: 150,
  stall: false,
  lie: false,
  refuse: 'no',
  breakApplication: false,
  silentAfterRestart: false,
  reenumerate: false,
  chatter: true,
}

/** Numbers in 0..1 that are the same for the same seed (mulberry32): a campaign that failed can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
