import type { AppMode, AppState } from '../../../shared/contract/app.ts'
import type { CarriedState } from '../../../shared/contract/audit.ts'
import type { AlertService } from '../alerts/alert-service.ts'
import type { AlertFacts } from '../alerts/causes.ts'
import type { AuditService } from '../audit/service.ts'
import type { DeviceRegistry } from '../device/registry/registry.ts'
import type { PeopleService } from '../people/service.ts'
import type { RunService } from '../run/service.ts'
import type { NetworkGate } from '../sync/network-gate.ts'
import type { SyncService } from '../sync/sync-service.ts'
import { trustLasts } from '../sync/trust-view.ts'
import type { TrustedTime } from '../sync/trusted-time.ts'
import { clockTrouble } from '../trust/effective-time.ts'
import { type ChosenSite, libraryOr } from './chosen-site.ts'
import type { Trust } from './trust.ts'

export interface StateDeps {
  readonly mode: AppMode
  readonly now: () => number
  readonly time: TrustedTime
  readonly trust: Trust
  readonly gate: NetworkGate
  readonly sync: SyncService
  readonly site: ChosenSite
  readonly people: PeopleService
  readonly devices: DeviceRegistry
  readonly runs: RunService
  readonly audit: AuditService
  readonly dictionaries: boolean
}

/** What the frame of every screen shows. */
export function appState(deps: StateDeps, alerts: AlertService): AppState {
  const { mode, now, trust, gate, sync, site, people, runs, audit } = deps
  const { lastSuccess, lastError } = sync.outcome()
  const offline = lastError !== null && /^sync\.(?:unreachable|stalled|http)$/.test(lastError.code)
  const log = audit.state()
  const open = alerts.list().filter(({ active }) => active)
  const count = (level: 'alarm' | 'warning' | 'caution') => open.filter((alert) => alert.level === level).length
  const chosen = site.current()
  return {
    mode,
    now: now(),
    network: {
      state: gate.offline ? 'offline-chosen' : offline || lastSuccess === null ? 'offline' : 'online',
      lastContact: lastSuccess,
    },
    trust: trustLasts(trust.library, now()),
    runs: {
      active: runs.active(),
      needPerson: runs.list().filter(({ needsPerson, phase }) => needsPerson || phase === 'unknown').length,
      writing: runs.activeWrites().length > 0,
    },
    audit: { toUpload: log.toUpload, broken: audit.trouble() !== null },
    alerts: {
      alarm: count('alarm'),
      warning: count('warning'),
      caution: count('caution'),
      unacknowledged: alerts.list().filter(({ acknowledgedAt }) => acknowledgedAt === null).length,
    },
    session: people.session(),
    site: chosen && { id: chosen.id, title: chosen.title },
    firstStart: firstStart(deps),
  }
}

/** What a new console still lacks, in the order in which it can be had. */
function firstStart({ trust, people, site }: StateDeps): AppState['firstStart'] {
  if (trust.store.pin() === null) return 'trust'
  if (people.list().length === 0) return 'enrol'
  if (people.session() === null) return 'sign-in'
  const library = libraryOr(trust.library)
  if (!library) return 'sync'
  return site.current() === null && library.sites.size > 0 ? 'site' : null
}

export function alertFacts({ now, time, trust, people, devices, runs, audit, dictionaries }: StateDeps): AlertFacts {
  const session = people.session()
  return {
    now: now(),
    runs: runs.list(),
    devices: devices.list(),
    trust: trustLasts(trust.library, now()),
    clock: clockTrouble(time.now()),
    dictionaries,
    lease: session?.enrolled ? { operator: session.operator, until: session.leaseUntil } : null,
    audit: {
      broken: audit.trouble(),
      toUpload: audit.state().toUpload,
      oldestWaiting: audit.oldestWaiting(),
      carried: carriedFor(audit.carried.state()),
    },
  }
}

/** Whoever gave us a log cannot see whether it went: a stick that lies in a drawer shows here. */
function carriedFor({ others }: CarriedState): AlertFacts['audit']['carried'] {
  if (others.length === 0) return null
  const entries = others.reduce((sum, log) => sum + log.entries, 0)
  return { entries, since: Math.min(...others.map(({ since }) => since)) }
}
