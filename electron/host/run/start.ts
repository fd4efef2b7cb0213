import { AppError } from '../../../shared/errors.ts'
import type { RunQueries } from '../store/runs.ts'
import { type Asker, requireSecond, type Second } from './authority.ts'
import type { Frozen } from './frozen.ts'
import { addLines, draft } from './journal.ts'
import type { LogLine } from './machine/event.ts'
import type { RunState } from './machine/state.ts'
import { matchAsking, readImages } from './offers.ts'
import type { RunPorts } from './ports.ts'

export interface StartInput {
  readonly plan: string
  readonly device: string
  readonly second?: Second | undefined
  /** The batch that starts it. A batch keeps the plan's order itself. */
  readonly batch?: string | undefined
  /** The second person, whose passphrase was checked when the batch was started. */
  readonly verifiedSecond?: string | undefined
}

/** All that the run will go by, as it is now. Throws why the plan may not be run here now. */
export async function freeze(
  ports: RunPorts,
  { plan: planId, device: key, second, batch, verifiedSecond }: StartInput,
  by: Asker,
): Promise<Frozen> {
  const found = await matchAsking(ports, planId, key, by.operator, batch === undefined)
  const { plan, device, site, eligibility } = found
  if (eligibility.reason) throw AppError.fromData(eligibility.reason)
  const images = await readImages(ports, found)
  const profile = ports.library.current()?.profiles.get(device.identity.type)?.document
  if (!profile) throw new AppError('device.no-profile', { detail: { type: device.identity.type } })
  const { path, length, sha256, role, chain } = plan.target
  const frozen: Omit<Frozen, 'second'> = {
    v: 1,
    plan: plan.document,
    planTarget: { path, length, sha256, role, chain: [...chain] },
    profile,
    site: site && { id: site.id, title: site.title, zone: site.zone },
    device: { key: device.key, name: device.name, identity: device.identity },
    ...(device.claim && { claim: device.claim }),
    from: Object.fromEntries(images.map(({ component }) => [component, device.status?.versions[component] ?? null])),
    images,
    operator: by.operator,
    roles: [...by.roles],
    batch: batch ?? null,
  }
  const { authority } = plan.document
  const also = verifiedSecond === undefined ? second : { verified: verifiedSecond }
  return { ...frozen, second: await requireSecond(ports.people, frozen, by.operator, also, authority) }
}

/** Makes the run durable, with its first audit entry. Throws `run.device-busy`. */
export async function insertRun(
  ports: RunPorts,
  queries: RunQueries,
  id: string,
  frozen: Frozen,
  state: RunState,
): Promise<void> {
  const { plan, planTarget, device, images, second, from, operator, batch, claim } = frozen
  const started: LogLine = {
    kind: 'note',
    action: 'run.started',
    by: operator,
    detail: {
      plan: plan.id,
      planSha256: planTarget.sha256,
      device: device.key,
      images: images.map(({ component, version, sha256 }) => ({ component, version, sha256 })),
      from,
      ...(claim && { claim }),
      second,
      batch,
    },
  }
  const startedAt = ports.now()
  await ports.recorder.record(draft(id, started, {}), () => {
    queries.insert({
      id,
      planId: plan.id,
      device: device.key,
      actor: operator,
      phase: state.phase,
      state: JSON.stringify(state),
      frozen: JSON.stringify(frozen),
      startedAt,
    })
    addLines(queries, id, [started], 0, startedAt)
  })
}

/** A refusal is worth an entry: somebody wanted to, and why it was not let. */
export async function recordRefusal(
  ports: RunPorts,
  id: string,
  input: StartInput,
  by: Asker,
  error: AppError,
): Promise<void> {
  const line: LogLine = { kind: 'note', action: 'run.refused', by: by.operator, detail: { reason: error.toData() } }
  try {
    await ports.recorder.record(draft(id, line, { plan: input.plan, device: input.device }))
  } catch (trouble) {
    // The refusal stands; that it could not be recorded is the log file's to say.
    ports.log(trouble, 'record a refusal')
  }
}
