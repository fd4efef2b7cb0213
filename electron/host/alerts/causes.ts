import type { AlertLevel } from '../../../shared/contract/alerts.ts'
import type { TrustLasts } from '../../../shared/contract/app.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { DeviceView } from '../../../shared/model/device.ts'
import type { RunSummary } from '../../../shared/model/run.ts'

/** Something a person should know of, as long as it lasts. */
export interface AlertCause {
  /** The same cause has the same id, so that it is raised once. */
  readonly id: string
  readonly level: AlertLevel
  readonly reason: ErrorData
  readonly subject: string
}

/** The state of the console in which alerts have their causes. */
export interface AlertFacts {
  readonly now: number
  readonly runs: readonly RunSummary[]
  readonly devices: readonly DeviceView[]
  readonly trust: TrustLasts
  /** Why the clock of the laptop is not believed. */
  readonly clock: ErrorData | null
  readonly lease: { readonly operator: string; readonly until: number | null } | null
  /** Whether the run-time opens what a dictionary has compressed. */
  readonly dictionaries: boolean
  readonly audit: {
    readonly broken: ErrorData | null
    readonly toUpload: number
    readonly oldestWaiting: number | null
    /** Logs of other consoles that wait here; null when none does. */
    readonly carried: { readonly entries: number; readonly since: number } | null
  }
}

const DAY_MS = 86_400_000
/** A lease that ends within a week is worth a word while there may still be a link to renew it. */
const LEASE_SOON_MS = 7 * DAY_MS
/** Entries older than this have missed several chances to be uploaded. */
const UPLOAD_OVERDUE_MS = 30 * DAY_MS
/** Who was given another's log has, or soon has, a link: that is why it was given. */
const CARRIED_OVERDUE_MS = 7 * DAY_MS

/**
 * What is worth an alert now. Bridge practice decides the level: *alarm* where a device is at risk
 * and a person must act, *warning* where they must act soon, *caution* for what is good to know.
 */
export function alertCauses(facts: AlertFacts): AlertCause[] {
  return [...runCauses(facts), ...deviceCauses(facts), ...trustCauses(facts), ...auditCauses(facts)]
}

function runCauses({ runs }: AlertFacts): AlertCause[] {
  const causes: AlertCause[] = []
  for (const run of runs) {
    const detail = { run: run.id, device: run.deviceName }
    const about = { subject: `run:${run.id}` }
    if (run.phase === 'attention') {
      causes.push({
        ...about,
        id: `run.attention:${run.id}`,
        level: 'alarm',
        reason: run.reason ?? data('run.needs-person', detail),
      })
    } else if (run.phase === 'unknown') {
      causes.push({ ...about, id: `run.unknown:${run.id}`, level: 'alarm', reason: data('run.ended-unknown', detail) })
    } else if (run.needsPerson) {
      causes.push({ ...about, id: `run.person:${run.id}`, level: 'caution', reason: data('run.needs-person', detail) })
    }
  }
  return causes
}

function deviceCauses({ devices }: AlertFacts): AlertCause[] {
  return devices
    .filter((device) => device.presence === 'duplicate')
    .map((device) => ({
      id: `device.duplicate:${device.key}`,
      level: 'warning',
      reason: data('device.duplicate', { device: device.name, serial: device.identity.serial }),
      subject: `device:${device.key}`,
    }))
}

function trustCauses({ now, trust, clock, lease, dictionaries }: AlertFacts): AlertCause[] {
  const causes: AlertCause[] = []
  if (!dictionaries) {
    causes.push({
      id: 'host.no-dictionaries',
      level: 'caution',
      reason: data('host.no-dictionaries', {}),
      subject: 'sync',
    })
  }
  // By how much it is behind changes by the second, and is no news.
  if (clock) causes.push({ id: 'trust.clock', level: 'caution', reason: { ...clock, detail: {} }, subject: 'trust' })
  if (trust.state === 'ended' && trust.reason) {
    causes.push({ id: 'trust.ended', level: 'warning', reason: trust.reason, subject: 'trust' })
  }
  if (trust.state === 'renew-soon') {
    const reason = data('trust.renew-soon', { until: trust.until, limit: trust.limit })
    causes.push({ id: 'trust.renew-soon', level: 'caution', reason, subject: 'trust' })
  }
  if (lease?.until != null) {
    const detail = { operator: lease.operator, until: lease.until }
    const about = { subject: 'people' }
    if (now >= lease.until) {
      causes.push({
        ...about,
        id: `lease.ended:${lease.operator}`,
        level: 'warning',
        reason: data('people.lease-ended', detail),
      })
    } else if (lease.until - now < LEASE_SOON_MS) {
      causes.push({
        ...about,
        id: `lease.soon:${lease.operator}`,
        level: 'caution',
        reason: data('people.lease-ends-soon', detail),
      })
    }
  }
  return causes
}

function auditCauses({ now, audit }: AlertFacts): AlertCause[] {
  const causes: AlertCause[] = []
  if (audit.broken) causes.push({ id: 'audit.broken', level: 'alarm', reason: audit.broken, subject: 'audit' })
  if (audit.oldestWaiting !== null && now - audit.oldestWaiting > UPLOAD_OVERDUE_MS) {
    const reason = data('audit.upload-overdue', { entries: audit.toUpload, since: audit.oldestWaiting })
    causes.push({ id: 'audit.overdue', level: 'caution', reason, subject: 'audit' })
  }
  if (audit.carried !== null && now - audit.carried.since > CARRIED_OVERDUE_MS) {
    const reason = data('audit.carried-overdue', { ...audit.carried })
    causes.push({ id: 'audit.carried', level: 'caution', reason, subject: 'audit' })
  }
  return causes
}

function data(code: ConstructorParameters<typeof AppError>[0], detail: ErrorData['detail']): ErrorData {
  return new AppError(code, { detail }).toData()
}
