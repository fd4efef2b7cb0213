import { type Envelope, readEnvelope } from './envelope.ts'
import { type FileFacts, readFileFacts } from './file-facts.ts'
import type { TrustLimits } from './limits.ts'

/** TUF 4.6. */
export interface TimestampMetadata extends Envelope {
  readonly snapshot: FileFacts
  /** Our signed time of issue (`x-issued-at`), ms; null in a repository that is not ours. */
  readonly issuedAt: number | null
}

/** TUF 4.4. */
export interface SnapshotMetadata extends Envelope {
  /** By file name: `targets.json`, `plans.json`, ... */
  readonly meta: ReadonlyMap<string, FileFacts>
}

export function readTimestamp(bytes: Uint8Array, limits: TrustLimits): TimestampMetadata {
  const envelope = readEnvelope(bytes, 'timestamp', 'timestamp', limits)
  return {
    ...envelope,
    snapshot: readFileFacts(envelope.signed.object('meta').object('snapshot.json')),
    issuedAt: envelope.signed.has('x-issued-at') ? envelope.signed.instant('x-issued-at') : null,
  }
}

export function readSnapshot(bytes: Uint8Array, limits: TrustLimits): SnapshotMetadata {
  const envelope = readEnvelope(bytes, 'snapshot', 'snapshot', limits)
  return { ...envelope, meta: envelope.signed.object('meta').map(readFileFacts) }
}
