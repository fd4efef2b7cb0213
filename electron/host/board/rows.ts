import type { BoardGroup, BoardRow } from '../../../shared/contract/site.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import { type DeviceStatus, type DeviceView, deviceKey } from '../../../shared/model/device.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { isFinal } from '../../../shared/model/run.ts'
import type { SiteDevice } from '../../../shared/model/site.ts'
import type { Steps } from '../../../shared/steps.ts'
import { sameVersion } from '../../../shared/versions.ts'

/** A plan that could be run on a device, and why not now; null reason: it may be started. */
export interface BoardOffer {
  readonly plan: { readonly id: string; readonly title: string }
  /** Version by component that it leads to. */
  readonly to: Readonly<Record<string, string>>
  readonly reason: ErrorData | null
}

/** What is known of one place on the board. */
export interface BoardPlace {
  readonly listed: SiteDevice | null
  readonly device: DeviceView | null
  /** The newest run of the device. */
  readonly latest: RunSummary | null
  /** The plan to show, where the device is here. */
  readonly offer: BoardOffer | null
  readonly typeTitle: (type: string) => string
}

/** Which group a place belongs to. Pure. */
export function boardGroup({ listed, device, latest, offer }: Omit<BoardPlace, 'typeTitle'>): BoardGroup {
  return judge(device, latest, offer, { ...offer?.to, ...listed?.wanted }).group
}

/** A place as a person sees it: what the device runs and should run, and what stands in the way. Pure. */
export function boardRow({ listed, device, latest, offer, typeTitle }: BoardPlace): BoardRow {
  const type = device?.identity.type ?? listed?.type ?? ''
  const serial = device?.identity.serial ?? listed?.serial ?? ''
  const wanted = { ...offer?.to, ...listed?.wanted }
  const { group, reason } = judge(device, latest, offer, wanted)
  const active = latest !== null && !isFinal(latest.phase)
  const startable = !active && offer?.reason === null && (group === 'to-update' || group === 'needs-you')
  return {
    key: deviceKey({ type, serial }),
    name: listed?.name ?? device?.name ?? serial,
    type,
    typeTitle: device?.typeTitle ?? typeTitle(type),
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

/**
 * The plan to show: one that leads to what the site wants, rather one that may be started, rather an urgent one.
 * `offers` come in the order of their urgency: behind the first that may be started nobody looks.
 */
export function* bestOffer(
  offers: Iterable<BoardOffer>,
  wanted: Readonly<Record<string, string>>,
): Steps<BoardOffer | null> {
  let best: BoardOffer | null = null
  for (const offer of offers) {
    yield
    if (!leads(offer, wanted)) continue
    if (offer.reason === null) return offer
    if (best === null || (isNeedless(best) && !isNeedless(offer))) best = offer
  }
  return best
}

function leads({ to }: BoardOffer, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(to).every(([component, version]) => {
    const goal = Object.hasOwn(wanted, component) ? wanted[component] : undefined
    return goal === undefined || sameVersion(goal, version)
  })
}

function isNeedless({ reason }: BoardOffer): boolean {
  return reason?.code === 'plan.not-needed'
}

function coded(code: ConstructorParameters<typeof AppError>[0], detail: ErrorData['detail']): ErrorData {
  return new AppError(code, { detail }).toData()
}
