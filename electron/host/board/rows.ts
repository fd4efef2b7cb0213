import type { BoardGroup, BoardRow, SiteBoard } from '../../../shared/contract/site.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import { type DeviceStatus, type DeviceView, deviceKey } from '../../../shared/model/device.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { isFinal } from '../../../shared/model/run.ts'
import type { Site, SiteDevice } from '../../../shared/model/site.ts'
import { sameVersion } from '../../../shared/versions.ts'

/** A plan that could be run on a device, and why not now; null reason: it may be started. */
export interface BoardOffer {
  readonly plan: { readonly id: string; readonly title: string }
  readonly priority: 'security' | 'safety' | 'normal' | 'optional'
  /** Version by component that it leads to. */
  readonly to: Readonly<Record<string, string>>
  readonly reason: ErrorData | null
}

export interface BoardFacts {
  readonly site: Site | null
  readonly devices: readonly DeviceView[]
  /** Newest first. */
  readonly runs: readonly RunSummary[]
  readonly typeTitle: (type: string) => string
  /** Plans that cover a device here, whatever else stands in the way. */
  readonly offers: (device: DeviceView) => readonly BoardOffer[]
}

const BY_NAME = new Intl.Collator('en', { numeric: true })

/** The home screen: which devices run what they should, which do not, and what stands in the way. Pure. */
export function siteBoard(facts: BoardFacts): SiteBoard {
  const { site, devices } = facts
  const seen = new Map(devices.map((device) => [device.key, device]))
  const expected = new Map((site?.devices ?? []).map((device) => [deviceKey(device), device]))
  const rows = [
    ...[...expected].map(([key, device]) => row(facts, device, seen.get(key) ?? null)),
    // What is not in the site's list is shown only while it is here: it may belong to the ship alongside.
    ...devices
      .filter(({ key, presence }) => !expected.has(key) && presence !== 'absent')
      .map((one) => row(facts, null, one)),
  ].sort((a, b) => BY_NAME.compare(a.name, b.name) || a.key.localeCompare(b.key))
  const counts: Record<BoardGroup, number> = { 'needs-you': 0, 'to-update': 0, 'up-to-date': 0, 'not-here': 0 }
  for (const { group } of rows) counts[group] += 1
  return { site: site && { id: site.id, title: site.title, zone: site.zone }, counts, rows }
}

function row(facts: BoardFacts, listed: SiteDevice | null, device: DeviceView | null): BoardRow {
  const type = device?.identity.type ?? listed?.type ?? ''
  const serial = device?.identity.serial ?? listed?.serial ?? ''
  const key = deviceKey({ type, serial })
  const latest = facts.runs.find((run) => run.device === key) ?? null
  const offer = device ? bestOffer(facts.offers(device), listed?.wanted ?? {}) : null
  const wanted = { ...offer?.to, ...listed?.wanted }
  const { group, reason } = judge(device, latest, offer, wanted)
  const active = latest !== null && !isFinal(latest.phase)
  const startable = !active && offer?.reason === null && (group === 'to-update' || group === 'needs-you')
  return {
    key,
    name: listed?.name ?? device?.name ?? serial,
    type,
    typeTitle: device?.typeTitle ?? facts.typeTitle(type),
    serial,
    group,
    presence: device?.presence ?? 'absent',
    link: device?.link ? { kind: device.link.kind, address: device.link.address } : null,
    running: device?.status?.versions ?? {},
    wanted,
    plan: startable ? offer.plan : null,
    run: group === 'needs-you' || active ? (latest?.id ?? null) : null,
    reason,
    lastSeenAt: device?.lastSeenAt ?? null,
    lastSeenBy: device?.lastSeenBy ?? null,
    expected: listed !== null,
  }
}

interface Judged {
  readonly group: BoardGroup
  readonly reason: ErrorData | null
}

/** What a person should know of this device first. */
function judge(
  device: DeviceView | null,
  latest: RunSummary | null,
  offer: BoardOffer | null,
  wanted: Readonly<Record<string, string>>,
): Judged {
  if (latest && !isFinal(latest.phase)) {
    return { group: latest.needsPerson ? 'needs-you' : 'to-update', reason: latest.reason }
  }
  if (latest?.phase === 'unknown') {
    return { group: 'needs-you', reason: latest.reason ?? coded('run.ended-unknown', { device: latest.deviceName }) }
  }
  if (device === null || device.presence === 'absent' || device.presence === 'silent') {
    return { group: 'not-here', reason: device?.trouble ?? null }
  }
  if (device.presence === 'duplicate') {
    return { group: 'needs-you', reason: device.trouble ?? coded('device.duplicate', { device: device.name }) }
  }
  if (device.trouble) return { group: 'needs-you', reason: device.trouble }
  // It has only just answered, and is being asked.
  if (device.status === null) return { group: 'to-update', reason: null }
  const trial = device.status.slots.find(({ active, confirmed }) => active && !confirmed)
  if (trial) return { group: 'needs-you', reason: coded('device.unconfirmed', { version: trial.version }) }
  if (runsWanted(device.status, wanted)) return { group: 'up-to-date', reason: null }
  if (latest?.phase === 'failed') return { group: 'needs-you', reason: latest.reason }
  if (offer === null) return { group: 'needs-you', reason: coded('plan.none-fits', { device: device.name }) }
  return { group: offer.reason === null ? 'to-update' : 'needs-you', reason: offer.reason }
}

/** A device of which nothing is wanted runs what it should. */
function runsWanted(status: DeviceStatus, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([component, version]) => {
    const found = Object.hasOwn(status.versions, component) ? status.versions[component] : null
    return found != null && sameVersion(found, version)
  })
}

const PRIORITY = ['security', 'safety', 'normal', 'optional'] as const

/** The plan to show: one that leads to what the site wants, rather one that may be started, rather an urgent one. */
function bestOffer(offers: readonly BoardOffer[], wanted: Readonly<Record<string, string>>): BoardOffer | null {
  const leads = ({ to }: BoardOffer) =>
    Object.entries(to).every(([component, version]) => {
      const goal = Object.hasOwn(wanted, component) ? wanted[component] : undefined
      return goal === undefined || sameVersion(goal, version)
    })
  const rank = ({ reason, priority }: BoardOffer) =>
    (reason === null ? 0 : reason.code === 'plan.not-needed' ? 20 : 10) + PRIORITY.indexOf(priority)
  return offers.filter(leads).toSorted((a, b) => rank(a) - rank(b))[0] ?? null
}

function coded(code: ConstructorParameters<typeof AppError>[0], detail: ErrorData['detail']): ErrorData {
  return new AppError(code, { detail }).toData()
}
