import type { ErrorData } from '../../../../shared/errors.ts'
import type { Moment } from '../../../../shared/model/plan.ts'
import type { EventOf, Handler, LogLine, Transition } from './event.ts'
import type { RunState } from './state.ts'
import { ask, go, note, toSafe, toUndo } from './step.ts'

/** How acts end. What the device then runs is never concluded here: it is asked. */

/** An act that fails this often in a row without getting anywhere is given up. */
const MOST_FAILURES = 3

function outcome(event: { readonly act: string }, detail: LogLine['detail']): LogLine {
  return { kind: 'outcome', action: 'run.outcome', by: null, detail: { act: event.act, ...detail } }
}

/** The verdict lapsed between the intent and the act: nothing was done, so it is proved again. */
export function lapsed(moment: Moment): Handler<'act-lapsed'> {
  return (state, event) => {
    const restart = moment === 'restart' && !state.undo ? 'none' : state.restart
    return toSafe({ ...state, restart }, moment, outcome(event, { done: false, reason: event.reason }))
  }
}

export const detached: Handler<'act-done'> = (state, event) =>
  toSafe({ ...state, failures: 0 }, 'write', outcome(event, { done: true }))

export const written: Handler<'act-done'> = (state, event, ctx) => {
  const next = { ...state, image: state.image + 1, failures: 0 }
  const line = outcome(event, { done: true, component: ctx.images[state.image]?.component ?? null, ...event.detail })
  if (next.image < ctx.images.length) return toSafe(next, 'write', line)
  if (!state.traits?.restartsItself) return toSafe(next, 'restart', line)
  return go({ ...next, phase: 'restarting', restart: 'ordered' }, { do: 'await-return' }, line)
}

/** The device has taken the order; whether it comes back is another matter. */
export const ordered: Handler<'act-done'> = (state, event) => awaitReturn(state, event)

function awaitReturn(state: RunState, event: EventOf<'act-done'>): Transition {
  return go(state, { do: 'await-return' }, outcome(event, { done: true }))
}

export const confirmDone: Handler<'act-done'> = (state, event) =>
  ask(state, 'confirming', outcome(event, { done: true }))

export const undone: Handler<'act-done'> = (state, event) =>
  event.act === 'roll-back'
    ? awaitReturn({ ...state, undo: state.undo && { ...state.undo, ordered: true } }, event)
    : ask(state, 'rolling-back', outcome(event, { done: true }))

/** Asks the device what came of it, and remembers why it was asked. */
export const failed: Handler<'act-failed'> = (state, event) => {
  const failures = event.progressed ? 0 : state.failures + 1
  const line = outcome(event, { done: false, error: event.error })
  return ask({ ...state, failures, trouble: event.error }, state.phase, line)
}

export const undoFailed: Handler<'act-failed'> = (state, event) => {
  const undo = state.undo && { ...state.undo, also: event.error }
  const failing = { ...state, undo, failures: state.failures + 1, trouble: event.error }
  return ask(failing, 'rolling-back', outcome(event, { done: false, error: event.error }))
}

/** We stopped a write: the safe state was lost, or somebody wished it. What was said before no longer counts. */
export const stopped: Handler<'act-stopped'> = (state, event) => {
  const safeAgain = toSafe(
    { ...state, consents: [], passed: [], failures: 0 },
    'write',
    outcome(event, { done: false, reason: event.reason }),
  )
  return { ...safeAgain, state: { ...safeAgain.state, blocked: event.reason } }
}

/** An undo that did not hold is tried again, as often as an act. */
export function mayTryAgain(state: RunState): boolean {
  return state.failures < MOST_FAILURES
}

/** Is it of no use to try the same act again? */
export function isHopeless(state: RunState): boolean {
  return (
    state.trouble !== null &&
    (state.trouble.retry === 'never' || FINAL_CODES.has(state.trouble.code) || state.failures >= MOST_FAILURES)
  )
}

/** Refusals that the device means: the same bytes would be refused again. */
const FINAL_CODES: ReadonlySet<ErrorData['code']> = new Set([
  'device.refused',
  'device.image-rejected',
  'device.incompatible',
  'device.forward-failed',
  'device.signature-rejected',
  'device.no-slot',
  'device.script-failed',
  'device.verify-key',
  'device.unauthorised',
  'device.identity-changed',
  'artifact.missing',
])

/** What the device did by itself after it was told to restart. */
export const returned: Handler<'returned'> = (state) =>
  state.undo
    ? ask(state, 'rolling-back', note('run.outcome', { returned: true }))
    : ask({ ...state, restart: 'done' }, 'verifying', note('run.outcome', { returned: true }))

export function giveUpWriting(state: RunState, reason: ErrorData, ...log: readonly LogLine[]): Transition {
  return toUndo(state, { how: 'restore', as: 'failed', reason }, ...log)
}
