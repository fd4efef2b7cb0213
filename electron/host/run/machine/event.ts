import type { ErrorCode, ErrorData } from '../../../../shared/errors.ts'
import type { AuditAction } from '../../../../shared/model/audit.ts'
import type { Plan } from '../../../../shared/model/plan.ts'
import type { Profile } from '../../../../shared/model/profile.ts'
import type { AnswerChoice } from '../../../../shared/model/run.ts'
import type { RunImage } from '../images.ts'
import type { Observation, Snapshot } from '../observe.ts'
import type { Health, RunState, Traits } from './state.ts'
import type { Now, Verdict } from './verdict.ts'

/** What a run was frozen with, and the moment of the event. */
export interface Context {
  readonly plan: Plan
  readonly profile: Profile
  readonly images: readonly RunImage[]
  readonly now: Now
}

/** Acts on the device. Each needs a verdict of its own, but for `restore`, which only takes back. */
export type Act = 'detach' | 'write' | 'restart' | 'confirm' | 'roll-back' | 'restore'

/** What happens to a run. `by`: the operator, or `console` for whoever stands at the laptop. */
export type RunEvent =
  | { readonly type: 'start' }
  | { readonly type: 'checked'; readonly traits: Traits; readonly before: Snapshot; readonly seen: Observation }
  | { readonly type: 'staged'; readonly health: Health }
  | { readonly type: 'refused'; readonly reason: ErrorData }
  | { readonly type: 'blocked'; readonly reason: ErrorData }
  | { readonly type: 'proved'; readonly verdict: Verdict }
  /** The verdict had lapsed before the act began: nothing was done. */
  | { readonly type: 'act-lapsed'; readonly act: Act; readonly reason: ErrorData }
  | { readonly type: 'act-done'; readonly act: Act; readonly detail?: Readonly<Record<string, unknown>> }
  | { readonly type: 'act-failed'; readonly act: Act; readonly error: ErrorData; readonly progressed: boolean }
  /** We stopped it ourselves, at a place where the driver can stop. */
  | { readonly type: 'act-stopped'; readonly act: Act; readonly reason: ErrorData }
  | { readonly type: 'returned' }
  | { readonly type: 'observed'; readonly seen: Observation; readonly health: Health | null }
  | { readonly type: 'no-answer'; readonly reason: ErrorData }
  | { readonly type: 'checks-passed' }
  | { readonly type: 'checks-failed'; readonly reason: ErrorData }
  | {
      readonly type: 'answered'
      readonly question: string
      readonly choice: AnswerChoice
      readonly by: string
      readonly note: string | null
    }
  | {
      readonly type: 'overridden'
      readonly condition: string
      readonly by: string
      readonly second: string | null
      readonly reason: string
    }
  | { readonly type: 'cancel-wished'; readonly by: string }
  | { readonly type: 'pause-wished'; readonly on: boolean; readonly by: string }
  | { readonly type: 'check-again'; readonly by: string }
  | { readonly type: 'device-back' }
  | { readonly type: 'time-up' }
  | { readonly type: 'host-restarted' }

export type EventType = RunEvent['type']
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>

/** What the engine must do next. Acts carry the verdict that allows them. */
export type Effect =
  | { readonly do: 'check' | 'stage' | 'prove' | 'await-return' | 'run-checks' | 'restore' | 'end' }
  | { readonly do: 'detach' | 'restart' | 'confirm' | 'roll-back'; readonly verdict: Verdict }
  | { readonly do: 'write'; readonly image: number; readonly verdict: Verdict }
  /** `health`: read it too, this may be the last time that the device is asked. */
  | { readonly do: 'observe'; readonly health: boolean }
  | { readonly do: 'wait'; readonly for: 'person' | 'device' }

/** One line of the journal and of the audit log. */
export interface LogLine {
  readonly kind: 'intent' | 'outcome' | 'note'
  readonly action: AuditAction
  /** Null: the console did it by itself. */
  readonly by: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Transition {
  readonly state: RunState
  /** Null: go on with what is being done. */
  readonly effect: Effect | null
  /** Empty and the state unchanged: nothing worth a commit. */
  readonly log: readonly LogLine[]
}

export interface Refusal {
  readonly refused: ErrorCode
}

export function isRefusal(step: Transition | Refusal): step is Refusal {
  return 'refused' in step
}

export type Handler<T extends EventType> = (state: RunState, event: EventOf<T>, ctx: Context) => Transition | Refusal
