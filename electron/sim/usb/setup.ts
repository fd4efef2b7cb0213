/** A setup packet as it comes over the bus. USB 2.0 9.3. */
export interface Setup {
  readonly type: 'standard' | 'class' | 'vendor'
  readonly toHost: boolean
  readonly request: number
  readonly value: number
  readonly index: number
  readonly length: number
}

/** Bytes (none for a request that only takes), a STALL, or nothing at all. */
export type Answer = Uint8Array | 'stall' | 'mute'

/** What a bus, simulated or real, needs of a device that is plugged in. */
export interface Peripheral {
  control(setup: Setup, data: Uint8Array): Answer
  busReset(): void
}
