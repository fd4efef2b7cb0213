/**
 * Our repository client behind the command line that the public TUF conformance suite drives (CLIENT-CLI.md of
 * theupdateframework/tuf-conformance): `--metadata-dir D [--metadata-url U] [--target-name P ...] [--target-base-url T]
 * [--target-dir O] init ROOT | refresh | download`. Exit code 0 or 1.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { type MetadataCache, RepositoryClient } from '../../../electron/host/sync/repository-client.ts'
import { requireFacts } from '../../../electron/host/trust/file-facts.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import type { FoundTarget } from '../../../electron/host/trust/lookup.ts'

const TOP = ['timestamp', 'snapshot'] as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string' },
    'metadata-url': { type: 'string' },
    'target-name': { type: 'string', multiple: true },
    'target-base-url': { type: 'string' },
    'target-dir': { type: 'string' },
  },
})
const dir = values['metadata-dir'] ?? '.'
const [command = '', rootFile = ''] = positionals
const place = (role: string) => join(dir, `${encodeURIComponent(role)}.json`)

try {
  if (command === 'init') init()
  else await act()
  process.exit(0)
} catch (error) {
  console.error(String(error))
  process.exit(1)
}

function init(): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(place('root'), readFileSync(rootFile))
}

async function act(): Promise<void> {
  const cache = readCache()
  const client = new RepositoryClient({
    urls: { metadata: folder(values['metadata-url']), targets: folder(values['target-base-url']) },
    fetcher: new HttpFetcher(),
    cache,
    now: Date.now(),
    limits: DEFAULT_LIMITS,
    signal: new AbortController().signal,
  })
  try {
    await client.refresh()
    for (const name of command === 'download' ? (values['target-name'] ?? []) : []) await download(client, name)
  } finally {
    writeCache(cache)
  }
}

async function download(client: RepositoryClient, name: string): Promise<void> {
  const target = await client.find(name)
  if (!target) throw new Error(`no target ${name}`)
  const path = join(values['target-dir'] ?? '.', encodeURIComponent(name))
  if (isHere(path, target)) return
  writeFileSync(path, await client.fetchTarget(target, Number.MAX_SAFE_INTEGER))
}

function isHere(path: string, { facts }: FoundTarget): boolean {
  try {
    requireFacts(readFileSync(path), path, facts)
    return true
  } catch {
    return false
  }
}

function readCache(): MetadataCache {
  const read = (role: string) => (existsSync(place(role)) ? readFileSync(place(role)) : null)
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'))
  const roles = names.map((name) => decodeURIComponent(name.slice(0, -'.json'.length)))
  const others = roles.filter((role) => !['root', ...TOP].includes(role))
  return {
    roots: [readFileSync(place('root'))],
    timestamp: read('timestamp'),
    snapshot: read('snapshot'),
    roles: new Map(others.map((role) => [role, readFileSync(place(role))])),
  }
}

function writeCache(cache: MetadataCache): void {
  const root = cache.roots.at(-1)
  if (root) writeFileSync(place('root'), root)
  for (const role of TOP) {
    const bytes = cache[role]
    if (bytes) writeFileSync(place(role), bytes)
  }
  for (const [role, bytes] of cache.roles) writeFileSync(place(role), bytes)
}

function folder(url = ''): string {
  return url.endsWith('/') ? url : `${url}/`
}
