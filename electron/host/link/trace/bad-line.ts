import { AppError } from '../../../../shared/errors.ts'
import { sleep } from '../waiting.ts'

/** What may become of one piece that goes over a link. */
export const FAULTS = ['drop', 'duplicate', 'reorder', 'stall', 'truncate', 'unplug'] as const
export type Fault = (typeof FAULTS)[number]

/** Chances of each fault for each piece, 0..1, in both directions. */
export type FaultChances = Partial<Readonly<Record<Fault, number>>>

export interface FaultOptions {
  readonly chances: FaultChances
  /** 0 <= n < 1; seeded, so that a failure can be repeated. */
  readonly random: () => number
  /** Longest stall, ms. */
  readonly stallMs?: number
  /** Told of every fault as it happens. */
  readonly onFault?: (fault: Fault) => void
}

const STALL_MS = 8000

/** What becomes of each piece that goes over one line. */
export class BadLine {
  readonly #address: string
  readonly #options: FaultOptions
  readonly #unplugged = new AbortController()

  constructor(address: string, options: FaultOptions) {
    this.#address = address
    this.#options = options
  }

  get unplugged(): AbortSignal {
    return this.#unplugged.signal
  }

  lost(): AppError {
    return new AppError('link.lost', { detail: { address: this.#address } })
  }

  check(): void {
    if (this.#unplugged.signal.aborted) throw this.lost()
  }

  /** One fault at most; null: it passes. Unplugging throws. */
  fate(possible: readonly Fault[] = FAULTS): Fault | null {
    this.check()
    const { chances, random, onFault } = this.#options
    let point = random()
    for (const fault of FAULTS) {
      point -= chances[fault] ?? 0
      if (point >= 0) continue
      if (!possible.includes(fault)) return null
      onFault?.(fault)
      if (fault === 'unplug') this.unplug()
      return fault
    }
    return null
  }

  /** Gone, from now on. */
  unplug(): never {
    this.#unplugged.abort(this.lost())
    throw this.lost()
  }

  pause(signal: AbortSignal): Promise<void> {
    const { random, stallMs = STALL_MS } = this.#options
    return sleep(random() * stallMs, AbortSignal.any([signal, this.unplugged]))
  }

  coin(): boolean {
    return this.#options.random() < 0.5
  }

  cut(bytes: Uint8Array): Uint8Array {
    return bytes.slice(0, Math.floor(this.#options.random() * bytes.length))
  }
}
