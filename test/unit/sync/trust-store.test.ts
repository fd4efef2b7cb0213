import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { trustQueries } from '../../../electron/host/store/trust.ts'
import { type FoundState, TrustStore } from '../../../electron/host/sync/trust-store.ts'
import type { Library } from '../../../electron/host/trust/library.ts'
import { atOnce } from '../../../shared/steps.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const ROOT = Buffer.from('the pinned root')
const PIN = { url: 'https://example.org', fingerprint: sha256Hex(ROOT) }
const library = { roles: [{ name: 'artifacts', version: 7 }], issuedAt: 5 } as unknown as Library

let files: ReturnType<typeof trustQueries>
let store: TrustStore

beforeEach(() => {
  const db = Db.open(join(tempDir(), 'slipway.db'))
  files = trustQueries(db)
  store = new TrustStore(files, factQueries(db))
  store.adopt(PIN, ROOT, 0)
})

function found(long: Uint8Array, documents: readonly string[]): FoundState {
  const fresh = new Map(documents.map((text) => [sha256Hex(text), Buffer.from(text)]))
  return {
    ...PIN,
    syncedAt: 1,
    roots: [ROOT],
    timestamp: Buffer.from('timestamp'),
    snapshot: Buffer.from('snapshot'),
    roles: new Map([
      ['targets', Buffer.from('short')],
      ['artifacts', long],
    ]),
    documents: fresh,
    fresh,
  }
}

function accept(state: FoundState): void {
  const facts = atOnce(store.prepare(state, library, 1))
  store.accept(state, library, facts, 1)
  atOnce(store.tidy(new Set(state.documents.keys()), 1))
}

describe('a role of many megabytes', () => {
  const long = randomBytes(3_500_000)

  it('comes back byte for byte, and lies in parts that are read one by one', () => {
    accept(found(long, ['a plan']))
    const state = atOnce(store.stateSteps())
    expect(Buffer.compare(state?.roles.get('artifacts') ?? Buffer.alloc(0), long)).toBe(0)
    expect(Buffer.from(state?.roles.get('targets') ?? []).toString()).toBe('short')
    expect(files.names('good/part').length).toBe(4)
    expect([...store.stateSteps()].length).toBeGreaterThan(4)
  })

  it('leaves nothing behind when another one or a short one takes its place', () => {
    accept(found(long, []))
    const other = randomBytes(2_000_000)
    accept(found(other, []))
    expect(files.names('good/part').length).toBe(2)
    expect(Buffer.compare(atOnce(store.cacheSteps()).roles.get('artifacts') ?? Buffer.alloc(0), other)).toBe(0)
    accept(found(Buffer.from('short'), []))
    expect(files.names('good/part')).toEqual([])
    expect(files.names('good/long')).toEqual([])
  })

  it('is written anew where a part of it was damaged and the server had to show it again', () => {
    accept(found(long, []))
    const [part = ''] = files.names('good/part')
    files.change('good/part', { put: [[part, Buffer.alloc(1000)]], drop: [] }, 2)
    const damaged = atOnce(store.cacheSteps()).roles.get('artifacts') ?? Buffer.alloc(0)
    expect(Buffer.compare(damaged, long)).not.toBe(0)
    accept(found(long, []))
    expect(Buffer.compare(atOnce(store.cacheSteps()).roles.get('artifacts') ?? Buffer.alloc(0), long)).toBe(0)
  })

  it('that a refresh has seen before it failed guards against the one before it', () => {
    accept(found(long, []))
    const cache = atOnce(store.cacheSteps())
    const newer = randomBytes(2_000_000)
    store.keepSeen({ ...cache, roles: new Map(cache.roles).set('artifacts', newer) }, 2)
    expect(files.names('seen')).toEqual(['role/artifacts'])
    expect(Buffer.compare(atOnce(store.cacheSteps()).roles.get('artifacts') ?? Buffer.alloc(0), newer)).toBe(0)
    const good = atOnce(store.stateSteps())?.roles.get('artifacts') ?? Buffer.alloc(0)
    expect(Buffer.compare(good, long)).toBe(0)
  })
})

it('documents that no state needs any more are deleted, and before one is accepted nothing changes', () => {
  accept(found(Buffer.from('x'), ['first', 'second']))
  const next = found(Buffer.from('x'), ['third'])
  const facts = atOnce(store.prepare(next, library, 2))
  expect(Buffer.from(atOnce(store.stateSteps())?.documents.get(sha256Hex('first')) ?? []).toString()).toBe('first')
  store.accept(next, library, facts, 2)
  atOnce(store.tidy(new Set(next.documents.keys()), 2))
  expect([...store.documents().keys()]).toEqual([sha256Hex('third')])
})
