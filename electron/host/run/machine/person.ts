import { isFinal } from '../../../../shared/model/run.ts'
import { toConfirm } from './device-said.ts'
import type { Context, Handler, LogLine, Transition } from './event.ts'
import { canCancel, mayPause, type RunState } from './state.ts'
import { ask, end, go, note, reasonOf, refuse, toAttention, toUndo } from './step.ts'

/** What people say to a run: answers, wishes to stop, another look. */

export const answeredAttention: Handler<'answered'> = (state, event, ctx) => {
  const { question } = state
  if (question?.kind !== 'attention') return refuse('run.not-waiting')
  if (question.id !== event.question || !question.choices.includes(event.choice)) return refuse('run.wrong-answer')
  const line = note(
    'run.answered',
    { about: question.about, choice: event.choice, ...(event.note !== null && { note: event.note }) },
    event.by,
  )
  const answered = { ...state, timeWaived: state.timeWaived || state.timeUp }
  switch (event.choice) {
    case 'check-again':
      return lookAgain(answered, line)
    case 'confirm-new':
      return toConfirm({ ...answered, also: state.reason }, line)
    case 'roll-back':
      return toUndo(answered, { how: 'rollback', as: 'rolled-back', reason: state.undo?.reason ?? state.reason }, line)
    case 'give-up':
      return giveUp(answered, ctx, line)
    case 'go':
    case 'attest':
      return refuse('run.wrong-answer')
  }
}

export const deviceBack: Handler<'device-back'> = (state) =>
  state.attention === 'device-not-restored' && state.seen === null ? lookAgain(state) : go(state, null)

/** Asks the device once more, where the question came from. */
function lookAgain(state: RunState, ...log: readonly LogLine[]): Transition {
  const again = { ...state, failures: 0, trouble: null }
  switch (state.attention) {
    case 'foreign-image':
      return state.touched
        ? ask(again, 'writing', ...log)
        : go({ ...again, phase: 'checking', attention: null, question: null, reason: null }, { do: 'check' }, ...log)
    case 'device-not-restored':
      return ask(again, state.undo ? 'rolling-back' : 'writing', ...log)
    case 'rollback-failed':
      return ask(again, 'rolling-back', ...log)
    case 'checks-failed':
    case 'unconfirmed':
    case null:
      return ask({ ...again, restart: 'done', also: null }, 'verifying', ...log)
  }
}

/** The person leaves it as it is. What it runs is said only when it was read after the last act. */
function giveUp(state: RunState, ctx: Context, line: LogLine): Transition {
  const known = state.seen !== null && state.seen.runs !== 'not-known'
  const onTrial = state.seen?.runs === 'new' && state.seen.confirmed === false
  const left = onTrial ? reasonOf('device.unconfirmed') : state.also
  const also = state.attention === 'device-not-restored' ? reasonOf('device.not-restored') : left
  return end({ ...state, also }, known || !state.touched ? 'failed' : 'unknown', state.reason, ctx, line)
}

/** A run that ended unknown looks once more; from then on it only finds out, and writes nothing. */
export const checkAgain: Handler<'check-again'> = (state, { by }) => {
  const line = note('run.answered', { choice: 'check-again', phase: state.phase }, by)
  const again = { ...state, result: null, reason: null, trouble: null, failures: 0, closing: true }
  if (state.undo) return ask(again, 'rolling-back', line)
  return ask(again, state.restart === 'none' ? 'writing' : 'verifying', line)
}

export const cancelWished: Handler<'cancel-wished'> = (state, { by }) => {
  if (isFinal(state.phase)) return refuse('run.not-waiting')
  if (state.cancelWished) return go(state, null)
  if (!canCancel(state)) return refuse('run.not-safe-to-stop')
  return go({ ...state, cancelWished: true }, null, note('run.cancel-wished', { phase: state.phase }, by))
}

export const pauseWished: Handler<'pause-wished'> = (state, { on, by }) => {
  if (isFinal(state.phase)) return refuse('run.not-waiting')
  if (state.pauseWished === on) return go(state, null)
  if (on && !mayPause(state)) return refuse('run.not-safe-to-stop')
  const resumed = !on && state.phase === 'awaiting-safe' && mayPause(state)
  const line = note('run.pause-wished', { on, phase: state.phase }, by)
  return go({ ...state, pauseWished: on }, resumed ? { do: 'prove' } : null, line)
}

export const timeUp: Handler<'time-up'> = (state) =>
  state.timeUp ? go(state, null) : go({ ...state, timeUp: true }, null, note('run.condition', { time: 'up' }))

/**
 * Honours wishes and limits at the places where stopping is safe. Runs after every event: a wish that
 * came during an act is honoured when the act is over, and never between restart and confirmation.
 */
export function honourWishes(step: Transition, timeIsUp: Transition['state']['reason'], ctx: Context): Transition {
  const { state, log } = step
  const over = state.timeUp && !state.timeWaived
  if (!state.cancelWished && !over) return step
  const as = state.cancelWished ? 'cancelled' : 'failed'
  const reason = state.cancelWished ? null : timeIsUp
  if (canStopNow(state)) return end(state, as, reason, ctx, ...log)
  if (state.phase === 'awaiting-safe' && state.restart === 'none' && !state.undo) {
    return toUndo(state, { how: 'restore', as, reason }, ...log)
  }
  if (over && state.phase === 'awaiting-safe' && state.moment === 'confirm') {
    return toAttention(state, 'unconfirmed', timeIsUp, ...log)
  }
  return step
}

function canStopNow(state: RunState): boolean {
  if (state.touched) return false
  return ['planned', 'checking', 'staging', 'awaiting-safe', 'attention'].includes(state.phase)
}
