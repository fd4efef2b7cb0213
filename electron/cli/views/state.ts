import type { AppInfo, AppState, TrustLasts } from '../../../shared/contract/app.ts'
import type { SyncGroup, SyncItem, SyncLimitsView, SyncView } from '../../../shared/contract/sync.ts'
import type { RootPreview, TrustView } from '../../../shared/contract/trust.ts'
import { list, table } from '../table.ts'
import { session } from './people.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason, when, yesNo } from './words.ts'

function lasts(trust: TrustLasts, options: ViewOptions): string {
  const until = trust.until === null ? '' : `, until ${options.formats.datetime(trust.until)}`
  return `${trust.state}${until}${trust.reason ? `. ${reason(trust.reason, options)}` : ''}`
}

function time({ now, source, trouble }: TrustView['time'], options: ViewOptions): string {
  const from = { wall: 'by the clock', floor: 'by what was signed', 'high-water': 'by the latest the clock showed' }
  return `${options.formats.datetime(now)}, ${from[source]}${trouble ? `. ${reason(trouble, options)}` : ''}`
}

function network(state: AppState['network'], options: ViewOptions): string {
  const words = { online: 'online', offline: 'offline', 'offline-chosen': 'offline by choice' }[state.state]
  return state.lastContact === null ? words : `${words}, last contact ${options.formats.datetime(state.lastContact)}`
}

export const stateViews: Views = {
  'app.info': (info: AppInfo) =>
    list([
      ['Slipway', `${info.version}${info.mode === 'demo' ? ' (demo)' : ''} on ${info.platform}, Node ${info.node}`],
      ['Console', `${info.console.name} (${info.console.id})`],
      ['Key', info.console.publicKey],
      ['Data', info.dataDir],
      ['Keystore', info.keystore === 'os' ? "the operating system's" : 'a private file'],
    ]),
  'app.state': (state: AppState, options: ViewOptions) =>
    list([
      ['Network', network(state.network, options)],
      ['Trust', lasts(state.trust, options)],
      ['Site', state.site?.title ?? 'none chosen'],
      ['Operator', state.session ? session(state.session, options) : 'nobody signed in'],
      [
        'Runs',
        `${state.runs.active} active, ${state.runs.needPerson} need you${state.runs.writing ? ', WRITING' : ''}`,
      ],
      ['Audit', `${state.audit.toUpload} to upload${state.audit.broken ? ', CHAIN BROKEN' : ''}`],
      ['Alerts', `${state.alerts.alarm} alarms, ${state.alerts.warning} warnings, ${state.alerts.caution} cautions`],
      ...(state.firstStart ? [['Next', `first start: ${state.firstStart}`] as const] : []),
    ]),
  'trust.preview': (root: RootPreview, options: ViewOptions) =>
    list([
      ['Server', root.url],
      ['Fingerprint', root.fingerprint],
      ['Root', `version ${root.version}, ${root.rootThreshold} of ${root.rootKeys} keys`],
      ['Expires', when(root.expires, options)],
    ]),
  'trust.state': (trust: TrustView, options: ViewOptions) =>
    blocks(
      list([
        ['Trust', lasts(trust.lasts, options)],
        ['Time', time(trust.time, options)],
        ['Server', trust.url],
        ['Fingerprint', trust.fingerprint],
        ['Synced', when(trust.syncedAt, options)],
      ]),
      table(
        ['role', 'version', 'expires', 'keys'],
        trust.roles.map((role) => [
          role.name,
          role.version,
          when(role.expires, options),
          `${role.threshold} of ${role.keys}`,
        ]),
      ),
      table(
        ['operator', 'name', 'roles', 'until'],
        trust.operators.map((operator) => [operator.id, operator.name, operator.roles.join(', '), operator.notAfter]),
      ),
    ),
  'sync.state': syncView,
  'sync.check': syncView,
  'sync.plan': syncView,
  'sync.start': syncView,
  'sync.pause': syncView,
  'sync.resume': syncView,
  'sync.setLink': syncView,
}

/** `took 3.1 MB instead of 48 MB (delta from 1.4.0)` */
function way({ way: taken, state, bytes }: SyncItem, options: ViewOptions): string {
  if (!taken) return ''
  const { formats } = options
  const from = taken.from === null ? taken.kind : `${taken.kind} from ${taken.from}`
  const refused = taken.refused.map((other) => `; not as ${other.kind}: ${reason(other.reason, options)}`).join('')
  const verb = state === 'held' ? 'took' : 'takes'
  if (taken.bytes >= bytes) return refused === '' ? '' : `whole${refused}`
  return `${verb} ${formats.bytes(taken.bytes)} instead of ${formats.bytes(bytes)} (${from})${refused}`
}

/** `paid by the byte (a person says so)` */
function link({ network, metered, by }: SyncLimitsView['link']): string {
  const whose = {
    'this-sync': 'for this sync',
    person: 'a person says so',
    system: 'the system says so',
    nobody: 'nobody says otherwise',
  }
  return `${network ?? 'unknown network'}, ${metered ? '' : 'not '}paid by the byte (${whose[by]})`
}

function hours({ window, endsAt }: SyncLimitsView, options: ViewOptions): string {
  if (endsAt !== null) return `until ${when(endsAt, options)}`
  if (!window) return 'any'
  const changes =
    window.changesAt === null ? '' : `, ${window.open ? 'closes' : 'opens'} ${when(window.changesAt, options)}`
  return `${window.from} to ${window.to}, ${window.open ? 'open' : 'closed'}${changes}`
}

function group({ priority, files, bytes, now, etaMs, waits }: SyncGroup, options: ViewOptions): unknown[] {
  const { formats } = options
  const time = etaMs === null ? '' : formats.duration(etaMs)
  return [priority, files, formats.bytes(bytes), formats.bytes(now), time, reason(waits, options)]
}

function goesOn(sync: SyncView, options: ViewOptions): string | null {
  if (!sync.goesOn) return null
  if (sync.goesOn.at !== null) return when(sync.goesOn.at, options)
  return sync.goesOn.when === 'window' ? 'when its hours begin' : 'on a connection that is not paid by the byte'
}

function syncView(sync: SyncView, options: ViewOptions): string {
  const { formats } = options
  return blocks(
    list([
      ['Server', sync.url],
      ['Now', sync.phase],
      ['Offline by choice', yesNo(sync.offlineChosen)],
      [
        'To fetch',
        `${formats.bytes(sync.toFetch)}${sync.etaMs === null ? '' : `, about ${formats.duration(sync.etaMs)}`}`,
      ],
      ['Budget', sync.limits.budget === null ? 'none' : formats.bytes(sync.limits.budget)],
      ['Hours', hours(sync.limits, options)],
      ['Link', link(sync.limits.link)],
      ...(sync.paused ? [['Paused', `by ${sync.paused.by} since ${when(sync.paused.since, options)}`] as const] : []),
      ...(sync.goesOn ? [['Goes on', goesOn(sync, options)] as const] : []),
      ['On board', formats.bytes(sync.storedBytes)],
      ['Last sync', when(sync.lastSuccess, options)],
      ...(sync.lastError ? [['Last error', reason(sync.lastError, options)] as const] : []),
    ]),
    table(
      ['in this order', 'files', 'bytes', 'now', 'done in', 'why the rest waits'],
      sync.groups.map((each) => group(each, options)),
    ),
    table(
      ['artifact', 'priority', 'size', 'state', 'way', 'why'],
      sync.items.map((item) => [
        item.title,
        item.priority,
        formats.bytes(item.bytes),
        item.state === 'fetching' ? formats.percent(item.move > 0 ? item.done / item.move : 0) : item.state,
        way(item, options),
        reason(item.reason, options),
      ]),
    ),
    sync.files.total > sync.items.length ? `${sync.files.total - sync.items.length} more` : '',
  )
}
