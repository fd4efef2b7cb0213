import type { Clock } from '../../../shared/clock.ts'
import type { ConsoleFacts } from '../../../shared/conditions/facts.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { Role } from '../../../shared/model/policy.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import type { Site } from '../../../shared/model/site.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { DeviceAccess } from '../device/device-access.ts'
import type { Db } from '../store/db.ts'
import type { LibrarySource, TargetInfo } from '../trust/library.ts'

/** An artifact on board, open for reading. Each block is hashed again as it goes out. */
export interface ArtifactFile {
  readonly length: number
  /** `length` bytes from `offset`; fewer only at the end. Throws `artifact.corrupt`. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

export interface ArtifactSource {
  has(sha256: string): boolean
  /** Opens it after hashing all of it. Throws `artifact.missing`, `artifact.corrupt`, `file.unreadable`. */
  open(sha256: string, signal: AbortSignal): Promise<ArtifactFile>
  /** What a reader finds in the bytes, held against the profile's keys. Throws `artifact.*`. */
  facts(target: TargetInfo, profile: Profile): Promise<ArtifactFacts>
}

/** What is asked of a person: one of these roles, here, for this type of device. */
export interface Ask {
  readonly roles: readonly Role[]
  readonly site: string | null
  readonly deviceType: string
}

export interface RunPeople {
  /** Why this operator may not, by the signed policy and now; null: they may. */
  mayAct(operator: string, ask: Ask): ErrorData | null
  /** Checks the second person's passphrase, signing nobody in or out. Their id; throws `people.*`. */
  verifySecond(second: { readonly operator: string; readonly passphrase: string }): Promise<string>
}

/** Everything that runs need from the rest of the host. */
export interface RunPorts {
  readonly db: Db
  readonly recorder: AuditRecorder
  readonly devices: DeviceAccess
  readonly library: LibrarySource
  readonly artifacts: ArtifactSource
  readonly people: RunPeople
  readonly clock: Clock
  /** Effective time, ms since 1970: never behind what was signed. */
  readonly now: () => number
  /** Waits; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Names this life of the host process: another each time it starts. */
  readonly hostId: string
  readonly newRunId: () => string
  /** The chosen site. */
  readonly site: () => Site | null
  readonly power: () => Pick<ConsoleFacts, 'battery' | 'onMains'>
  /** What went wrong inside, for the log file; screens get codes. */
  readonly log: (error: unknown, what: string) => void
}
