import { z } from 'zod'
import { DeviceKey } from './device.ts'
import { ErrorDataSchema } from './error-data.ts'
import { HoldPoint, Moment } from './plan.ts'
import { SignalValue } from './reading.ts'
import { Slug } from './text.ts'

/** Where a run is. The ones after `confirming` are endings, or wait for a person. */
export const Phase = z.enum([
  'planned',
  'checking',
  'staging',
  'awaiting-safe',
  'detaching',
  'writing',
  'restarting',
  'verifying',
  'confirming',
  'succeeded',
  'rolling-back',
  'rolled-back',
  'failed',
  'cancelled',
  /** The console does not know what the device runs. Never called failed. */
  'unknown',
  /** A named question that only a person can answer. */
  'attention',
])
export type Phase = z.infer<typeof Phase>

export const FINAL_PHASES = ['succeeded', 'rolled-back', 'failed', 'cancelled', 'unknown'] as const
export type FinalPhase = (typeof FINAL_PHASES)[number]

export function isFinal(phase: Phase): phase is FinalPhase {
  return (FINAL_PHASES as readonly Phase[]).includes(phase)
}

/** What a screen shows as the sequence; several phases can share a step. */
export const RunStep = z.enum(['check', 'stage', 'safe', 'write', 'restart', 'verify', 'confirm'])
export type RunStep = z.infer<typeof RunStep>
export const RUN_STEPS: readonly RunStep[] = RunStep.options

/** Never goes backwards within a step. Bytes where there are bytes, otherwise parts of `total`. */
export const Progress = z.object({
  step: RunStep,
  index: z.int(),
  of: z.int(),
  done: z.number(),
  total: z.number(),
  /** Bytes a second over the last few seconds; null while unknown or where `total` is not bytes. */
  rate: z.number().nullable(),
  etaMs: z.number().nullable(),
})
export type Progress = z.infer<typeof Progress>

export const ConditionReading = z.object({
  signal: z.string(),
  title: z.string(),
  value: SignalValue.nullable(),
  unit: z.string(),
  ageMs: z.number().nullable(),
})

export const ConditionView = z.object({
  id: Slug,
  title: z.string(),
  fix: z.string().nullable(),
  at: z.array(Moment),
  watch: z.boolean(),
  state: z.enum(['holds', 'fails', 'needs-person', 'attested', 'overridden']),
  reason: ErrorDataSchema.nullable(),
  readings: z.array(ConditionReading),
  /** The expression as signed, for the person who wants to know exactly. Null for attestations. */
  expr: z.string().nullable(),
  override: z.object({ roles: z.array(z.string()), twoPerson: z.boolean() }).nullable(),
})
export type ConditionView = z.infer<typeof ConditionView>

/** What `attention` can ask. Each has its sentence and its choices in `renderer/text/`. */
export const AttentionKind = z.enum([
  /** The checks of the plan did not come true on the new version and the plan says to ask. */
  'checks-failed',
  /** The device runs the new version on trial and is not confirmed; its checks were cut short. */
  'unconfirmed',
  /** A write ended without success and the device does not answer as it did before. */
  'device-not-restored',
  /** Another image waits in the device's slot, put there by somebody else. */
  'foreign-image',
  /** Rolling back did not bring the old version back. */
  'rollback-failed',
])
export type AttentionKind = z.infer<typeof AttentionKind>

export const AnswerChoice = z.enum(['go', 'confirm-new', 'roll-back', 'check-again', 'give-up', 'attest'])
export type AnswerChoice = z.infer<typeof AnswerChoice>

/** The one thing a run waits for a person to say. */
export const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hold'), id: z.string(), at: HoldPoint, choices: z.array(AnswerChoice) }),
  z.object({
    kind: z.literal('attest'),
    id: z.string(),
    condition: Slug,
    text: z.string(),
    evidence: z.enum(['none', 'note']),
    choices: z.array(AnswerChoice),
  }),
  z.object({
    kind: z.literal('attention'),
    id: z.string(),
    about: AttentionKind,
    reason: ErrorDataSchema.nullable(),
    choices: z.array(AnswerChoice),
  }),
])
export type Question = z.infer<typeof Question>

export const HealthMark = z.object({
  signal: z.string(),
  title: z.string(),
  unit: z.string(),
  before: SignalValue.nullable(),
  after: SignalValue.nullable(),
  verdict: z.enum(['same', 'better', 'worse', 'changed', 'unknown']),
})
export type HealthMark = z.infer<typeof HealthMark>

/** How a run ended, in terms of the device and not of the console's hopes. */
export const RunResult = z.object({
  outcome: z.enum(FINAL_PHASES),
  reason: ErrorDataSchema.nullable(),
  /** What was read back from the device, by component, after the last act. */
  readBack: z.record(Slug, z.string().nullable()).nullable(),
  device: z.enum(['runs-new', 'runs-old', 'runs-other', 'not-known']),
  /** A second thing that went wrong, such as "and the device could not be restarted". */
  also: ErrorDataSchema.nullable(),
  health: z.array(HealthMark),
  endedAt: z.number(),
})
export type RunResult = z.infer<typeof RunResult>

export const RunSummary = z.object({
  id: z.string(),
  plan: Slug,
  planTitle: z.string(),
  device: DeviceKey,
  deviceName: z.string(),
  typeTitle: z.string(),
  phase: Phase,
  /** Old and new version by component. */
  change: z.record(Slug, z.object({ from: z.string().nullable(), to: z.string() })),
  progress: Progress.nullable(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  actor: z.string(),
  needsPerson: z.boolean(),
  reason: ErrorDataSchema.nullable(),
})
export type RunSummary = z.infer<typeof RunSummary>

export const RunView = RunSummary.extend({
  steps: z.array(z.object({ id: RunStep, state: z.enum(['todo', 'now', 'done', 'failed', 'skipped']) })),
  conditions: z.array(ConditionView),
  question: Question.nullable(),
  /** Hold points of the plan that this run has not passed yet, in order: a person is asked there. */
  holds: z.array(HoldPoint),
  /** What a person must do by hand now, in the words of the profile. */
  hands: z.string().nullable(),
  /** A cancel was asked for and will be honoured at the next safe point. */
  cancelWished: z.boolean(),
  pauseWished: z.boolean(),
  paused: z.boolean(),
  canCancel: z.boolean(),
  result: RunResult.nullable(),
  linkNote: ErrorDataSchema.nullable(),
})
export type RunView = z.infer<typeof RunView>
