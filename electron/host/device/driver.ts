import type { Clock } from '../../../shared/clock.ts'
import type { ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { DeviceStatus, Identity } from '../../../shared/model/device.ts'
import type { DriverBinding, DriverId, Profile, Source } from '../../../shared/model/profile.ts'
import type { Link } from '../link/link.ts'

/** A login for a device, from the signed-in operator's vault. */
export interface Credential {
  readonly username: string
  /** Of the account, or what opens the private key where there is one. */
  readonly password: string
  /** For SSH: OpenSSH or PEM. */
  readonly privateKey?: string | undefined
}

export function sameLogin(a: Credential | null, b: Credential | null): boolean {
  return a?.username === b?.username && a?.password === b?.password && a?.privateKey === b?.privateKey
}

/** An opened link with what the profile says of the device behind it. All that a driver gets. */
export interface Device {
  readonly link: Link
  readonly profile: Profile
  readonly binding: DriverBinding
  readonly clock: Clock
  readonly credential: Credential | null
}

/** An artifact to be written: verified bytes and what is known of them. */
export interface Image {
  readonly component: string
  /** MCUboot image number of the component; 0 elsewhere. */
  readonly index: number
  readonly name: string
  readonly version: string
  readonly length: number
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string
  /** The hash by which the device will name it, hex; null where the family has none. */
  readonly deviceHash: string | null
  readonly facts: ArtifactFacts
  /** Skip the trial boot, because the plan says so. */
  readonly permanent: boolean
  /** `length` bytes from `offset`; fewer only at the end. Re-verified as it is read. They may lie in `into`. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>
}

export interface WriteOptions {
  /** Bytes the device has acknowledged, and of how many. Never goes backwards. */
  progress(done: number, total: number): void
  /**
   * Awaited between requests, at least once a second: the moment at which watched conditions are read
   * over the same link. It throws to stop the write. (A device that erases its slot answers nobody until it is
   * done, and its driver cannot ask either.)
   */
  between(): Promise<void>
}

export interface WriteOutcome {
  /** The device held the image already; nothing was written. */
  readonly alreadyHeld: boolean
}

/** What a family of devices can do, so that the engine asks instead of trying. */
export interface DriverTraits {
  /** A new image runs on trial and falls back unless confirmed. */
  readonly trialBoot: boolean
  /** Stopping a write leaves the running version untouched. */
  readonly stoppable: boolean
  /** A write that broke off goes on where it stopped: an attempt that failed may still have got further. */
  readonly resumes: boolean
}

/** What a boot loader tells that cannot say whose device it is. */
export interface LoaderFacts {
  /** By the profile's `identity.hardware`; null: it does not say. */
  readonly hardware: string | null
  /** Version of what it holds, which may be half of something; null: it does not say. */
  readonly holds: string | null
  /** What else it says of itself, by name: for people, and to notice that another one answers. */
  readonly says: Readonly<Record<string, string>>
}

/**
 * What makes a device family updatable. A driver opens nothing and stores nothing; it may be called
 * again after any crash, so every method first looks at what the device already did.
 */
export interface Driver {
  readonly id: DriverId
  readonly traits: DriverTraits
  /** Who answers. Null: not one of mine. A throw: one of mine, but unhealthy. */
  identify(device: Device, signal: AbortSignal): Promise<Identity | null>
  /**
   * Asked where {@link identify} found nobody: what a boot loader tells that cannot say whose device it is. Null: none
   * of this type answers. A driver without this has boot loaders that always know.
   */
  loader?(device: Device, signal: AbortSignal): Promise<LoaderFacts | null>
  /** What it runs and holds, asked anew. */
  status(device: Device, signal: AbortSignal): Promise<DeviceStatus>
  /** What the device literally says for one source. Throws `reading.*`, `device.*`, `link.*`. */
  read(device: Device, source: Source, signal: AbortSignal): Promise<string | number | boolean>
  /** Brings the device into the state in which it can be written, where that differs. */
  detach?(device: Device, signal: AbortSignal): Promise<void>
  /** Writes one image to where it does not run. Throws `device.*`, `link.*`, or what `between` threw. */
  write(device: Device, image: Image, options: WriteOptions, signal: AbortSignal): Promise<WriteOutcome>
  /** Lets the device start what was written. Resolves when the device has taken the order, not when it is back. */
  attach(device: Device, images: readonly Image[], signal: AbortSignal): Promise<void>
  /** Makes the running new version permanent. */
  confirm?(device: Device, images: readonly Image[], signal: AbortSignal): Promise<void>
  /** Makes the device go back to the version before. Resolves when the order was taken. */
  rollback?(device: Device, images: readonly Image[], signal: AbortSignal): Promise<void>
  /** After a write that failed: leaves the device running what it ran. Throws when it cannot. */
  restore?(device: Device, images: readonly Image[], signal: AbortSignal): Promise<void>
}
