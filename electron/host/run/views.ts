import type { ErrorData } from '../../../shared/errors.ts'
import { type Condition, isAttested } from '../../../shared/model/plan.ts'
import {
  type ConditionView,
  isFinal,
  RUN_STEPS,
  type RunStep,
  type RunSummary,
  type RunView,
} from '../../../shared/model/run.ts'
import type { Frozen } from './frozen.ts'
import type { Live } from './live.ts'
import { CONSENT_MS, holdsAhead } from './machine/demands.ts'
import { canCancel, isPaused, type RunState } from './machine/state.ts'
import type { Now } from './machine/verdict.ts'

export interface Shown {
  readonly id: string
  readonly frozen: Frozen
  readonly state: RunState
  readonly startedAt: number
  /** Null for a run that nobody works on any more. */
  readonly live: Live | null
}

export function summaryOf({ id, frozen, state, startedAt, live }: Shown): RunSummary {
  const { plan, device, profile, images, from, operator } = frozen
  return {
    id,
    plan: plan.id,
    planTitle: plan.title,
    device: device.key,
    deviceName: device.name,
    typeTitle: profile.title,
    phase: state.phase,
    change: Object.fromEntries(
      images.map(({ component, version }) => [component, { from: from[component] ?? null, to: version }]),
    ),
    progress: live?.progress ?? null,
    startedAt,
    endedAt: state.result?.endedAt ?? null,
    actor: operator,
    needsPerson: needsPerson(state),
    reason: reasonOf(state, live),
  }
}

/** Somebody must answer, decide, or make a condition true. */
function needsPerson(state: RunState): boolean {
  if (isFinal(state.phase)) return false
  return (
    state.question !== null ||
    state.phase === 'attention' ||
    (state.phase === 'awaiting-safe' && state.blocked !== null)
  )
}

function reasonOf(state: RunState, live: Live | null): ErrorData | null {
  if (state.result) return state.result.reason
  const blocked = state.phase === 'awaiting-safe' ? (live?.blocked ?? state.blocked) : null
  return live?.storeNote ?? blocked ?? state.reason ?? state.undo?.reason ?? null
}

export function viewOf(shown: Shown, now: Now): RunView {
  const { frozen, state, live } = shown
  return {
    ...summaryOf(shown),
    steps: stepsOf(state, frozen.images.length),
    conditions: frozen.plan.conditions.map((condition) => conditionView(condition, state, live, now)),
    question: state.question,
    holds: isFinal(state.phase) ? [] : [...holdsAhead(frozen.plan, state)],
    hands: handsOf(frozen, state),
    cancelWished: state.cancelWished,
    pauseWished: state.pauseWished,
    paused: isPaused(state),
    canCancel: canCancel(state),
    result: state.result,
    linkNote: live?.linkNote ?? null,
  }
}

export function conditionView(
  condition: Condition,
  state: Pick<RunState, 'consents' | 'overrides'>,
  live: Pick<Live, 'judged'> | null,
  now: Pick<Now, 'host' | 'mono'>,
): ConditionView {
  const { id, title = id, fix = null, at } = condition
  if (isAttested(condition)) {
    const attested = state.consents.some(
      (one) => one.to === 'attest' && one.id === id && one.host === now.host && now.mono - one.mono <= CONSENT_MS,
    )
    const { text } = condition.attest
    const rest = { fix, at, watch: false, reason: null, readings: [], expr: null, override: null }
    return { id, title: condition.title ?? text, state: attested ? 'attested' : 'needs-person', ...rest }
  }
  const seen = live?.judged.get(id)
  const since = seen ? Math.max(0, now.mono - seen.at) : 0
  const overridden = state.overrides.some((one) => one.condition === id)
  return {
    id,
    title,
    fix,
    at,
    watch: condition.watch,
    state: overridden ? 'overridden' : seen?.judgement.holds ? 'holds' : 'fails',
    reason: seen?.judgement.reason ?? null,
    readings: (seen?.judgement.readings ?? []).map((reading) => ({
      ...reading,
      ageMs: reading.ageMs === null ? null : reading.ageMs + since,
    })),
    expr: condition.expr,
    override: condition.override ?? null,
  }
}

/** Where the run is in the sequence that screens draw, and how the places behind it went. */
export function stepsOf(state: RunState, images: number): RunView['steps'] {
  const at = RUN_STEPS.indexOf(stepOf(state, images))
  const success = state.phase === 'succeeded'
  const over = isFinal(state.phase) || state.undo !== null
  return RUN_STEPS.map((id, index) => {
    if (success || index < at) return { id, state: 'done' }
    if (index > at || state.phase === 'cancelled') return { id, state: over ? 'skipped' : 'todo' }
    return { id, state: over ? 'failed' : 'now' }
  })
}

const PHASE_STEPS: { readonly [P in RunState['phase']]?: RunStep } = {
  planned: 'check',
  checking: 'check',
  staging: 'stage',
  detaching: 'write',
  writing: 'write',
  restarting: 'restart',
  verifying: 'verify',
  confirming: 'confirm',
}

function stepOf(state: RunState, images: number): RunStep {
  const plain = state.undo ? undefined : PHASE_STEPS[state.phase]
  if (plain) return plain
  if (state.phase === 'awaiting-safe' && !state.undo) {
    if (state.moment === 'restart' || state.moment === 'confirm') return state.moment
    return state.touched ? 'write' : 'safe'
  }
  // Undoing, asking a person, over: the place is the furthest that was reached.
  if (state.restart !== 'none') return state.restart === 'done' ? 'verify' : 'restart'
  if (state.touched) return state.image >= images ? 'restart' : 'write'
  if (state.traits === null) return 'check'
  return state.staged ? 'safe' : 'stage'
}

/** What the profile says a person must do by hand, at the places where it says so. */
function handsOf({ profile }: Frozen, state: RunState): string | null {
  const at = handsPlace(state)
  const words = profile.hands.filter((one) => one.at === at).map(({ text }) => text)
  return at === null || words.length === 0 ? null : words.join(' ')
}

function handsPlace(state: RunState): Frozen['profile']['hands'][number]['at'] | null {
  if (state.phase === 'unknown' || state.attention === 'device-not-restored') return 'no-answer'
  if (state.phase === 'awaiting-safe' && (state.moment === 'write' || state.moment === 'detach') && !state.undo)
    return 'before-write'
  return state.phase === 'restarting' || (state.phase === 'verifying' && state.asking) ? 'after-restart' : null
}
