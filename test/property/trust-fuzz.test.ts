import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalBytes } from '../../electron/host/crypto/canonical-json.ts'
import { DEFAULT_LIMITS } from '../../electron/host/trust/limits.ts'
import { openStored, type StoredState } from '../../electron/host/trust/stored-state.ts'
import { TrustedSet } from '../../electron/host/trust/trusted-set.ts'
import { isAppError } from '../../shared/errors.ts'
import { makeSigner } from '../fixtures/tuf/signer.ts'
import { SlipwayRepository } from '../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../fixtures/tuf/stored.ts'

const repo = new SlipwayRepository()
const good = storedStateOf(repo)
const FILES = ['root', 'timestamp', 'snapshot', 'targets', 'policy', 'plans'] as const
type File = (typeof FILES)[number]

const bytesOf = (file: File): Uint8Array => {
  if (file === 'root') return good.roots[0]!
  return file === 'timestamp' || file === 'snapshot' ? good[file] : good.roles.get(file)!
}
function withFile(file: File, bytes: Uint8Array): StoredState {
  if (file === 'root') return { ...good, roots: [bytes] }
  if (file === 'timestamp' || file === 'snapshot') return { ...good, [file]: bytes }
  return { ...good, roles: new Map(good.roles).set(file, bytes) }
}

/** A JSON value somewhere in a document, replaced, removed, doubled or renamed. */
function mutate(value: unknown, path: readonly number[], change: unknown, how: number): unknown {
  if (typeof value !== 'object' || value === null) return change
  const entries = Object.entries(value)
  if (entries.length === 0 || path.length === 0) return change
  const at = path[0]! % entries.length
  const [name, member] = entries[at]!
  if (path.length === 1 && how === 0) entries.splice(at, 1)
  else if (path.length === 1 && how === 1) entries.push([`${name}x`, member])
  else entries[at] = [name, mutate(member, path.slice(1), change, how)]
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

const anyFile = fc.constantFrom(...FILES)
const anyPath = fc.array(fc.nat(40), { minLength: 1, maxLength: 6 })
const anyChange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    -1,
    0,
    1,
    2 ** 53,
    1e300,
    '',
    'root',
    '../x',
    '\u0000',
    null,
    [],
    {},
    '2036-01-01T00:00:00Z',
    'ab'.repeat(32),
  ),
)

describe('metadata from strangers', () => {
  it('one wrong byte anywhere is a coded refusal or changes nothing', () => {
    fc.assert(
      fc.property(anyFile, fc.nat(), fc.integer({ min: 1, max: 255 }), (file, at, by) => {
        const bytes = Buffer.from(bytesOf(file))
        const before = canonical(bytes)
        bytes[at % bytes.length]! ^= by
        const outcome = open(withFile(file, bytes))
        const unchanged = outcome === 'ok' && canonical(bytes) === before
        expect(unchanged || outcome === 'trust.cache-corrupt').toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('a cut at any byte is a coded refusal', () => {
    fc.assert(
      fc.property(anyFile, fc.nat(), (file, at) => {
        const bytes = bytesOf(file)
        expect(open(withFile(file, bytes.subarray(0, at % bytes.length)))).toBe('trust.cache-corrupt')
      }),
      { numRuns: 100 },
    )
  })

  it('nonsense that is properly signed never throws anything but our own codes', () => {
    fc.assert(
      fc.property(anyFile, anyPath, anyChange, fc.nat(3), (file, path, change, how) => {
        const signed = JSON.parse(Buffer.from(bytesOf(file)).toString()).signed
        const wrong = mutate(signed, path, change, how)
        expect(outcomeOf(() => feed(file, signAs(file, wrong)))).toMatch(/^(?:ok|trust\..+)$/)
      }),
      { numRuns: 1500 },
    )
  })

  it('any bytes at all never throw anything but our own codes', () => {
    fc.assert(
      fc.property(
        anyFile,
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (file, bytes) => {
          expect(open(withFile(file, bytes))).toBe('trust.cache-corrupt')
        },
      ),
      { numRuns: 300 },
    )
  })
})

function open(state: StoredState): string {
  return outcomeOf(() => openStored(state, { limits: DEFAULT_LIMITS }))
}

function outcomeOf(work: () => unknown): string {
  try {
    work()
    return 'ok'
  } catch (error) {
    if (isAppError(error)) return error.code
    throw error
  }
}

/** What a file says, whatever its white space; empty when it says nothing. */
function canonical(bytes: Uint8Array): string {
  try {
    // Signatures are hex in either case.
    return JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8'))).toLowerCase()
  } catch {
    return ''
  }
}

const signer = makeSigner()
function signAs(file: File, signed: unknown): Uint8Array {
  const role = repo.of(file)[0] ?? signer
  const payload = (() => {
    try {
      return canonicalBytes(signed as never)
    } catch {
      return Buffer.from('')
    }
  })()
  return Buffer.from(JSON.stringify({ signatures: [{ keyid: role.keyid, sig: role.sign(payload) }], signed }))
}

/** Gives the file to a trusted set that is ready for it. */
function feed(file: File, bytes: Uint8Array): void {
  const options = { now: Date.now(), limits: DEFAULT_LIMITS }
  const set = new TrustedSet(file === 'root' ? bytes : good.roots[0]!, options)
  if (file === 'root') return
  set.updateTimestamp(file === 'timestamp' ? bytes : good.timestamp)
  set.updateSnapshot(file === 'snapshot' ? bytes : good.snapshot, file === 'snapshot' ? 'held' : 'named')
  set.requireFinalSnapshot()
  set.updateTargets(file === 'targets' ? bytes : good.roles.get('targets')!, { role: 'targets', delegator: 'root' })
  if (file === 'plans' || file === 'policy') set.updateTargets(bytes, { role: file, delegator: 'targets' })
}
