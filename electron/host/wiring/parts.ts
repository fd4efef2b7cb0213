import type { Clock } from '../../../shared/clock.ts'
import type { PassphraseKdf } from '../crypto/passphrase.ts'
import type { RegistryTiming } from '../device/registry/options.ts'
import type { LinkFinder } from '../link/link.ts'

/** What tests put in the place of the usual. */
export interface HostParts {
  readonly clock?: Clock
  /** Just before and after each commit of the database: crash tests end the process there. */
  readonly beforeCommit?: () => void
  readonly onCommit?: (count: number) => void
  readonly registryTiming?: Partial<RegistryTiming>
  /** What the run-time must prove before anything is judged with it. Throws `host.crypto-broken`. */
  readonly selfTest?: () => void
  /** Whether it can open what a dictionary has compressed. */
  readonly knowsDictionaries?: () => boolean
  /** How hard new passphrases are made to guess. */
  readonly kdf?: () => PassphraseKdf
  /** In the place of hot-plug, for machines whose own ports are nobody's business. */
  readonly portFinders?: readonly LinkFinder[]
}

/** The wall clock and the uptime of this process. */
export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
