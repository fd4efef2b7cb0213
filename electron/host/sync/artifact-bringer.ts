import type { SyncWay as TakenWay } from '../../../shared/contract/sync.ts'
import type { WantedArtifact } from './wanted.ts'

export type { TakenWay }

export interface Bringing {
  readonly signal: AbortSignal
  /** Bytes that are here of `way.bytes`; may go back when another way is taken. */
  readonly onProgress: (done: number, way: TakenWay) => void
}

/** Brings an artifact to its final name, verified and durable. Can be stopped or killed at any byte. */
export interface ArtifactBringer {
  /** The way that will be taken as far as can be told now, and the bytes of it that are here. Asks the server at most for what is small. */
  plan(item: WantedArtifact, signal: AbortSignal): Promise<{ readonly way: TakenWay; readonly done: number }>
  /** Throws `trust.*`, `sync.*`, `disk.full`, `store.read-only`, `cancelled`. */
  bring(item: WantedArtifact, options: Bringing): Promise<TakenWay>
}

/** All of it, as it is. */
export function wholeWay({ target }: WantedArtifact): TakenWay {
  return { kind: 'whole', from: null, bytes: target.length, refused: [] }
}
