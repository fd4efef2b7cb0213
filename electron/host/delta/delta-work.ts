import type { FileHash } from '../crypto/hash.ts'
import type { ApplyDelta } from './apply-delta.ts'
import type { FoundChunks } from './find-chunks.ts'

export interface FindJob {
  /** The index, proved to be the signed one. */
  readonly index: string
  readonly seeds: readonly string[]
}

export interface AssembleJob extends FindJob {
  readonly found: FoundChunks
  readonly fetched: string
  readonly out: string
}

/** The work on whole files, wherever it is done: on threads of their own in the product. Throws `sync.bad-delta`, `file.*`. */
export interface DeltaWork {
  apply(job: ApplyDelta, signal: AbortSignal): Promise<FileHash>
  find(job: FindJob, signal: AbortSignal): Promise<FoundChunks>
  assemble(job: AssembleJob, signal: AbortSignal): Promise<FileHash>
}
