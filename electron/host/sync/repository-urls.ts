import { AppError } from '../../../shared/errors.ts'
import type { TargetInfo } from '../trust/library.ts'
import type { TargetFacts } from '../trust/targets-metadata.ts'

/** Where a repository keeps its two kinds of files. Both end in `/`. */
export interface RepositoryUrls {
  readonly metadata: string
  readonly targets: string
}

/** `https://depot.example/repo` -> its `metadata/` and `targets/`. Throws `sync.bad-url`. */
export function repositoryUrls(base: string): RepositoryUrls {
  const url = URL.parse(base)
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new AppError('sync.bad-url', { detail: { url: base.slice(0, 300) } })
  }
  const folder = url.href.endsWith('/') ? url.href : `${url.href}/`
  return { metadata: `${folder}metadata/`, targets: `${folder}targets/` }
}

/** TUF 6.2: `3.plans.json`, or `plans.json` where names carry no versions. Version null: never has one. */
export function metadataUrl(urls: RepositoryUrls, role: string, version: number | null): string {
  return `${urls.metadata}${version === null ? '' : `${version}.`}${encodeName(role)}.json`
}

/** TUF 6.2: `plans/<hash>.crane.json`. Throws `trust.bad-metadata` on a path that climbs or has empty parts. */
export function targetUrl(urls: RepositoryUrls, path: string, facts: TargetFacts, consistent: boolean): string {
  const segments = path.split('/')
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) {
    throw new AppError('trust.bad-metadata', { detail: { role: 'targets', why: path.slice(0, 200) } })
  }
  const last = segments.pop() ?? ''
  const hash = facts.hashes.get('sha256') ?? facts.hashes.get('sha512') ?? ''
  const folder = segments.map((segment) => `${encodeName(segment)}/`).join('')
  return `${urls.targets}${folder}${consistent ? `${hash}.` : ''}${encodeName(last)}`
}

/** {@link targetUrl} in a repository of ours, whose names always carry the SHA-256. */
export function artifactUrl(urls: RepositoryUrls, target: TargetInfo): string {
  const facts = { length: target.length, hashes: new Map([['sha256', target.sha256] as const]), custom: null }
  return targetUrl(urls, target.path, facts, true)
}

/** Everything but RFC 3986's unreserved characters: `?`, `#` and `/` in a name stay in the name. */
export function encodeName(name: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(name.toWellFormed()).replace(/[!'()*]/g, hex)
}
