/** Where a person can be in the page. Pure: the hash in, a place out, and back. */
export type Place =
  /** Where a window opens: the first start while something is missing, the site afterwards. */
  | { readonly area: 'home' }
  | { readonly area: 'start' }
  | { readonly area: 'site' }
  | { readonly area: 'device'; readonly device: string; readonly tab: DeviceTab }
  | { readonly area: 'find' }
  | { readonly area: 'recovery'; readonly address: string }
  | { readonly area: 'doctor'; readonly address: string | null }
  | { readonly area: 'plans' }
  | { readonly area: 'plan'; readonly plan: string }
  | { readonly area: 'artifact'; readonly target: string | null }
  | { readonly area: 'runs' }
  | { readonly area: 'run'; readonly run: string }
  | { readonly area: 'report'; readonly run: string }
  | { readonly area: 'batch'; readonly batch: string }
  | { readonly area: 'sync' }
  | { readonly area: 'audit' }
  | { readonly area: 'settings'; readonly section: SettingsSection }
  | { readonly area: 'nowhere'; readonly hash: string }

export const DEVICE_TABS = ['overview', 'signals', 'health', 'history', 'doctor'] as const
export type DeviceTab = (typeof DEVICE_TABS)[number]

export const SETTINGS_SECTIONS = ['display', 'people', 'trust', 'connections', 'about'] as const
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]

export const paths = {
  start: '#/start',
  site: '#/site',
  device: (key: string, tab: DeviceTab = 'overview') => `#/devices/${encodeURIComponent(key)}/${tab}`,
  find: '#/find',
  doctor: (address?: string) => (address === undefined ? '#/doctor' : `#/doctor/${encodeURIComponent(address)}`),
  recovery: (address: string) => `#/recovery/${encodeURIComponent(address)}`,
  plans: '#/plans',
  plan: (id: string) => `#/plans/${encodeURIComponent(id)}`,
  artifact: (target?: string) => (target === undefined ? '#/artifact' : `#/artifact/${encodeURIComponent(target)}`),
  runs: '#/runs',
  run: (id: string) => `#/runs/${encodeURIComponent(id)}`,
  batch: (id: string) => `#/batches/${encodeURIComponent(id)}`,
  report: (id: string) => `#/runs/${encodeURIComponent(id)}/report`,
  sync: '#/sync',
  audit: '#/audit',
  settings: (section: SettingsSection = 'display') => `#/settings/${section}`,
} as const

export function placeOf(hash: string): Place {
  const [area = '', first, second] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  switch (area) {
    case '':
      return { area: 'home' }
    case 'site':
    case 'find':
    case 'start':
    case 'sync':
    case 'audit':
      return { area }
    case 'devices':
      return first ? { area: 'device', device: first, tab: oneOf(DEVICE_TABS, second) } : { area: 'site' }
    case 'doctor':
      return { area: 'doctor', address: first || null }
    case 'recovery':
      return first ? { area: 'recovery', address: first } : { area: 'site' }
    case 'plans':
      return first ? { area: 'plan', plan: first } : { area: 'plans' }
    case 'artifact':
      return { area: 'artifact', target: first || null }
    case 'runs':
      if (!first) return { area: 'runs' }
      return second === 'report' ? { area: 'report', run: first } : { area: 'run', run: first }
    case 'batches':
      return first ? { area: 'batch', batch: first } : { area: 'runs' }
    case 'settings':
      return { area: 'settings', section: oneOf(SETTINGS_SECTIONS, first) }
    default:
      return { area: 'nowhere', hash }
  }
}

/** Where a click on an alert leads: its subject is `run:ID`, `device:KEY`, `trust`, `audit`, ... */
export function pathOfSubject(subject: string): string | null {
  const colon = subject.indexOf(':')
  const kind = colon < 0 ? subject : subject.slice(0, colon)
  const id = colon < 0 ? '' : subject.slice(colon + 1)
  if (kind === 'run' && id !== '') return paths.run(id)
  if (kind === 'device' && id !== '') return paths.device(id)
  if (kind === 'plan' && id !== '') return paths.plan(id)
  if (kind === 'trust') return paths.sync
  if (kind === 'audit') return paths.audit
  if (kind === 'people') return paths.settings('people')
  return null
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A hand-typed address with a stray percent sign still leads somewhere.
    return part
  }
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T {
  return known.find((each) => each === value) ?? (known[0] as T)
}
