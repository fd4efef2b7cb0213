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

const TYPES = ['standard', 'class', 'vendor'] as const

export function parseSetup(bytes: Uint8Array): Setup | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const type = TYPES[(view.getUint8(0) >> 5) & 3]
  if (!type) return null
  return {
    type,
    toHost: view.getUint8(0) >= 0x80,
    request: view.getUint8(1),
    value: view.getUint16(2, true),
    index: view.getUint16(4, true),
    length: view.getUint16(6, true),
  }
}

/** What a bus, simulated or real, needs of a device that is plugged in. */
export interface Peripheral {
  control(setup: Setup, data: Uint8Array): Answer
  busReset(): void
  readonly bulk?: BulkSide
}

/** One endpoint in each direction. */
export interface BulkSide {
  /** False: it does not take it, and says nothing. */
  out(data: Uint8Array): boolean
  /** Gives what it has to say, now or later. Returns how to take the question back. */
  in(length: number, give: (bytes: Uint8Array) => void): () => void
}

/** What a simulated bus shows of a device, and does to it. */
export interface UsbMachine extends Peripheral {
  readonly face: {
    readonly vid: number
    readonly pid: number
    readonly release: number
    readonly strings: readonly string[]
  }
  /** Told how it takes itself off the bus. */
  plugged(leave: () => void): void
  powerCycle(): void
}
