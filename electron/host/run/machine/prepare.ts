import type { Handler } from './event.ts'
import { end, go, note, reasonOf, toAttention, toSafe } from './step.ts'

/** The phases before the device is touched: planned, checking, staging. */

export const start: Handler<'start'> = (state) => go({ ...state, phase: 'checking' }, { do: 'check' })

export const checked: Handler<'checked'> = (state, { traits, before, seen }, ctx) => {
  const known = { ...state, traits, before, seen }
  if (seen.foreign) {
    return toAttention(known, 'foreign-image', reasonOf('device.pending-image', { ...seen.foreign }))
  }
  if (seen.runs === 'new' && seen.confirmed !== false) {
    return end(known, 'failed', reasonOf('plan.not-needed', { version: versionsOf(seen.versions) }), ctx)
  }
  if (seen.runs === 'new') {
    // Somebody installed it and nobody confirmed it. What it ran before is not known, so there is no way back to check.
    return toAttention({ ...known, before: null, touched: true, restart: 'done' }, 'unconfirmed', null)
  }
  return go({ ...known, phase: 'staging' }, { do: 'stage' })
}

export const staged: Handler<'staged'> = (state, { health }) =>
  toSafe({ ...state, staged: true, healthBefore: health }, state.traits?.detach ? 'detach' : 'write')

/** A proof is missing before anything was touched. */
export const refusedEarly: Handler<'refused'> = (state, { reason }, ctx) =>
  end(state, 'failed', reason, ctx, note('run.refused', { reason }))

function versionsOf(versions: Readonly<Record<string, string | null>>): string {
  return Object.values(versions).join(', ')
}
