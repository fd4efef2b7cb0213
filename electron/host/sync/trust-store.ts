import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Sha256Hex } from '../../../shared/model/text.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { FactQueries } from '../store/facts.ts'
import { readJson } from '../store/json-column.ts'
import type { SyncFacts, TrustQueries } from '../store/trust.ts'
import type { Library } from '../trust/library.ts'
import type { StoredState } from '../trust/stored-state.ts'
import type { MetadataCache } from './repository-client.ts'

/** The server and the root that a person chose to trust. */
const Pin = z.object({ url: z.string(), fingerprint: Sha256Hex })
export type Pin = z.infer<typeof Pin>

const PIN = 'trust.pin'
/** The last good state, whole. What is in force is made of nothing else. */
const GOOD = 'good'
/** Newer files that were accepted in refreshes that did not reach their end: a guard against rollback. */
const SEEN = 'seen'
const TIMESTAMP = 'timestamp'
const SNAPSHOT = 'snapshot'

/**
 * Trust as it lies in the database. The writing methods do no transaction of their own: they are called
 * inside the one that also writes the audit entry.
 */
export class TrustStore {
  readonly #files: TrustQueries
  readonly #facts: FactQueries

  constructor(files: TrustQueries, facts: FactQueries) {
    this.#files = files
    this.#facts = facts
  }

  pin(): Pin | null {
    const text = this.#facts.get(PIN)
    return text === null ? null : readJson(Pin, text, 'fact.trust.pin')
  }

  /** First trust: from here on the root is pinned, and nothing else is known yet. */
  adopt(pin: Pin, root: Uint8Array, at: number): void {
    this.#facts.set(PIN, JSON.stringify(pin))
    this.#files.replaceFolder(GOOD, new Map([[rootName(0), root]]), at)
    this.#files.replaceFolder(SEEN, new Map(), at)
  }

  /** The same publisher at another address. */
  move(pin: Pin): void {
    this.#facts.set(PIN, JSON.stringify(pin))
  }

  /** The last good state; null before the first. Throws `trust.cache-corrupt` when a part of it is gone. */
  state(): StoredState | null {
    const pin = this.pin()
    const sync = this.#files.sync()
    if (!pin || !sync) return null
    const files = this.#files.folder(GOOD)
    const { url, syncedAt } = sync
    const { fingerprint } = pin
    return {
      url,
      fingerprint,
      syncedAt,
      roots: roots(files),
      timestamp: required(files, TIMESTAMP),
      snapshot: required(files, SNAPSHOT),
      roles: below(files, 'role'),
      documents: below(files, 'document'),
    }
  }

  /** What a refresh begins from: the good state with everything newer that was seen laid over it. */
  cache(): MetadataCache {
    const good = this.#files.folder(GOOD)
    const seen = this.#files.folder(SEEN)
    return {
      roots: [...roots(good), ...roots(seen)],
      timestamp: seen.get(TIMESTAMP) ?? good.get(TIMESTAMP) ?? null,
      snapshot: seen.get(SNAPSHOT) ?? good.get(SNAPSHOT) ?? null,
      roles: new Map([...below(good, 'role'), ...below(seen, 'role')]),
    }
  }

  /** Documents that are at hand, by SHA-256. */
  documents(): ReadonlyMap<string, Uint8Array> {
    return below(this.#files.folder(GOOD), 'document')
  }

  /** Puts a whole new good state in force. */
  accept(state: StoredState, library: Library, at: number): void {
    const content = new Map<string, Uint8Array>()
    for (const [index, root] of state.roots.entries()) content.set(rootName(index), root)
    content.set(TIMESTAMP, state.timestamp)
    content.set(SNAPSHOT, state.snapshot)
    for (const [role, bytes] of state.roles) content.set(`role/${encodeURIComponent(role)}`, bytes)
    for (const [hash, bytes] of state.documents) content.set(`document/${hash}`, bytes)
    this.#files.replaceFolder(GOOD, content, at)
    this.#files.replaceFolder(SEEN, new Map(), at)
    const { url, fingerprint, syncedAt } = state
    this.#files.setSync({ url, fingerprint, syncedAt, issuedAt: library.issuedAt, facts: syncFacts(state, library) })
  }

  /** Keeps what a refresh that failed has accepted before it did. */
  keepSeen(cache: MetadataCache, at: number): void {
    const good = this.#files.folder(GOOD)
    const seen = new Map<string, Uint8Array>()
    for (const [index, root] of cache.roots.entries()) seen.set(rootName(index), root)
    if (cache.timestamp) seen.set(TIMESTAMP, cache.timestamp)
    if (cache.snapshot) seen.set(SNAPSHOT, cache.snapshot)
    for (const [role, bytes] of cache.roles) seen.set(`role/${encodeURIComponent(role)}`, bytes)
    for (const [name, bytes] of seen) if (same(good.get(name), bytes)) seen.delete(name)
    this.#files.replaceFolder(SEEN, seen, at)
  }
}

function syncFacts(state: StoredState, library: Library): SyncFacts {
  const newest = state.roots.at(-1) ?? new Uint8Array()
  const files = new Map([['root', newest], [TIMESTAMP, state.timestamp], [SNAPSHOT, state.snapshot], ...state.roles])
  return {
    versions: Object.fromEntries(library.roles.map(({ name, version }) => [name, version])),
    hashes: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256Hex(bytes)])),
  }
}

/** Place in the chain and not version: a chain begins where it was pinned. Sorts as text. */
function rootName(index: number): string {
  return `root/${String(index).padStart(6, '0')}`
}

function roots(files: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return [...files].flatMap(([name, bytes]) => (name.startsWith('root/') ? [bytes] : []))
}

function below(files: ReadonlyMap<string, Uint8Array>, folder: string): Map<string, Uint8Array> {
  const inside = [...files].filter(([name]) => name.startsWith(`${folder}/`))
  return new Map(inside.map(([name, bytes]) => [decodeURIComponent(name.slice(folder.length + 1)), bytes]))
}

function required(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name)
  if (!bytes) throw new AppError('trust.cache-corrupt', { detail: { reason: 'missing', about: name } })
  return bytes
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}
