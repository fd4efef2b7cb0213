import type { FactSources } from '../../../shared/conditions/facts.ts'
import { type Judgeable, type Judgement, judge, namesOf, signalsOf } from '../../../shared/conditions/judge.ts'
import { needsStatus } from '../../../shared/conditions/names.ts'
import type { Reading } from '../../../shared/model/reading.ts'
import type { DeviceSession } from '../device/device-access.ts'
import { offlineDays } from './trust.ts'
import type { Work } from './work.ts'

export interface Sensed {
  readonly judgements: ReadonlyMap<string, Judgement>
  /** When they were judged, monotonic ms. */
  readonly at: number
}

/**
 * Reads what the rules need and judges them. What `urgent` names is read last, so that it is the freshest.
 * A signal that cannot be read makes its rule false; a lost link throws.
 */
export async function sense(
  work: Work,
  session: DeviceSession,
  rules: readonly Judgeable[],
  urgent: readonly string[],
  signal: AbortSignal,
): Promise<Sensed> {
  const inOrder = [...rules].sort((a, b) => Number(urgent.includes(a.id)) - Number(urgent.includes(b.id)))
  const { clock } = work.ports
  const askedAt = clock.monotonic()
  const status = rules.some((rule) => namesOf(rule).some(needsStatus)) ? await session.status(signal) : null
  const readings = await read(session, inOrder.flatMap(signalsOf), signal)
  const at = clock.monotonic()
  // The status is as old as the question, not as the answer.
  const sources = factSources(work, session, readings, status && { value: status, at: askedAt })
  const judgements = new Map(rules.map((rule) => [rule.id, judge(rule, sources, at)]))
  return { judgements, at }
}

async function read(session: DeviceSession, signals: readonly string[], signal: AbortSignal) {
  const known = new Set(session.profile.signals.map(({ id }) => id))
  // The last mention of a signal counts: what is urgent comes last.
  const wanted = [...new Set(signals.toReversed())].toReversed().filter((id) => known.has(id))
  if (wanted.length === 0) return new Map<string, Reading>()
  const readings = await session.readSignals(wanted, signal)
  return new Map(readings.map((reading) => [reading.signal, reading]))
}

function factSources(
  work: Work,
  session: DeviceSession,
  readings: ReadonlyMap<string, Reading>,
  status: FactSources['status'],
): FactSources {
  const { ports, frozen } = work
  const now = ports.now()
  return {
    // The rules were signed for the profile that the run was started with.
    profile: frozen.profile,
    identity: session.identity,
    readings,
    status,
    console: { ...ports.power(), offlineDays: offlineDays(ports.library, now) },
    operator: { id: frozen.operator, roles: frozen.roles },
    now,
  }
}

/** Keeps the newest judgements for whoever looks at the run. */
export function show(work: Work, { judgements, at }: Sensed): void {
  for (const [id, judgement] of judgements) work.live.judged.set(id, { judgement, at })
  work.touch()
}
