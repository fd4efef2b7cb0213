import type { Clock } from '../../../../shared/clock.ts'
import type { DeviceKey, DeviceStatus, Identity } from '../../../../shared/model/device.ts'
import type { Profile } from '../../../../shared/model/profile.ts'
import type { LinkFinder, LinkOpener } from '../../link/link.ts'
import type { Credential, Driver } from '../driver.ts'

/** A device that this console has seen at some time. */
export interface KnownDevice {
  readonly key: DeviceKey
  readonly identity: Identity
  /** Where it answered last. */
  readonly address: string | null
  readonly status: DeviceStatus | null
  /** Wall-clock ms. */
  readonly statusAt: number | null
  readonly lastSeenAt: number
  readonly lastSeenBy: string
}

/** What the registry keeps beyond its own life. */
export interface DeviceStore {
  known(): readonly KnownDevice[]
  /** A device answered that did not a moment ago. Resolves to who is on record as having seen it. */
  appeared(seen: { readonly identity: Identity; readonly address: string; readonly at: number }): Promise<string>
  saveStatus(key: DeviceKey, status: DeviceStatus, at: number): void
  saveSeen(key: DeviceKey, at: number): void
}

/** ms */
export interface RegistryTiming {
  /** Between looks whether a device that answered still does. */
  readonly presence: number
  /** Between fresh looks at versions and slots while nobody else asks. */
  readonly status: number
  /** First and longest pause between attempts where nobody answers. */
  readonly retryFirst: number
  readonly retryMost: number
  /** Between looks for a device that was told to restart. */
  readonly returning: number
  /** Longest that one attempt to find out who answers may take. */
  readonly probe: number
}

export const REGISTRY_TIMING: RegistryTiming = {
  presence: 5000,
  status: 20_000,
  retryFirst: 1000,
  retryMost: 30_000,
  returning: 300,
  probe: 30_000,
}

export interface RegistryOptions {
  readonly openers: readonly LinkOpener[]
  readonly finders: readonly LinkFinder[]
  readonly drivers: readonly Driver[]
  readonly clock: Clock
  readonly store: DeviceStore
  /** Signed profiles of the moment. */
  profiles(): readonly Profile[]
  /** Name of a device in the site document; null: it is in none. */
  nameOf(identity: Identity): string | null
  /** Login for an address, from the vault of who is signed in. */
  credential(address: string): Promise<Credential | null>
  /** One spelling for addresses that lead to the same place. */
  readonly canonical: (address: string) => Promise<string>
  readonly timing?: Partial<RegistryTiming>
}
