import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { DeviceStatus, Identity } from '../../../shared/model/device.ts'
import { Profile } from '../../../shared/model/profile.ts'
import type { Link } from '../link/link.ts'
import { type Dialect, plainDialect } from '../link/trace/dialect.ts'
import type { Trace, TraceHeader } from '../link/trace/format.ts'
import { replayTrace } from '../link/trace/replay.ts'
import { smpDialect } from '../protocol/smp/trace-dialect.ts'
import { everyDriver } from './drivers/every.ts'

/** What a trace holds, and what its driver makes of the device in it. */
export interface ReplayReport {
  readonly address: string
  readonly kind: TraceHeader['kind']
  readonly driver: string | null
  readonly type: string | null
  readonly startedAt: string
  /** ms; null: it was cut off. */
  readonly lasted: number | null
  readonly events: number
  /** Requests of the console in it, and how many of them the driver made again. */
  readonly requests: number
  readonly answered: number
  readonly notes: readonly string[]
  /** Who the driver says it is; null: another device, or it could not tell. */
  readonly identity: Identity | null
  readonly status: DeviceStatus | null
  /** Why the driver could not say more. */
  readonly trouble: ErrorData | null
}

/** How conversations of a driver are compared. */
function dialectFor(driver: string | null, kind: TraceHeader['kind']): Dialect {
  return driver === 'smp' ? smpDialect(kind === 'udp' ? 'datagram' : 'console') : plainDialect
}

/**
 * Lets the driver of a trace talk to the device in it: who is it, and what does it run? Throws `cancelled`; what the driver
 * runs into is in the report.
 */
export async function replayReport(trace: Trace, signal: AbortSignal): Promise<ReplayReport> {
  const { header, events, end } = trace
  const dialect = dialectFor(header.driver, header.kind)
  const replay = replayTrace(trace, { pace: 'at-once', dialect })
  const { script } = replay
  const profile = Profile.safeParse(header.profile)
  const asked = await ask(header, profile.success ? profile.data : null, () => replay.open(signal), signal)
  return {
    address: header.address,
    kind: header.kind,
    driver: header.driver,
    type: profile.success ? profile.data.type : null,
    startedAt: header.startedAt,
    lasted: end?.at ?? null,
    events: events.length,
    requests: script.exchanges.length,
    answered: script.position,
    notes: events.flatMap((event) => (event.is === 'note' ? [event.text] : [])),
    ...asked,
  }
}

async function ask(header: TraceHeader, profile: Profile | null, open: () => Promise<Link>, signal: AbortSignal) {
  let identity: Identity | null = null
  let status: DeviceStatus | null = null
  let link: Link | null = null
  try {
    const { driver, ...place } = known(header, profile)
    link = await open()
    const clock = { now: () => Date.now(), monotonic: () => performance.now() }
    // Its login was never recorded: any will do, for nobody checks it.
    const credential = { username: 'replay', password: 'replay' }
    const device = { link, ...place, clock, credential }
    identity = await driver.identify(device, signal)
    if (identity) status = await driver.status(device, signal)
    return { identity, status, trouble: null }
  } catch (error) {
    if (signal.aborted) throw error
    return { identity, status, trouble: toErrorData(error) }
  } finally {
    await link?.close().catch(() => {})
  }
}

/** Throws `device.no-profile` for a recording of an address where nobody was known. */
function known({ driver: id, address }: TraceHeader, profile: Profile | null) {
  const driver = everyDriver({ firstSeq: () => 0, now: () => Date.now() }).find((one) => one.id === id)
  const binding = profile?.drivers.find((one) => one.driver === id)
  if (!driver || !binding || !profile) throw new AppError('device.no-profile', { detail: { address } })
  return { driver, profile, binding }
}
