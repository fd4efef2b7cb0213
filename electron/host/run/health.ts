import type { Profile, SignalSpec } from '../../../shared/model/profile.ts'
import type { SignalValue } from '../../../shared/model/reading.ts'
import type { HealthMark } from '../../../shared/model/run.ts'

/** At most so many signals are read before and after: each costs a request over a slow line. */
const MOST = 40

type Values = Readonly<Record<string, SignalValue | null>>

/** The signals that tell how a device is: those with thresholds first. */
export function healthSignals(profile: Profile): readonly string[] {
  const judged = profile.signals.filter(({ warn, alarm }) => warn || alarm)
  const rest = profile.signals.filter(({ warn, alarm }) => !warn && !alarm)
  return [...judged, ...rest].slice(0, MOST).map(({ id }) => id)
}

/** What changed in a device's health between the beginning and the end of a run. */
export function compareHealth(profile: Profile, before: Values, after: Values): HealthMark[] {
  return profile.signals
    .filter(({ id }) => Object.hasOwn(before, id) || Object.hasOwn(after, id))
    .map((spec) => {
      const [was, is] = [before[spec.id] ?? null, after[spec.id] ?? null]
      return {
        signal: spec.id,
        title: spec.title,
        unit: spec.unit,
        before: was,
        after: is,
        verdict: verdict(spec, was, is),
      }
    })
}

function verdict(spec: SignalSpec, was: SignalValue | null, is: SignalValue | null): HealthMark['verdict'] {
  if (was === null || is === null) return 'unknown'
  const [levelBefore, levelAfter] = [level(spec, was), level(spec, is)]
  if (levelAfter < levelBefore) return 'better'
  if (levelAfter > levelBefore) return 'worse'
  if (was === is) return 'same'
  // Numbers within the same band move all the time; a word or a state that changed is worth a look.
  return typeof is === 'number' && (spec.warn || spec.alarm) ? 'same' : 'changed'
}

/** 0 normal, 1 warning, 2 alarm. */
function level({ warn, alarm }: SignalSpec, value: SignalValue): number {
  if (typeof value !== 'number') return 0
  const beyond = (limit: SignalSpec['warn']) =>
    limit !== undefined &&
    (value < (limit.below ?? Number.NEGATIVE_INFINITY) || value > (limit.above ?? Number.POSITIVE_INFINITY))
  return beyond(alarm) ? 2 : beyond(warn) ? 1 : 0
}
