import { isFinal } from '../../../../shared/model/run.ts'
import type { Handler, LogLine, Transition } from './event.ts'
import type { RunState } from './state.ts'
import { ask, askPerson, go, note, toAttention } from './step.ts'

/** What a phase that was cut short means for going on (DESIGN 7). */
export type RecoveryClass = 'repeat' | 'ask-device' | 'ask-person' | 'none'

/** Nothing was touched: do it again. Something was: only the device knows. A question stays a question. */
export function recoveryClass(state: RunState): RecoveryClass {
  if (isFinal(state.phase)) return 'none'
  if (state.phase === 'attention') return 'ask-person'
  return state.touched ? 'ask-device' : 'repeat'
}

/**
 * The host was gone. Verdicts, goes and attestations of its last life count for nothing; overrides stay,
 * they are decisions about a condition and not statements about a moment.
 */
export const hostRestarted: Handler<'host-restarted'> = (state) => {
  const kind = recoveryClass(state)
  const line = note('run.recovered', { phase: state.phase, class: kind })
  const fresh: RunState = { ...state, consents: [], passed: [], blocked: null, question: null }
  switch (kind) {
    case 'none':
      return go(state, { do: 'end' })
    case 'ask-person':
      return askOnceMore(fresh, state.question, line)
    case 'ask-device':
      return ask(fresh, phaseToAsk(state), line)
    case 'repeat':
      return repeat(fresh, line)
  }
}

/** The same question under a new number. */
function askOnceMore(state: RunState, question: RunState['question'], line: LogLine): Transition {
  const about = state.attention ?? 'unconfirmed'
  return question?.kind === 'attention'
    ? askPerson(state, about, state.reason, question.choices, line)
    : toAttention(state, about, state.reason, line)
}

function repeat(state: RunState, line: LogLine): Transition {
  if (state.phase === 'staging') return go(state, { do: 'stage' }, line)
  if (state.phase === 'awaiting-safe') return go(state, { do: 'prove' }, line)
  return go({ ...state, phase: 'checking' }, { do: 'check' }, line)
}

/** Where to go on once the device has said what it runs. */
function phaseToAsk(state: RunState): RunState['phase'] {
  if (state.undo) return 'rolling-back'
  if (state.phase !== 'awaiting-safe') return state.phase
  switch (state.moment) {
    case 'restart':
      return 'restarting'
    case 'confirm':
      return 'verifying'
    case 'detach':
      return 'detaching'
    case 'write':
    case null:
      return 'writing'
  }
}
