import {
  type AttestedCondition,
  type HoldPoint,
  isAttested,
  type Moment,
  type Plan,
} from '../../../../shared/model/plan.ts'
import type { RunState, Traits } from './state.ts'
import type { Now } from './verdict.ts'

/** A person's word lapses after this: who said "nobody is near" two minutes ago may not know now. ms */
export const CONSENT_MS = 120_000

/**
 * The moments whose conditions must hold before an act. A device that needs no detaching is first
 * disturbed by the write, so the write answers for both; one that restarts itself after a write is
 * restarted by writing.
 */
export function momentsOf(moment: Moment, traits: Traits | null): readonly Moment[] {
  if (moment !== 'write') return [moment]
  return [
    'write',
    ...(traits?.detach ? [] : ['detach' as const]),
    ...(traits?.restartsItself ? ['restart' as const] : []),
  ]
}

/** Measured conditions that must be proved for an act, but for those overridden. */
export function measuredFor(
  plan: Plan,
  moment: Moment,
  state: Pick<RunState, 'traits' | 'overrides'>,
): readonly string[] {
  const moments = momentsOf(moment, state.traits)
  return plan.conditions
    .filter((condition) => !isAttested(condition))
    .filter(
      (condition) => moments.some((one) => condition.at.includes(one)) || (moment === 'write' && isWatched(condition)),
    )
    .filter(({ id }) => !state.overrides.some(({ condition }) => condition === id))
    .map(({ id }) => id)
}

function isWatched(condition: Plan['conditions'][number]): boolean {
  return !isAttested(condition) && condition.watch
}

/** The first hold point before this act at which nobody has said go yet. */
export function holdBefore(plan: Plan, moment: Moment, state: RunState, now: Now): HoldPoint | null {
  const points = holdsAt(moment, state.traits).filter((point) => plan.holds.includes(point))
  return points.find((point) => !state.passed.includes(point) && !consented(state, 'hold', point, moment, now)) ?? null
}

function holdsAt(moment: Moment, traits: Traits | null): readonly HoldPoint[] {
  switch (moment) {
    // Whoever must say go before a write wants to be asked before the machine stops for it.
    case 'detach':
      return ['before-write']
    case 'write':
      return ['before-write', ...(traits?.restartsItself ? ['before-restart' as const] : [])]
    case 'restart':
      return ['before-restart']
    case 'confirm':
      return ['before-confirm']
  }
}

/** The hold points that are passed once the act begins. */
export function holdsPassedBy(moment: Moment, traits: Traits | null, plan: Plan): readonly HoldPoint[] {
  return holdsAt(moment, traits).filter((point) => plan.holds.includes(point))
}

/** The first attested condition for this act that nobody has confirmed lately. */
export function attestationBefore(plan: Plan, moment: Moment, state: RunState, now: Now): AttestedCondition | null {
  const moments = momentsOf(moment, state.traits)
  return (
    plan.conditions
      .filter(isAttested)
      .find(({ id, at }) => moments.some((one) => at.includes(one)) && !consented(state, 'attest', id, moment, now)) ??
    null
  )
}

function consented(state: RunState, to: 'hold' | 'attest', id: string, moment: Moment, now: Now): boolean {
  return state.consents.some(
    (consent) =>
      consent.to === to &&
      consent.id === id &&
      consent.moment === moment &&
      consent.host === now.host &&
      now.mono - consent.mono <= CONSENT_MS,
  )
}

/** Hold points that still lie ahead, in the order in which they come. */
export function holdsAhead(plan: Plan, state: RunState): readonly HoldPoint[] {
  const order: readonly HoldPoint[] = ['before-write', 'before-restart', 'before-confirm']
  return order.filter((point) => plan.holds.includes(point) && !state.passed.includes(point))
}
