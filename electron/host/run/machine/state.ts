import { z } from 'zod'
import { ErrorDataSchema } from '../../../../shared/model/error-data.ts'
import { HoldPoint, Moment } from '../../../../shared/model/plan.ts'
import { SignalValue } from '../../../../shared/model/reading.ts'
import { AttentionKind, Phase, Question, RunResult } from '../../../../shared/model/run.ts'
import { Slug } from '../../../../shared/model/text.ts'
import { Observation, Snapshot } from '../observe.ts'
import type { Now } from './verdict.ts'

/** What the driver of this device can do, as found when the run first met it. */
export const Traits = z.object({
  trialBoot: z.boolean(),
  stoppable: z.boolean(),
  detach: z.boolean(),
  confirm: z.boolean(),
  rollback: z.boolean(),
  restore: z.boolean(),
  /** A successful write restarts the device without being asked: writing needs what restarting needs. */
  restartsItself: z.boolean(),
})
export type Traits = z.infer<typeof Traits>

/** Values by signal; null: it could not be read. */
export const Health = z.record(z.string(), SignalValue.nullable())
export type Health = z.infer<typeof Health>

/** How the run is being brought to an end other than success, and what it will then be called. */
export const Undo = z.object({
  /** `restore`: the device still runs the old version. `rollback`: it must be restarted into it. */
  how: z.enum(['restore', 'rollback']),
  as: z.enum(['failed', 'cancelled', 'rolled-back']),
  reason: ErrorDataSchema.nullable(),
  /** The device took the order to go back. */
  ordered: z.boolean(),
  /** What went wrong while undoing. */
  also: ErrorDataSchema.nullable(),
})
export type Undo = z.infer<typeof Undo>

/** A person's word for one moment of this run. It lapses; see CONSENT_MS. */
export const Consent = z.object({
  to: z.enum(['hold', 'attest']),
  /** Hold point or condition. */
  id: z.string(),
  moment: Moment,
  by: z.string(),
  host: z.string(),
  mono: z.number(),
})
export type Consent = z.infer<typeof Consent>

export const OverrideMark = z.object({
  condition: Slug,
  by: z.string(),
  second: z.string().nullable(),
  reason: z.string(),
})

/**
 * All that a run remembers: what recovery starts from. Written in the same transaction as the audit
 * entries that explain it. `v` is raised with every change that older text would not fit.
 */
export const RunState = z.strictObject({
  v: z.literal(1),
  phase: Phase,
  /** The device is being asked what it runs; nothing else happens until it has said, or has not. */
  asking: z.boolean(),
  traits: Traits.nullable(),
  /** Everything is on board and whole. */
  staged: z.boolean(),
  /** The next image to write; as many as there are images once all are written. */
  image: z.int().min(0),
  /** An act on the device was ordered: from here on only the device can say what it runs. */
  touched: z.boolean(),
  /** Whether the new version was told to start. `ordered`: it is not known whether the device took the order. */
  restart: z.enum(['none', 'ordered', 'done']),
  before: Snapshot.nullable(),
  /** What the device said after the last act. Null: not asked since. */
  seen: Observation.nullable(),
  healthBefore: Health,
  healthAfter: Health,
  /** What `awaiting-safe` proves the safe state for. */
  moment: Moment.nullable(),
  /** Why it is not safe yet. */
  blocked: ErrorDataSchema.nullable(),
  question: Question.nullable(),
  /** Questions asked so far: each has its own number, so that an old answer fits none. */
  questions: z.int(),
  consents: z.array(Consent),
  /** Hold points passed. */
  passed: z.array(HoldPoint),
  overrides: z.array(OverrideMark),
  /** Acts that failed in a row without getting anywhere. */
  failures: z.int(),
  /** The last act's error. */
  trouble: ErrorDataSchema.nullable(),
  undo: Undo.nullable(),
  attention: AttentionKind.nullable(),
  /** Why it needs attention, or why it ended. */
  reason: ErrorDataSchema.nullable(),
  /** A second thing that belongs into the report, such as a failed check that a person accepted. */
  also: ErrorDataSchema.nullable(),
  cancelWished: z.boolean(),
  pauseWished: z.boolean(),
  /** The plan's longest duration is over. */
  timeUp: z.boolean(),
  /** A person answered after the time was up: it no longer counts. */
  timeWaived: z.boolean(),
  /** The run had ended and only looks for the truth: it writes no more. */
  closing: z.boolean(),
  /** Time spent so far, ms, and the moment up to which it is counted. */
  spentMs: z.number(),
  stamp: z.object({ host: z.string(), mono: z.number(), wall: z.number() }),
  result: RunResult.nullable(),
})
export type RunState = z.infer<typeof RunState>

export function initialState(now: Now): RunState {
  return {
    v: 1,
    phase: 'planned',
    asking: false,
    traits: null,
    staged: false,
    image: 0,
    touched: false,
    restart: 'none',
    before: null,
    seen: null,
    healthBefore: {},
    healthAfter: {},
    moment: null,
    blocked: null,
    question: null,
    questions: 0,
    consents: [],
    passed: [],
    overrides: [],
    failures: 0,
    trouble: null,
    undo: null,
    attention: null,
    reason: null,
    also: null,
    cancelWished: false,
    pauseWished: false,
    timeUp: false,
    timeWaived: false,
    closing: false,
    spentMs: 0,
    stamp: { ...now },
    result: null,
  }
}

/** Time that the run has taken, ms, counting also what passed while the host was not there. Never shrinks. */
export function spent(state: RunState, now: Now): number {
  const { host, mono, wall } = state.stamp
  return state.spentMs + Math.max(0, host === now.host ? now.mono - mono : now.wall - wall)
}

/** Nothing irreversible happens while it is paused. */
export function isPaused(state: RunState): boolean {
  return state.pauseWished && state.phase === 'awaiting-safe' && mayPause(state)
}

/** Between restart and confirmation, and while something is undone, standing still is the dangerous thing. */
export function mayPause(state: RunState): boolean {
  return state.restart === 'none' && state.undo === null
}

const CANCELLABLE: readonly RunState['phase'][] = [
  'planned',
  'checking',
  'staging',
  'awaiting-safe',
  'detaching',
  'writing',
]

/** May a wish to stop still be honoured with the old version kept? */
export function canCancel(state: RunState): boolean {
  if (state.cancelWished || state.undo || state.restart !== 'none') return false
  return CANCELLABLE.includes(state.phase) || (state.phase === 'attention' && !state.touched)
}
