import type { Observation } from '../observe.ts'
import { giveUpWriting, isHopeless, mayTryAgain } from './acts.ts'
import type { Context, Handler, LogLine, Transition } from './event.ts'
import type { RunState } from './state.ts'
import { askPerson, end, go, note, reasonOf, restore, toAttention, toSafe, toUndo, wrongVersion } from './step.ts'

/**
 * What follows from what the device says it runs: after each act, and after the console was away. The
 * same rules for both, because a crash and a lost reply leave the same ignorance.
 */
export const observed: Handler<'observed'> = (before, { seen, health }, ctx) => {
  const state = { ...before, seen, ...(health && { healthAfter: health }) }
  const line = note('run.outcome', {
    asked: before.phase,
    runs: seen.runs,
    versions: seen.versions,
    confirmed: seen.confirmed,
  })
  return AFTER[state.phase]?.(state, seen, ctx, line) ?? go(before, null)
}

function afterDetach(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  if (state.closing) return closed(state, seen, ctx, line)
  if (seen.mode === 'bootloader') return toSafe(state, 'write', line)
  if (isHopeless(state)) return giveUpWriting(state, state.trouble ?? reasonOf('run.interrupted'), line)
  return toSafe(state, 'detach', line)
}

function afterWrite(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  if (seen.foreign)
    return toAttention(state, 'foreign-image', reasonOf('device.pending-image', { ...seen.foreign }), line)
  if (seen.runs === 'new') return onNewVersion({ ...state, phase: 'verifying', restart: 'done' }, seen, ctx, line)
  if (seen.runs !== 'old' && !isBare(seen)) {
    return toAttention(state, 'device-not-restored', state.trouble ?? wrongVersion(seen, ctx), line)
  }
  if (state.closing) return closed(state, seen, ctx, line)
  // It has the image, and may start it whenever it restarts: that it runs the old one now is not the whole truth.
  if (state.trouble?.code === 'device.verdict-missed') return end(state, 'unknown', state.trouble, ctx, line)
  if (isHopeless(state)) return giveUpWriting(state, state.trouble ?? reasonOf('run.interrupted'), line)
  return state.image < ctx.images.length ? toSafe(state, 'write', line) : toSafe(state, 'restart', line)
}

/** The boot loader answers, and nothing runs that could be asked for its version. */
function isBare({ runs, mode }: Observation): boolean {
  return runs === 'not-known' && mode === 'bootloader'
}

function afterRestart(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  if (seen.runs !== 'old' && !isBare(seen))
    return onNewVersion({ ...state, phase: 'verifying', restart: 'done' }, seen, ctx, line)
  const never = { ...state, restart: 'none' as const }
  if (state.closing) return closed(never, seen, ctx, line)
  // The device threw the new image away, or cannot be made to start it.
  if (seen.held === false) return giveUpWriting(never, state.trouble ?? reverted(seen), line)
  if (isHopeless(state)) return giveUpWriting(never, state.trouble ?? reasonOf('run.interrupted'), line)
  // The order may have been lost, or the new version may have been tried and left: the next restart tells.
  return toSafe(never, 'restart', line)
}

/** After the restart, and after the confirmation. */
function onNewVersion(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  switch (seen.runs) {
    case 'new':
      if (state.phase === 'verifying') return go({ ...state, asking: false }, { do: 'run-checks' }, line)
      if (seen.confirmed !== false) return end(state, 'succeeded', null, ctx, line)
      return notConfirmed(state, line)
    case 'old':
      // Should its next restart bring the new version after all, it is taken back first.
      if (seen.pending) return giveUpWriting(state, seen.lie ? wrongVersion(seen, ctx) : reverted(seen), line)
      if (seen.lie) return end(state, 'failed', wrongVersion(seen, ctx), ctx, line)
      return end(state, 'rolled-back', reverted(seen), ctx, line)
    case 'not-known':
      // It had its time to start, and its boot loader did not let it.
      if (isBare(seen) && !state.undo) {
        return giveUpWriting(state, reasonOf('device.image-rejected', { reason: 'stays-in-boot-loader' }), line)
      }
      return end(state, 'unknown', reasonOf('device.verdict-missed'), ctx, line)
    case 'mixed':
    case 'other': {
      const reason = wrongVersion(seen, ctx)
      if (state.traits?.rollback && seen.confirmed === false) {
        return toUndo(state, { how: 'rollback', as: 'rolled-back', reason }, line)
      }
      return end(state, 'failed', reason, ctx, line)
    }
  }
}

/** It runs on trial although it was told to confirm: checked and told again, and then a person is asked. */
function notConfirmed(state: RunState, line: LogLine): Transition {
  if (!state.traits?.confirm) return toAttention(state, 'unconfirmed', reasonOf('device.no-confirm'), line)
  if (isHopeless(state) || !mayTryAgain(state)) {
    return toAttention(state, 'unconfirmed', state.trouble ?? reasonOf('device.refused', { what: 'confirm' }), line)
  }
  // A confirmation that failed was counted when it failed.
  const failures = state.trouble ? state.failures : state.failures + 1
  return go({ ...state, phase: 'verifying', asking: false, failures }, { do: 'run-checks' }, line)
}

function afterUndo(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  const { undo } = state
  if (!undo) return end(state, 'failed', state.reason, ctx, line)
  if (seen.runs === 'old' && !seen.pending) {
    // What went wrong on the way no longer matters: the device is as it was.
    return end({ ...state, undo: { ...undo, also: null } }, undo.as, undo.reason, ctx, line)
  }
  if (undo.how === 'rollback') {
    // The order was never given, or may have been lost: it is given again, to a machine proved safe again.
    if (!undo.ordered && !isHopeless(state)) return toSafe(state, 'restart', line)
    const found = Object.values(seen.versions).join(', ')
    return toAttention(state, 'rollback-failed', reasonOf('device.rollback-failed', { found }), line)
  }
  if (seen.runs === 'old' && state.traits?.restore && mayTryAgain(state)) {
    // An attempt that failed was counted when it failed.
    const failures = state.trouble ? state.failures : state.failures + 1
    return restore({ ...state, failures, trouble: null }, line)
  }
  return toAttention(state, 'device-not-restored', undo.reason, line)
}

const AFTER: { readonly [P in RunState['phase']]?: typeof afterDetach } = {
  detaching: afterDetach,
  writing: afterWrite,
  restarting: afterRestart,
  verifying: onNewVersion,
  confirming: onNewVersion,
  'rolling-back': afterUndo,
}

/** A run that only looks for the truth has found it. */
function closed(state: RunState, seen: Observation, ctx: Context, line: LogLine): Transition {
  const reason = state.trouble ?? reasonOf('run.interrupted')
  // An image that waits would be started by the next restart, whoever causes it.
  return seen.pending ? giveUpWriting(state, reason, line) : end(state, 'failed', reason, ctx, line)
}

function reverted(seen: Observation) {
  return reasonOf('device.reverted', { found: Object.values(seen.versions).join(', ') })
}

/** It does not answer for as long as its profile allows. */
export const noAnswer: Handler<'no-answer'> = (state, { reason }, ctx) => {
  const line = note('run.outcome', { asked: state.phase, answer: null, reason })
  const silent = { ...state, seen: null }
  // Once it was told to restart, anything may be running.
  if (state.restart !== 'none' || state.closing) return end(silent, 'unknown', reason, ctx, line)
  return toAttention(silent, 'device-not-restored', state.undo?.reason ?? state.trouble ?? reason, line)
}

export const checksPassed: Handler<'checks-passed'> = (state, _event, ctx) => {
  const line = note('run.outcome', { checks: 'passed', ids: ctx.plan.checks.map(({ id }) => id) })
  return toConfirm(state, line)
}

/** What remains after the checks: making it permanent where that is a thing, and one last look. */
export function toConfirm(state: RunState, ...log: readonly LogLine[]): Transition {
  if (state.seen?.confirmed === false && state.traits?.confirm) return toSafe(state, 'confirm', ...log)
  return go(
    { ...state, phase: 'confirming', asking: true, question: null, attention: null, moment: null, reason: null },
    { do: 'observe', health: true },
    ...log,
  )
}

export const checksFailed: Handler<'checks-failed'> = (state, { reason }, ctx) => {
  const line = note('run.outcome', { checks: 'failed', reason })
  const canGoBack = state.traits?.rollback === true && state.before !== null
  if (ctx.plan.onCheckFail === 'rollback' && canGoBack) {
    return toUndo(state, { how: 'rollback', as: 'rolled-back', reason }, line)
  }
  if (ctx.plan.onCheckFail === 'ask') return toAttention(state, 'checks-failed', reason, line)
  // The plan wants it gone and the device cannot go back: nobody here may decide to keep it.
  return askPerson(state, 'checks-failed', reason, ['check-again', 'give-up'], line)
}
