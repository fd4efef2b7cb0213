import { forgetKeys, type OperatorKeys } from './vault.ts'

export interface SignedIn {
  readonly operator: string
  readonly keys: OperatorKeys
}

export interface SessionOptions {
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Minutes without input after which the operator is signed out; 0 is never. */
  readonly idleMinutes: () => number
  /** True while the operator is needed at the device: then nobody is signed out for want of input. */
  readonly busy: () => boolean
  /** Called when the idle time is over; it must end the session. */
  readonly onIdle: (operator: string) => void
}

const LOOK_EVERY_MS = 5000
const MINUTE_MS = 60_000

/** Who is signed in, with the keys that their passphrase opened; in memory and nowhere else. */
export class Session {
  readonly #options: SessionOptions
  readonly #listeners = new Set<() => void>()
  #current: SignedIn | null = null
  #lastInput = 0
  #timer: NodeJS.Timeout | null = null

  constructor(options: SessionOptions) {
    this.#options = options
  }

  get current(): SignedIn | null {
    return this.#current
  }

  begin(signedIn: SignedIn): void {
    this.#forget()
    this.#current = signedIn
    this.touch()
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
    this.#changed()
  }

  end(): void {
    if (this.#current === null) return
    this.#forget()
    this.#changed()
  }

  /** Somebody did something. */
  touch(): void {
    this.#lastInput = this.#options.monotonic()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #look(): void {
    const { busy, idleMinutes, monotonic, onIdle } = this.#options
    const limit = idleMinutes() * MINUTE_MS
    if (busy()) this.touch()
    else if (this.#current && limit > 0 && monotonic() - this.#lastInput >= limit) onIdle(this.#current.operator)
  }

  #forget(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    if (this.#current) forgetKeys(this.#current.keys)
    this.#current = null
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
