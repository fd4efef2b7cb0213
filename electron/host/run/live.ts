import type { Judgement } from '../../../shared/conditions/judge.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { Progress } from '../../../shared/model/run.ts'
import { ProgressMeter } from './progress.ts'

/** What a screen shows of a run that is not worth a commit: gone with the host, and read anew by it. */
export interface Live {
  /** Newest judgement of each measured condition, and when it was made, monotonic ms. */
  readonly judged: Map<string, { readonly judgement: Judgement; readonly at: number }>
  progress: Progress | null
  /** Why the safe state is not proved just now, and when that was last written down, monotonic ms. */
  blocked: ErrorData | null
  blockedWrittenAt: number
  /** Why the device cannot be reached just now. */
  linkNote: ErrorData | null
  /** Why the console cannot write down what it does: nothing goes on until it can. */
  storeNote: ErrorData | null
  /** An act is on its way; `stoppable`: ending it early leaves the device as it was. */
  acting: { readonly stoppable: boolean } | null
  readonly meter: ProgressMeter
}

export function freshLive(): Live {
  return {
    judged: new Map(),
    progress: null,
    blocked: null,
    blockedWrittenAt: Number.NEGATIVE_INFINITY,
    linkNote: null,
    storeNote: null,
    acting: null,
    meter: new ProgressMeter(),
  }
}
