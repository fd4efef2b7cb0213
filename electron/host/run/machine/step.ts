import { AppError, type ErrorCode, type ErrorData, type ErrorDetail } from '../../../../shared/errors.ts'
import type { Moment } from '../../../../shared/model/plan.ts'
import type { AnswerChoice, AttentionKind, FinalPhase, Question } from '../../../../shared/model/run.ts'
import { compareHealth } from '../health.ts'
import type { Observation } from '../observe.ts'
import type { Context, Effect, LogLine, Refusal, Transition } from './event.ts'
import type { RunState, Undo } from './state.ts'

export function go(state: RunState, effect: Effect | null, ...log: readonly LogLine[]): Transition {
  return { state, effect, log }
}

export function refuse(refused: ErrorCode): Refusal {
  return { refused }
}

export function reasonOf(code: ErrorCode, detail: ErrorDetail = {}): ErrorData {
  return new AppError(code, { detail }).toData()
}

export function note(action: LogLine['action'], detail: LogLine['detail'] = {}, by: string | null = null): LogLine {
  return { kind: 'note', action, by, detail }
}

/** Everything that belonged to the place that is left. */
const LEFT = { asking: false, moment: null, blocked: null, question: null, attention: null } as const

/** Proves the safe state for an act. The act follows from the moment, and from `undo` for a restart. */
export function toSafe(state: RunState, moment: Moment, ...log: readonly LogLine[]): Transition {
  return go({ ...state, ...LEFT, phase: 'awaiting-safe', moment, reason: null }, { do: 'prove' }, ...log)
}

/** Asks the device what it runs before anything else. */
export function ask(state: RunState, phase: RunState['phase'], ...log: readonly LogLine[]): Transition {
  const last = phase === 'confirming' || phase === 'rolling-back'
  return go({ ...state, ...LEFT, phase, asking: true }, { do: 'observe', health: last }, ...log)
}

/** Takes back what was begun. What needs a restart needs a safe state first. */
export function toUndo(state: RunState, undo: Omit<Undo, 'also' | 'ordered'>, ...log: readonly LogLine[]): Transition {
  const undoing = { ...state, undo: { ...undo, ordered: false, also: null }, failures: 0, trouble: null }
  if (undo.how === 'rollback') return toSafe(undoing, 'restart', ...log)
  if (!state.traits?.restore) return ask(undoing, 'rolling-back', ...log)
  return restore(undoing, ...log)
}

/** The one act that needs no safe state: it only takes back what was written to where nothing runs. */
export function restore(state: RunState, ...log: readonly LogLine[]): Transition {
  const intent: LogLine = { kind: 'intent', action: 'run.intent', by: null, detail: { act: 'restore' } }
  return go({ ...state, ...LEFT, phase: 'rolling-back', seen: null }, { do: 'restore' }, ...log, intent)
}

const CHOICES: Readonly<Record<AttentionKind, readonly AnswerChoice[]>> = {
  'checks-failed': ['roll-back', 'confirm-new', 'check-again', 'give-up'],
  unconfirmed: ['confirm-new', 'roll-back', 'check-again', 'give-up'],
  'device-not-restored': ['check-again', 'give-up'],
  'foreign-image': ['check-again', 'give-up'],
  'rollback-failed': ['roll-back', 'check-again', 'give-up'],
}

/** A question that only a person can answer. Offered is only what the device can do. */
export function toAttention(
  state: RunState,
  about: AttentionKind,
  reason: ErrorData | null,
  ...log: readonly LogLine[]
): Transition {
  const choices = CHOICES[about].filter((choice) => {
    if (choice === 'roll-back') return state.traits?.rollback === true && state.before !== null
    return choice !== 'confirm-new' || state.seen?.runs === 'new'
  })
  return askPerson(state, about, reason, choices, ...log)
}

export function askPerson(
  state: RunState,
  about: AttentionKind,
  reason: ErrorData | null,
  choices: readonly AnswerChoice[],
  ...log: readonly LogLine[]
): Transition {
  const asked = nextQuestion(state, (id) => ({ kind: 'attention', id, about, reason, choices: [...choices] }))
  return go(
    { ...state, ...LEFT, phase: 'attention', attention: about, reason, ...asked },
    // A cable that is plugged in again is an answer too.
    { do: 'wait', for: about === 'device-not-restored' && state.seen === null ? 'device' : 'person' },
    ...log,
  )
}

export function nextQuestion(state: RunState, make: (id: string) => Question) {
  const questions = state.questions + 1
  return { question: make(`q${questions}`), questions }
}

/** The end, in terms of what the device said after the last act. */
export function end(
  state: RunState,
  outcome: FinalPhase,
  reason: ErrorData | null,
  ctx: Context,
  ...log: readonly LogLine[]
): Transition {
  const { seen } = state
  const result = {
    outcome,
    reason,
    readBack: seen?.versions ?? null,
    device: deviceRuns(seen),
    also: state.undo?.also ?? state.also,
    health: compareHealth(ctx.profile, state.healthBefore, state.healthAfter),
    endedAt: ctx.now.wall,
  }
  return go({ ...state, ...LEFT, phase: outcome, reason, result }, { do: 'end' }, ...log)
}

function deviceRuns(seen: Observation | null): 'runs-new' | 'runs-old' | 'runs-other' | 'not-known' {
  switch (seen?.runs) {
    case 'new':
      return 'runs-new'
    case 'old':
      return 'runs-old'
    case 'mixed':
    case 'other':
      return 'runs-other'
    case 'not-known':
    case undefined:
      return 'not-known'
  }
}

/** `device.wrong-version` with what it says and what it should. */
export function wrongVersion(seen: Observation, ctx: Context): ErrorData {
  const image = ctx.images.find(({ component }) => component === seen.lie?.component) ?? ctx.images[0]
  const component = image?.component ?? ''
  return reasonOf('device.wrong-version', {
    component,
    found: seen.versions[component] ?? null,
    expected: image?.version ?? null,
    // It names the new version, and its own hash says that something else runs.
    lying: seen.lie !== null,
  })
}
