import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { DeviceStatus, DeviceView, Identity } from '../../../shared/model/device.ts'
import { deviceKey } from '../../../shared/model/device.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Profile } from '../../../shared/model/profile.ts'
import type { Site } from '../../../shared/model/site.ts'
import { sameVersion } from '../../../shared/versions.ts'
import type { Library, Signed } from '../trust/library.ts'
import { batteryTrouble, coverage, type Eligibility, eligible } from './eligibility.ts'
import { contradiction, imagesFor, type PlannedImage, type RunImage } from './images.ts'
import type { RunPorts } from './ports.ts'
import { trustTrouble } from './trust.ts'

/** A plan and a device that were brought together, and what came of it. */
export interface Match {
  readonly plan: Signed<Plan>
  readonly device: DeviceView
  readonly site: Site | null
  readonly images: readonly PlannedImage[]
  readonly eligibility: Eligibility
}

/**
 * Holds a plan against a device for an operator, or for nobody in particular. Asks the device nothing:
 * fit for a whole board. `inOrder`: devices that the plan wants updated first must be. Throws `trust.*`,
 * `plan.unknown`, `device.unknown`.
 */
export function match(ports: RunPorts, planId: string, key: string, operator: string | null, inOrder = true): Match {
  const library = ports.library.current()
  if (!library) throw new AppError('trust.none')
  const plan = library.plans.get(planId)
  if (!plan) throw refusedPlan(library, planId)
  const device = ports.devices.get(key)
  if (!device) throw new AppError('device.unknown', { detail: { device: key } })
  return matchWith(planNow(ports, library, plan), device, operator, inOrder)
}

/** A plan at this moment: all that is the same for every device it is held against. */
export interface PlanNow {
  readonly ports: RunPorts
  readonly library: Library
  readonly plan: Signed<Plan>
  readonly site: Site | null
  readonly now: number
  /** Why trust may not be used now. */
  readonly trust: ErrorData | null
  /** What goes on a device of this type and hardware. */
  images(identity: Identity, profile: Profile | null): PlannedImages
}

interface PlannedImages {
  readonly images: readonly PlannedImage[] | ErrorData
  /** Why one of them cannot be had now. */
  readonly missing: ErrorData | null
}

/** For use at once: what it says of trust and of artifacts is true now and not later. */
export function planNow(ports: RunPorts, library: Library, plan: Signed<Plan>): PlanNow {
  const site = ports.site()
  const now = ports.now()
  const known = new Map<string, PlannedImages>()
  return {
    ports,
    library,
    plan,
    site,
    now,
    trust: trustTrouble(ports.library, { plan: plan.document, target: plan.target }, site?.id ?? null, now, false),
    images(identity, profile) {
      const alike = JSON.stringify([identity.type, identity.hardware])
      const found = known.get(alike) ?? plannedImages(ports, library, plan.document, identity, profile)
      known.set(alike, found)
      return found
    },
  }
}

function plannedImages(
  ports: RunPorts,
  library: Library,
  plan: Plan,
  identity: Identity,
  profile: Profile | null,
): PlannedImages {
  const images = profile
    ? imagesFor(plan, identity, profile, (path) => library.target(path))
    : new AppError('device.no-profile', { detail: { type: identity.type } }).toData()
  return { images, missing: Array.isArray(images) ? missingArtifact(ports, images) : null }
}

export function matchWith(at: PlanNow, device: DeviceView, operator: string | null, inOrder = true): Match {
  const { ports, library, plan, site, now, trust } = at
  const { identity, presence, status, claim = null } = device
  const profile = library.profiles.get(identity.type)?.document ?? null
  const { images, missing } = at.images(identity, profile)
  const found = Array.isArray(images) ? (images as readonly PlannedImage[]) : []
  const { roles } = plan.document.authority
  const eligibility = eligible({
    plan: plan.document,
    device: { key: device.key, identity, presence, status, claim },
    profile,
    images,
    site,
    now,
    trust,
    operator:
      operator === null
        ? null
        : ports.people.mayAct(operator, { roles, site: site?.id ?? null, deviceType: identity.type }),
    artifact: missing,
    firstInOrder: inOrder ? aheadInOrder(ports, library, plan.document, identity.type, site) : [],
    battery: batteryTrouble(plan.document, ports.power()),
  })
  return { plan, device, site, images: found, eligibility }
}

function missingArtifact(ports: RunPorts, images: readonly PlannedImage[]): ErrorData | null {
  const missing = images.find(({ sha256 }) => !ports.artifacts.has(sha256))
  return missing ? new AppError('artifact.missing', { detail: { target: missing.target } }).toData() : null
}

function refusedPlan(library: Library, plan: string): AppError {
  const refused = library.refused.find(({ path }) => path === `plans/${plan}.json`)
  return refused ? AppError.fromData(refused.reason) : new AppError('plan.unknown', { detail: { plan } })
}

/** A device that has only just appeared has not been asked yet what it runs, ms. */
const ASK_MS = 10_000

/** Like {@link match}, asking the device what it runs where nobody has yet. */
export async function matchAsking(
  ports: RunPorts,
  planId: string,
  key: string,
  operator: string,
  inOrder: boolean,
): Promise<Match> {
  const device = ports.devices.get(key)
  if (device?.presence !== 'present' || device.status) return match(ports, planId, key, operator, inOrder)
  const over = new AbortController()
  try {
    const asked = ports.devices.use(key, (session) => session.status(over.signal), over.signal)
    await Promise.race([asked, ports.sleep(ASK_MS, over.signal)])
  } catch {
    // What it would not say is missing below, and says so itself.
  } finally {
    over.abort()
  }
  return match(ports, planId, key, operator, inOrder)
}

/** Reads the images themselves. Throws `artifact.*`, `device.incompatible` when they are not what the plan says. */
export async function readImages(ports: RunPorts, { images, device }: Match): Promise<RunImage[]> {
  const library = ports.library.current()
  const profile = library?.profiles.get(device.identity.type)?.document
  if (!library || !profile) throw new AppError('device.no-profile', { detail: { type: device.identity.type } })
  const read: RunImage[] = []
  for (const image of images) {
    const target = library.target(image.target)
    if (!target) throw new AppError('trust.unknown-target', { detail: { target: image.target } })
    const facts = await ports.artifacts.facts(target, profile)
    const trouble = contradiction(image, facts, profile, device.identity)
    if (trouble) throw AppError.fromData(trouble)
    read.push({ ...image, facts })
  }
  return read
}

/** Why the images cannot be used, as data. */
export async function imageTrouble(ports: RunPorts, found: Match): Promise<ErrorData | null> {
  try {
    await readImages(ports, found)
    return null
  } catch (error) {
    return toErrorData(error, 'artifact.unreadable')
  }
}

/**
 * Names of the site's devices that the plan wants updated before this type, and that run something else as
 * far as is known. One that never answered here blocks nobody: it may not even be there.
 */
function aheadInOrder(ports: RunPorts, library: Library, plan: Plan, type: string, site: Site | null): string[] {
  const wave = plan.order.findIndex(({ types }) => types.includes(type))
  if (wave <= 0 || !site) return []
  const before = new Set(plan.order.slice(0, wave).flatMap(({ types }) => types))
  return site.devices
    .filter((device) => before.has(device.type))
    .filter(({ type: kind, serial }) => coverage(plan, { type: kind, serial, hardware: null }, site) === null)
    .filter((device) => {
      const seen = ports.devices.get(deviceKey(device))
      return (
        seen !== null &&
        (seen.status !== null || seen.presence === 'present') &&
        !runsNew(library, plan, device.type, seen.status)
      )
    })
    .map(({ name }) => name)
}

function runsNew(library: Library, plan: Plan, type: string, status: DeviceStatus | null): boolean {
  return plan.artifacts.every(({ target, component, version }) => {
    const custom = library.target(target)?.custom as
      | { slipway?: { deviceTypes?: readonly string[] } }
      | null
      | undefined
    if (!custom?.slipway?.deviceTypes?.includes(type)) return true
    const found = status && Object.hasOwn(status.versions, component) ? status.versions[component] : null
    return found != null && sameVersion(found, version)
  })
}
