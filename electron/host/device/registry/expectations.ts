import type { Clock } from '../../../../shared/clock.ts'
import type { Claim } from '../../../../shared/model/claim.ts'
import type { DeviceKey, Identity } from '../../../../shared/model/device.ts'
import type { LoaderFacts } from '../driver.ts'

/** Whose boot loader is on its way to a place. */
export interface Expected {
  readonly key: DeviceKey
  readonly identity: Identity
  /** As what it will be taken. */
  readonly claim: Claim
}

/** How long a device that was told to go may go on answering. */
const LAST_WORDS_MS = 10_000

/**
 * Devices that were told a moment ago to go to their boot loader, or to leave it, by the place where they are plugged in.
 * An expectation is good for one boot loader, for as long as the device may take, and in this life of the host.
 */
export class Expectations {
  readonly #clock: Clock
  readonly #at = new Map<string, Expected & { readonly until: number; readonly open: boolean }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  expect(address: string, expected: Expected, withinMs: number): void {
    this.#at.set(address, { ...expected, until: this.#clock.monotonic() + withinMs, open: true })
  }

  /** Whose boot loader this is; null: nobody's who is expected. Whoever comes after it is a stranger again. */
  take(address: string, type: string, { hardware }: LoaderFacts): Expected | null {
    const expected = this.#alive(address)
    if (!expected?.open || expected.identity.type !== type) return null
    this.#at.set(address, { ...expected, open: false })
    const known = expected.identity.hardware
    return hardware !== null && known !== null && hardware !== known ? null : expected
  }

  /**
   * A device says itself who it is: who was expected there until now, if it is another. The one that is meant may say so
   * once more before it goes.
   */
  settle(address: string, key: DeviceKey): Expected | null {
    const expected = this.#alive(address)
    if (expected?.open && expected.key === key) {
      this.linger(address)
      return null
    }
    this.#at.delete(address)
    return expected && expected.key !== key ? expected : null
  }

  /** Whoever was told to go answers still: from now on it has little time to go. */
  linger(address: string): void {
    const expected = this.#alive(address)
    if (!expected) return
    const until = Math.min(expected.until, this.#clock.monotonic() + LAST_WORDS_MS)
    this.#at.set(address, { ...expected, until })
  }

  #alive(address: string) {
    const expected = this.#at.get(address)
    return expected && this.#clock.monotonic() <= expected.until ? expected : null
  }
}
