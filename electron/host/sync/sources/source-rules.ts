import { AppError } from '../../../../shared/errors.ts'
import { matchesPattern } from '../../trust/path-pattern.ts'
import type { RepositoryUrls } from '../repository-urls.ts'

/** Where our own publisher's documents lie. Nobody else's file is taken under such a name, not even to look at it. */
const OURS = ['policy', 'sites', 'profiles', 'plans', 'known-issues', 'metadata']
const MAX_PATH = 500

/** Why a target of somebody else's repository is not taken; null: it may be, as bytes and nothing more. */
export function refusedPath(path: string, patterns: readonly string[]): AppError | null {
  const detail = { target: path.slice(0, 200) }
  const segments = path.split('/')
  const climbs = segments.some((segment) => segment === '' || segment === '.' || segment === '..')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (climbs || path.length > MAX_PATH || /[\u0000-\u001f\u007f\\]/.test(path)) {
    return new AppError('source.bad-path', { detail })
  }
  if (OURS.includes((segments[0] ?? '').toLowerCase())) return new AppError('source.reserved-path', { detail })
  const covered = patterns.length === 0 || patterns.some((pattern) => matchesPattern(path, pattern))
  return covered ? null : new AppError('source.outside-filter', { detail })
}

/** Two folders on a server. Throws `sync.bad-url`. */
export function folders(metadata: string, targets: string): RepositoryUrls {
  return { metadata: folder(metadata), targets: folder(targets) }
}

function folder(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || `${url.search}${url.hash}${url.username}` !== '') {
    throw new AppError('sync.bad-url', { detail: { url: text.slice(0, 300) } })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** What a publisher calls the version of a file, where it says so in one of the usual places. */
export function versionOf(custom: unknown): string | null {
  const version = typeof custom === 'object' && custom !== null && 'version' in custom ? custom.version : null
  return typeof version === 'string' || typeof version === 'number' ? String(version).slice(0, 50) : null
}
