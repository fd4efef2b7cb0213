import type { ErrorCode } from '../../../../shared/errors.ts'
import { durationMs } from '../../../../shared/model/duration.ts'
import { isFinal, type Phase } from '../../../../shared/model/run.ts'
import * as acts from './acts.ts'
import * as device from './device-said.ts'
import {
  type Context,
  type EventOf,
  type EventType,
  type Handler,
  isRefusal,
  type LogLine,
  type Refusal,
  type RunEvent,
  type Transition,
} from './event.ts'
import * as person from './person.ts'
import * as prepare from './prepare.ts'
import { hostRestarted } from './recover.ts'
import * as safe from './safe.ts'
import { type RunState, spent } from './state.ts'
import { go, reasonOf, refuse } from './step.ts'

/** What a phase does with an event: handle it, refuse it with a code, or let it pass because it came too late. */
type Cell<T extends EventType> = Handler<T> | ErrorCode | 'late'
type Row = { readonly [T in EventType]: Cell<T> }

/** Events of the engine that a phase does not wait for are leftovers of what was superseded. */
const LATE: Row = {
  start: 'late',
  checked: 'late',
  staged: 'late',
  refused: 'late',
  blocked: 'late',
  proved: 'late',
  'act-lapsed': 'late',
  'act-done': 'late',
  'act-failed': 'late',
  'act-stopped': 'late',
  returned: 'late',
  observed: 'late',
  'no-answer': 'late',
  'checks-passed': 'late',
  'checks-failed': 'late',
  answered: 'run.not-waiting',
  overridden: safe.overridden,
  'cancel-wished': person.cancelWished,
  'pause-wished': person.pauseWished,
  'check-again': 'run.not-final',
  'device-back': 'late',
  'time-up': person.timeUp,
  'host-restarted': hostRestarted,
}

const OVER: Row = { ...LATE, overridden: 'run.not-waiting', 'time-up': 'late' }

const asking = { observed: device.observed, 'no-answer': device.noAnswer }

/** The table: every phase, every event. */
export const TABLE: { readonly [P in Phase]: Row } = {
  planned: { ...LATE, start: prepare.start, refused: prepare.refusedEarly },
  checking: { ...LATE, checked: prepare.checked, refused: prepare.refusedEarly },
  staging: { ...LATE, staged: prepare.staged, refused: prepare.refusedEarly },
  'awaiting-safe': {
    ...LATE,
    blocked: safe.blocked,
    proved: safe.proved,
    answered: safe.answeredWhileProving,
  },
  detaching: {
    ...LATE,
    ...asking,
    'act-done': acts.detached,
    'act-failed': acts.failed,
    'act-lapsed': acts.lapsed('detach'),
  },
  writing: {
    ...LATE,
    ...asking,
    'act-done': acts.written,
    'act-failed': acts.failed,
    'act-stopped': acts.stopped,
    'act-lapsed': acts.lapsed('write'),
  },
  restarting: {
    ...LATE,
    ...asking,
    'act-done': acts.ordered,
    'act-failed': acts.failed,
    'act-lapsed': acts.lapsed('restart'),
    returned: acts.returned,
  },
  verifying: {
    ...LATE,
    ...asking,
    'checks-passed': device.checksPassed,
    'checks-failed': device.checksFailed,
  },
  confirming: {
    ...LATE,
    ...asking,
    'act-done': acts.confirmDone,
    'act-failed': acts.failed,
    'act-lapsed': acts.lapsed('confirm'),
  },
  'rolling-back': {
    ...LATE,
    ...asking,
    'act-done': acts.undone,
    'act-failed': acts.undoFailed,
    'act-lapsed': acts.lapsed('restart'),
    returned: acts.returned,
  },
  attention: { ...LATE, answered: person.answeredAttention, 'device-back': person.deviceBack },
  unknown: { ...OVER, 'check-again': person.checkAgain },
  succeeded: OVER,
  'rolled-back': OVER,
  failed: OVER,
  cancelled: OVER,
}

/**
 * The whole behaviour of a run: state and event in, state, next effect and log out. Pure. A refusal
 * changes nothing and carries the code for whoever asked.
 */
export function next(before: RunState, event: RunEvent, ctx: Context): Transition | Refusal {
  const state: RunState = { ...before, spentMs: spent(before, ctx.now), stamp: { ...ctx.now } }
  const step = apply(state, event, ctx)
  if (isRefusal(step)) return step
  const limitMs = ctx.plan.limits.maxDuration === undefined ? null : durationMs(ctx.plan.limits.maxDuration)
  const settled = person.honourWishes(step, reasonOf('run.took-too-long', { limitMs }), ctx)
  return { ...settled, log: [...settled.log, ...milestones(before, settled.state)] }
}

function apply<T extends EventType>(state: RunState, event: EventOf<T>, ctx: Context): Transition | Refusal {
  const cell: Cell<T> = TABLE[state.phase][event.type]
  if (cell === 'late') return go(state, null)
  if (typeof cell === 'string') return refuse(cell)
  // What an asking run has been told by an act that was cut short is answered by the device itself.
  if (state.asking && UNASKED.has(event.type)) return go(state, null)
  if (!state.asking && event.type === 'observed') return go(state, null)
  if (!state.asking && event.type === 'no-answer' && !WAITING.has(state.phase)) return go(state, null)
  return cell(state, event, ctx)
}

/** Phases in which the device is waited for without being asked: for its return, for its checks. */
const WAITING: ReadonlySet<Phase> = new Set(['restarting', 'rolling-back', 'verifying'])

const UNASKED: ReadonlySet<EventType> = new Set([
  'act-done',
  'act-failed',
  'act-stopped',
  'act-lapsed',
  'returned',
  'checks-passed',
  'checks-failed',
])

/** A change of phase and an ending are entries of their own: whoever reads the log later looks for them. */
function milestones(before: RunState, after: RunState): LogLine[] {
  if (before.phase === after.phase) return []
  const moved: LogLine = {
    kind: 'note',
    action: 'run.phase',
    by: null,
    detail: { from: before.phase, to: after.phase, ...(after.moment && { moment: after.moment }) },
  }
  if (!isFinal(after.phase)) return [moved]
  return [moved, { kind: 'outcome', action: 'run.ended', by: null, detail: { ...after.result } }]
}
