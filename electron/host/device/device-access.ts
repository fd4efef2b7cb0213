import type { DeviceKey, DeviceStatus, DeviceView, Identity } from '../../../shared/model/device.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import type { Reading } from '../../../shared/model/reading.ts'
import type { Device, Driver } from './driver.ts'

/** A device with its link open and nobody else on it. Only inside {@link DeviceAccess.use}. */
export interface DeviceSession {
  readonly key: DeviceKey
  readonly identity: Identity
  readonly profile: Profile
  readonly driver: Driver
  readonly device: Device
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
  /** Newest reading by signal, without asking the device. */
  readings(key: DeviceKey): ReadonlyMap<string, Reading>
  onChange(listener: () => void): () => void
}
