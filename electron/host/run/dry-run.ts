import type { FactSources } from '../../../shared/conditions/facts.ts'
import { type Judgement, judge, judgeable, signalsOf } from '../../../shared/conditions/judge.ts'
import type { DryRun, Proof } from '../../../shared/contract/plans.ts'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { isAttested, type Plan } from '../../../shared/model/plan.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import { imageTrouble, type Match, match } from './offers.ts'
import type { RunPorts } from './ports.ts'
import { offlineDays } from './trust.ts'
import { conditionView } from './views.ts'

interface Person {
  readonly operator: string
  readonly roles: FactSources['operator']['roles']
}

/**
 * The five proofs on each device, tried without touching its memory: reads only. A device that cannot be
 * reached is an answer too. Throws `plan.unknown`, `device.unknown`, `trust.*` for the whole.
 */
export async function dryRun(
  ports: RunPorts,
  plan: string,
  devices: readonly string[],
  person: Person,
  signal: AbortSignal,
): Promise<DryRun[]> {
  const found = devices.map((device) => match(ports, plan, device, person.operator))
  return await Promise.all(found.map((one) => tryOne(ports, plan, one, person, signal)))
}

async function tryOne(
  ports: RunPorts,
  planId: string,
  known: Match,
  person: Person,
  signal: AbortSignal,
): Promise<DryRun> {
  const { plan, device } = known
  const profile = ports.library.current()?.profiles.get(device.identity.type)?.document ?? null
  const { judged, reason } = await senseOnce(ports, plan.document, profile, known, person, signal)
  // Held against what the device has just said of itself.
  const found = match(ports, planId, device.key, person.operator)
  const { eligibility } = found
  const artifact =
    eligibility.proofs.find(({ proof }) => proof === 'artifact')?.reason ?? (await imageTrouble(ports, found))
  const now = { host: ports.hostId, mono: ports.clock.monotonic() }
  const failing = plan.document.conditions.find((one) => !isAttested(one) && !judged.get(one.id)?.judgement.holds)
  const unsafe = reason ?? (failing ? (judged.get(failing.id)?.judgement.reason ?? null) : null)
  const proofs: Proof[] = [
    { proof: 'artifact', ok: artifact === null, reason: artifact },
    ...eligibility.proofs.filter(({ proof }) => proof !== 'artifact'),
    { proof: 'safe-state', ok: unsafe === null, reason: unsafe },
  ]
  const nobody = { consents: [], overrides: [] }
  return {
    device: device.key,
    name: device.name,
    change: { ...eligibility.change },
    proofs,
    conditions: plan.document.conditions.map((condition) => conditionView(condition, nobody, { judged }, now)),
  }
}

type Judged = Map<string, { judgement: Judgement; at: number }>

async function senseOnce(
  ports: RunPorts,
  plan: Plan,
  profile: Profile | null,
  { device }: Match,
  person: Person,
  signal: AbortSignal,
): Promise<{ judged: Judged; reason: ErrorData | null }> {
  const rules = plan.conditions.flatMap((condition) => (isAttested(condition) ? [] : [judgeable(condition)]))
  const judged: Judged = new Map()
  if (!profile) return { judged, reason: null }
  try {
    await ports.devices.use(
      device.key,
      async (session) => {
        const askedAt = ports.clock.monotonic()
        const status = { value: await session.status(signal), at: askedAt }
        const known = new Set(profile.signals.map(({ id }) => id))
        const wanted = [...new Set(rules.flatMap(signalsOf))].filter((id) => known.has(id))
        const readings = wanted.length > 0 ? await session.readSignals(wanted, signal) : []
        const now = ports.now()
        const sources: FactSources = {
          profile,
          identity: session.identity,
          readings: new Map(readings.map((reading) => [reading.signal, reading])),
          status,
          console: { ...ports.power(), offlineDays: offlineDays(ports.library, now) },
          operator: { id: person.operator, roles: person.roles },
          now,
        }
        const at = ports.clock.monotonic()
        for (const rule of rules) judged.set(rule.id, { judgement: judge(rule, sources, at), at })
      },
      signal,
    )
    return { judged, reason: null }
  } catch (error) {
    if (signal.aborted) throw error
    return { judged, reason: toErrorData(error, 'device.no-answer') }
  }
}
