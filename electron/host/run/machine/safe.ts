import { isAttested, type Moment } from '../../../../shared/model/plan.ts'
import { attestationBefore, holdBefore, holdsPassedBy, measuredFor } from './demands.ts'
import type { Context, Effect, Handler, LogLine, Transition } from './event.ts'
import { type Consent, isPaused, type RunState } from './state.ts'
import { go, nextQuestion, note, refuse, toAttention } from './step.ts'
import { isFresh, type Verdict } from './verdict.ts'

/** `awaiting-safe`: the only door to an act that cannot be taken back. */

/** Nothing at the machine will mend these. */
const FOREVER = /^(?:trust|people)\.|^plan\.(?:expired|not-yet)$/

export const blocked: Handler<'blocked'> = (state, { reason }) => {
  const key = ({ code, detail }: typeof reason) => [code, detail.condition, detail.signal].join()
  if (state.blocked && key(state.blocked) === key(reason)) return go(state, null)
  // It runs on trial and may not be made permanent: waiting would leave that to the next power cut.
  if (state.moment === 'confirm' && FOREVER.test(reason.code)) return toAttention(state, 'unconfirmed', reason)
  return go({ ...state, blocked: reason }, null, note('run.condition', { holds: false, reason }))
}

export const proved: Handler<'proved'> = (state, { verdict }, ctx) => {
  const { moment } = state
  if (moment === null || isPaused(state)) return go(state, null)
  if (!isFresh(verdict, moment, ctx.now)) return go(state, null)
  const missing = measuredFor(ctx.plan, moment, state).filter((id) => !verdict.conditions.includes(id))
  if (missing.length > 0) return go(state, null)
  const clear = state.blocked ? { ...state, blocked: null } : state
  const log = state.blocked ? [note('run.condition', { holds: true, moment })] : []
  return askPeople(clear, moment, ctx, log) ?? begin(clear, moment, verdict, ctx, log)
}

/** People are asked last, when nothing but their word is missing. */
function askPeople(state: RunState, moment: Moment, ctx: Context, log: readonly LogLine[]): Transition | null {
  if (state.question) return go(state, null, ...log)
  const at = holdBefore(ctx.plan, moment, state, ctx.now)
  if (at) {
    const asked = nextQuestion(state, (id) => ({ kind: 'hold', id, at, choices: ['go'] }))
    return go({ ...state, ...asked }, null, ...log, note('run.condition', { hold: at }))
  }
  const condition = attestationBefore(ctx.plan, moment, state, ctx.now)
  if (!condition) return null
  const { text, evidence } = condition.attest
  const asked = nextQuestion(state, (id) => ({
    kind: 'attest',
    id,
    condition: condition.id,
    text,
    evidence,
    choices: ['attest'],
  }))
  return go({ ...state, ...asked }, null, ...log, note('run.condition', { attest: condition.id }))
}

/** The act itself. Consumes the verdict: it goes into the effect and nowhere else. */
function begin(state: RunState, moment: Moment, verdict: Verdict, ctx: Context, log: readonly LogLine[]): Transition {
  const passed = [...new Set([...state.passed, ...holdsPassedBy(moment, state.traits, ctx.plan)])]
  const acting: RunState = { ...state, moment: null, touched: true, seen: null, passed, trouble: null }
  const { phase, effect } = actFor(state, moment, verdict)
  const restart = effect.do === 'restart' ? 'ordered' : state.restart
  const image = effect.do === 'write' ? ctx.images[effect.image] : undefined
  const intent: LogLine = {
    kind: 'intent',
    action: 'run.intent',
    by: null,
    detail: {
      act: effect.do,
      ...(image && { component: image.component, version: image.version, sha256: image.sha256 }),
      conditions: verdict.conditions,
      overridden: state.overrides.map(({ condition }) => condition),
      attested: consentsTo(state, 'attest', moment),
      goodForMs: Math.round(verdict.goodForMs),
    },
  }
  return go({ ...acting, phase, restart }, effect, ...log, intent)
}

function actFor(state: RunState, moment: Moment, verdict: Verdict): { phase: RunState['phase']; effect: Effect } {
  switch (moment) {
    case 'detach':
      return { phase: 'detaching', effect: { do: 'detach', verdict } }
    case 'write':
      return { phase: 'writing', effect: { do: 'write', image: state.image, verdict } }
    case 'restart':
      return state.undo
        ? { phase: 'rolling-back', effect: { do: 'roll-back', verdict } }
        : { phase: 'restarting', effect: { do: 'restart', verdict } }
    case 'confirm':
      return { phase: 'confirming', effect: { do: 'confirm', verdict } }
  }
}

function consentsTo(state: RunState, to: Consent['to'], moment: Moment): { id: string; by: string }[] {
  return state.consents.filter((one) => one.to === to && one.moment === moment).map(({ id, by }) => ({ id, by }))
}

/** Go at a hold point, or the word that an attested condition is true. */
export const answeredWhileProving: Handler<'answered'> = (state, event, ctx) => {
  const { question, moment } = state
  if (!question || moment === null) return refuse('run.not-waiting')
  if (question.id !== event.question || !question.choices.includes(event.choice)) return refuse('run.wrong-answer')
  // Evidence is part of the answer.
  if (question.kind === 'attest' && question.evidence === 'note' && !event.note?.trim())
    return refuse('run.wrong-answer')
  const consent: Consent = {
    to: question.kind === 'hold' ? 'hold' : 'attest',
    id: question.kind === 'hold' ? question.at : question.kind === 'attest' ? question.condition : question.about,
    moment,
    by: event.by,
    host: ctx.now.host,
    mono: ctx.now.mono,
  }
  const others = state.consents.filter(
    ({ to, id, moment: at }) => to !== consent.to || id !== consent.id || at !== moment,
  )
  const action = consent.to === 'attest' ? 'run.attested' : 'run.answered'
  const detail = {
    [consent.to]: consent.id,
    moment,
    choice: event.choice,
    ...(event.note !== null && { note: event.note }),
  }
  return go(
    { ...state, question: null, consents: [...others, consent] },
    { do: 'prove' },
    note(action, detail, event.by),
  )
}

/** Lets one measured condition be false. Who may, and whether two must, was checked where people are known. */
export const overridden: Handler<'overridden'> = (state, { condition, by, second, reason }, ctx) => {
  const found = ctx.plan.conditions.find(({ id }) => id === condition)
  if (!found || isAttested(found) || !found.override) return refuse('run.override-not-allowed')
  if (found.override.twoPerson && (second === null || second === by)) return refuse('run.override-not-allowed')
  const overrides = [...state.overrides.filter((one) => one.condition !== condition), { condition, by, second, reason }]
  const line = note('run.overridden', { condition, second, reason }, by)
  return go({ ...state, overrides }, state.phase === 'awaiting-safe' && !isPaused(state) ? { do: 'prove' } : null, line)
}
