import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Sha256Hex } from '../../../shared/model/text.ts'
import type { Steps } from '../../../shared/steps.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { FactQueries } from '../store/facts.ts'
import { readJson } from '../store/json-column.ts'
import type { SyncFacts, TrustQueries } from '../store/trust.ts'
import type { Library } from '../trust/library.ts'
import type { HeldFiles, StoredState } from '../trust/stored-state.ts'
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
const ROOT = 'root'
const ROLE = 'role'
const DOCUMENT = 'document'
/** Where the parts of a long role are, and of which bytes it is made: read and written at once it would hold up everything. */
const LONG = 'long'
const PART = 'part'
const PART_BYTES = 1 << 20

/** Documents written in one transaction. */
const BATCH = 64

/** A state that a refresh has found, before it is in force. */
export interface FoundState extends StoredState {
  readonly roles: ReadonlyMap<string, Uint8Array>
  /** Of the documents those that were not at hand, by SHA-256. */
  readonly fresh: ReadonlyMap<string, Uint8Array>
}

/**
 * Trust as it lies in the database. {@link TrustStore.accept} and its like do no transaction of their own: they are
 * called inside the one that also writes the audit entry.
 */
export class TrustStore {
  readonly #files: TrustQueries
  readonly #facts: FactQueries
  /** What was read from the good state, and under which name: it need not be written there again. */
  readonly #read = new WeakMap<Uint8Array, string>()

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
    this.#replace(GOOD, new Map([[rootName(0), root]]), at)
    this.#replace(SEEN, new Map(), at)
  }

  /** The same publisher at another address. */
  move(pin: Pin): void {
    this.#facts.set(PIN, JSON.stringify(pin))
  }

  /** The last good state; null before the first. Throws `trust.cache-corrupt` when a part of it is gone. */
  *stateSteps(): Steps<StoredState | null> {
    const pin = this.pin()
    const sync = this.#files.sync()
    if (!pin || !sync) return null
    const { url, syncedAt } = sync
    const { fingerprint } = pin
    return {
      url,
      fingerprint,
      syncedAt,
      roots: this.#roots(GOOD),
      timestamp: this.#required(TIMESTAMP),
      snapshot: this.#required(SNAPSHOT),
      roles: yield* this.#roles(),
      documents: this.documents(),
    }
  }

  /** What a refresh begins from: the good state with everything newer that was seen laid over it. */
  *cacheSteps(): Steps<MetadataCache> {
    const newest = (name: string) => this.#files.file(SEEN, name) ?? this.#good(name)
    const roles = new Map(yield* this.#roles())
    for (const name of this.#names(SEEN, ROLE)) {
      const bytes = this.#files.file(SEEN, `${ROLE}/${name}`)
      if (bytes) roles.set(decodeURIComponent(name), bytes)
    }
    return {
      roots: [...this.#roots(GOOD), ...this.#roots(SEEN)],
      timestamp: newest(TIMESTAMP),
      snapshot: newest(SNAPSHOT),
      roles,
    }
  }

  /** Documents that are at hand, by SHA-256. */
  documents(): HeldFiles {
    return {
      get: (hash) => this.#good(`${DOCUMENT}/${hash}`) ?? undefined,
      keys: () => this.#names(GOOD, DOCUMENT).values(),
    }
  }

  /**
   * Writes the new documents of a state and the parts of its long roles ahead of {@link accept}, a few at a time. They
   * are known by their hashes and mean nothing until that names them. Returns what {@link accept} notes of the state.
   */
  *prepare({ fresh, ...state }: FoundState, library: Library, at: number): Steps<SyncFacts> {
    const documents = [...fresh].map(([hash, bytes]) => [`${DOCUMENT}/${hash}`, bytes] as const)
    for (let from = 0; from < documents.length; from += BATCH) {
      this.#files.change(GOOD, { put: documents.slice(from, from + BATCH), drop: [] }, at)
      yield
    }
    const hashes: [string, string][] = []
    for (const [name, bytes] of metadataOf(state)) {
      const hash = sha256Hex(bytes)
      hashes.push([name, hash])
      yield
      if (!isLong(bytes) || this.#read.get(bytes) === longName(name)) continue
      for (const part of partsOf(hash, bytes)) {
        this.#files.change(GOOD, { put: [part], drop: [] }, at)
        yield
      }
    }
    const versions = Object.fromEntries(library.roles.map(({ name, version }) => [name, version]))
    return { versions, hashes: Object.fromEntries(hashes) }
  }

  /** Puts a whole new good state in force, after {@link prepare}. */
  accept(state: FoundState, library: Library, facts: SyncFacts, at: number): void {
    const content = new Map<string, Uint8Array>()
    for (const [index, root] of state.roots.entries()) content.set(rootName(index), root)
    content.set(TIMESTAMP, state.timestamp)
    content.set(SNAPSHOT, state.snapshot)
    for (const [role, bytes] of state.roles) {
      if (isLong(bytes)) content.set(longName(role), Buffer.from(facts.hashes[role] ?? '', 'utf8'))
      else content.set(roleName(role), bytes)
    }
    this.#replace(GOOD, content, at, [DOCUMENT, PART])
    this.#replace(SEEN, new Map(), at)
    const { url, fingerprint, syncedAt } = state
    this.#files.setSync({ url, fingerprint, syncedAt, issuedAt: library.issuedAt, facts })
  }

  /** Deletes documents and parts that the state in force does not need, a few at a time. */
  *tidy(needed: ReadonlySet<string>, at: number): Steps<void> {
    const long = new Set(this.#long().values())
    const drop = [
      ...this.#names(GOOD, DOCUMENT).flatMap((hash) => (needed.has(hash) ? [] : `${DOCUMENT}/${hash}`)),
      ...this.#names(GOOD, PART).flatMap((name) => (long.has(name.split('/')[0] ?? '') ? [] : `${PART}/${name}`)),
    ]
    for (let from = 0; from < drop.length; from += BATCH) {
      yield
      this.#files.change(GOOD, { put: [], drop: drop.slice(from, from + BATCH) }, at)
    }
  }

  /** Keeps what a refresh that failed has accepted before it did. */
  keepSeen(cache: MetadataCache, at: number): void {
    const seen = new Map<string, Uint8Array>()
    for (const [index, root] of cache.roots.entries()) seen.set(rootName(index), root)
    if (cache.timestamp) seen.set(TIMESTAMP, cache.timestamp)
    if (cache.snapshot) seen.set(SNAPSHOT, cache.snapshot)
    for (const [role, bytes] of cache.roles) {
      if (this.#read.get(bytes) !== longName(role)) seen.set(roleName(role), bytes)
    }
    for (const [name, bytes] of seen) {
      if (this.#read.get(bytes) === name || same(this.#good(name), bytes)) seen.delete(name)
    }
    this.#replace(SEEN, seen, at)
  }

  #good(name: string): Uint8Array | null {
    const bytes = this.#files.file(GOOD, name)
    if (bytes) this.#read.set(bytes, name)
    return bytes
  }

  #required(name: string): Uint8Array {
    const bytes = this.#good(name)
    if (!bytes) throw new AppError('trust.cache-corrupt', { detail: { reason: 'missing', about: name } })
    return bytes
  }

  #roots(folder: string): Uint8Array[] {
    const names = this.#names(folder, ROOT).map((name) => `${ROOT}/${name}`)
    return names.flatMap((name) => (folder === GOOD ? this.#good(name) : this.#files.file(folder, name)) ?? [])
  }

  /** The roles of the good state; of a long one without some of its parts only what is there. */
  *#roles(): Steps<Map<string, Uint8Array>> {
    const roles = new Map<string, Uint8Array>()
    for (const name of this.#names(GOOD, ROLE)) {
      const bytes = this.#good(`${ROLE}/${name}`)
      if (bytes) roles.set(decodeURIComponent(name), bytes)
      yield
    }
    const parts = this.#names(GOOD, PART)
    for (const [role, hash] of this.#long()) {
      const found: Uint8Array[] = []
      for (const name of parts.filter((part) => isIn(hash, part))) {
        found.push(this.#files.file(GOOD, `${PART}/${name}`) ?? new Uint8Array())
        yield
      }
      const bytes = Buffer.concat(found)
      this.#read.set(bytes, longName(role))
      roles.set(role, bytes)
      yield
    }
    return roles
  }

  /** Long roles of the good state, and the hashes of what they are made of. */
  #long(): Map<string, string> {
    const names = this.#names(GOOD, LONG)
    const hash = (name: string) => Buffer.from(this.#files.file(GOOD, `${LONG}/${name}`) ?? []).toString('utf8')
    return new Map(names.map((name) => [decodeURIComponent(name), hash(name)]))
  }

  /** Names below a folder of a folder. */
  #names(folder: string, below: string): string[] {
    return this.#files.names(`${folder}/${below}`)
  }

  /** Makes a folder hold exactly these files; what is below those `kept` stays as it is. */
  #replace(folder: string, content: ReadonlyMap<string, Uint8Array>, at: number, kept: readonly string[] = []): void {
    const stays = (name: string) => content.has(name) || kept.some((each) => isIn(each, name))
    const drop = this.#files.names(folder).filter((name) => !stays(name))
    const put = [...content].filter(([name, bytes]) => folder !== GOOD || this.#read.get(bytes) !== name)
    this.#files.change(folder, { put, drop }, at)
  }
}

function metadataOf({ roots, timestamp, snapshot, roles }: Omit<FoundState, 'fresh'>): Map<string, Uint8Array> {
  const newest = roots.at(-1) ?? new Uint8Array()
  return new Map([['root', newest], [TIMESTAMP, timestamp], [SNAPSHOT, snapshot], ...roles])
}

/** Place in the chain and not version: a chain begins where it was pinned. Sorts as text. */
function rootName(index: number): string {
  return `${ROOT}/${String(index).padStart(6, '0')}`
}

function roleName(role: string): string {
  return `${ROLE}/${encodeURIComponent(role)}`
}

function longName(role: string): string {
  return `${LONG}/${encodeURIComponent(role)}`
}

function isLong(bytes: Uint8Array): boolean {
  return bytes.length > PART_BYTES
}

function* partsOf(hash: string, bytes: Uint8Array): Generator<readonly [string, Uint8Array]> {
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    const index = String(from / PART_BYTES).padStart(6, '0')
    yield [`${PART}/${hash}/${index}`, bytes.subarray(from, from + PART_BYTES)]
  }
}

function isIn(folder: string, name: string): boolean {
  return name.startsWith(`${folder}/`)
}

function same(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && Buffer.compare(a, b) === 0
}
