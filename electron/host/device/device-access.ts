import type { Claim, PlateClaim } from '../../../shared/model/claim.ts'
import type { DeviceKey, DeviceStatus, DeviceView, Identity } from '../../../shared/model/device.ts'
import type { DriverId, Profile } from '../../../shared/model/profile.ts'
import type { Reading } from '../../../shared/model/reading.ts'
import type { Device, Driver, LoaderFacts } from './driver.ts'

/** A device with its link open and nobody else on it. Only inside {@link DeviceAccess.use}. */
export interface DeviceSession {
  readonly key: DeviceKey
  readonly identity: Identity
  readonly profile: Profile
  readonly driver: Driver
  readonly device: Device
  /** On whose word it is this device, while only its boot loader answers; null: it says so itself. */
  readonly claim: Claim | null
  /**
   * It is about to be told to go to its boot loader, or to leave it. If one that cannot say whose it is answers at this
   * very place within `withinMs`, once, it is this device's.
   */
  expectLoader(withinMs: number): void
  /** Asks the device anew, and refreshes the registry with the answer. */
  status(signal: AbortSignal): Promise<DeviceStatus>
  /** Reads these signals now, one after the other. A signal that cannot be read is a reading with a fault. */
  readSignals(signals: readonly string[], signal: AbortSignal): Promise<Reading[]>
}

/** How runs and handlers reach devices. One physical device has one queue: uses never interleave. */
export interface DeviceAccess {
  list(): readonly DeviceView[]
  get(key: DeviceKey): DeviceView | null
  /**
   * Waits for the device's turn, opens its link, checks that the one meant answers, and does the work.
   * Throws `device.gone`, `device.duplicate`, `device.identity-changed`, `device.no-answer`, `device.unauthorised`, `link.*`.
   */
  use<T>(key: DeviceKey, work: (session: DeviceSession) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Looks for the device again after it was told to restart. Throws `device.restart-timeout`. */
  waitForReturn(key: DeviceKey, withinMs: number, signal: AbortSignal): Promise<void>
  /** Where a device said last itself who it is, and when (wall-clock ms); null: never. */
  lastSeen(key: DeviceKey): { readonly address: string; readonly at: number } | null
  /** Boot loaders that wait and cannot say whose device they are. */
  waiting(): readonly WaitingLoader[]
  /**
   * Takes a waiting boot loader for that of a device, on the word of a person. Asks it once more first. Throws
   * `device.gone`, `device.several-loaders`, `device.seen-elsewhere`, `device.incompatible`, `device.*`, `link.*`.
   */
  claim(wanted: ClaimWanted, signal: AbortSignal): Promise<void>
  /** Nobody vouches any more for the boot loader that was taken for that of a device. */
  disclaim(key: DeviceKey): Promise<void>
  /** Newest reading by signal, without asking the device. */
  readings(key: DeviceKey): ReadonlyMap<string, Reading>
  onChange(listener: () => void): () => void
}

/** A boot loader that answers and cannot say whose device it is. */
export interface WaitingLoader {
  readonly address: string
  readonly label: string
  /** The types of device whose boot loader it may be, by what it says. */
  readonly mayBe: readonly { readonly profile: Profile; readonly driver: DriverId; readonly facts: LoaderFacts }[]
}

export interface ClaimWanted {
  readonly address: string
  /** `hardware`: as last known; what the boot loader says itself must agree. */
  readonly identity: Identity
  readonly claim: PlateClaim
}
