import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { pendingFor, withSignatures } from '../../../electron/depot/ceremony/pending.ts'
import {
  payloadOf,
  progressOf,
  type RequestedFile,
  type SigningRequest,
  validSignatures,
} from '../../../electron/depot/ceremony/request.ts'
import { signRequest } from '../../../electron/depot/ceremony/sign-request.ts'
import { keyidOf } from '../../../electron/depot/config.ts'
import { KeyStore } from '../../../electron/depot/key-store.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const NOW = Date.UTC(2026, 10, 20)
const PLAN = '{"format":"slipway.plan/1"}'
const SIGNED = {
  _type: 'targets',
  version: 7,
  expires: '2027-02-01T00:00:00Z',
  targets: { 'plans/a.json': { hashes: { sha256: sha256Hex(Buffer.from(PLAN)) } } },
} as RequestedFile['signed']

const dir = mkdtempSync(join(tmpdir(), 'slipway-test-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const keys = new KeyStore(dir, null)
const [ada, ben, eve] = [await keys.create(), await keys.create(), await keys.create()]

/** Two of these two must sign. */
const asks = (change: Partial<RequestedFile> = {}): RequestedFile => ({
  name: 'policy',
  signed: SIGNED,
  before: null,
  signers: [{ threshold: 2, keys: [ada, ben] }],
  signatures: {},
  ...change,
})
const request = (file: RequestedFile): SigningRequest => ({
  format: 'slipway.signing-request/1',
  depot: 'Harbour',
  made: '2026-11-20T00:00:00Z',
  files: [file],
  documents: { 'plans/a.json': PLAN },
})
const by = async (key: string, file: RequestedFile = asks()) => (await keys.open(key))?.sign(payloadOf(file)) ?? ''

it('a signature counts that is there, good, and by somebody who was asked', async () => {
  const file = asks({ signatures: { [ada]: await by(ada), [ben]: await by(ada), [eve]: await by(eve) } })
  expect([...validSignatures(file).keys()]).toEqual([ada])
  expect(progressOf(file)).toMatchObject({ signed: [{ have: 1, need: 2 }], complete: false, open: [keyidOf(ben)] })
  const both = asks({ signatures: { [ada]: await by(ada), [ben]: await by(ben) } })
  expect(progressOf(both)).toMatchObject({ signed: [{ have: 2, need: 2 }], complete: true, open: [] })
})

it('every group of signers must be complete: those of the old root and those of the new', async () => {
  const signers = [
    { threshold: 1, keys: [ada] },
    { threshold: 1, keys: [eve] },
  ]
  expect(progressOf(asks({ signers, signatures: { [ada]: await by(ada) } })).complete).toBe(false)
  expect(progressOf(asks({ signers, signatures: { [ada]: await by(ada), [eve]: await by(eve) } })).complete).toBe(true)
})

it('what came back adds signatures, and takes none away', async () => {
  const pending = request(asks({ signatures: { [ada]: await by(ada) } }))
  const back = request(asks({ signatures: { [ada]: 'f'.repeat(128), [ben]: await by(ben), [eve]: await by(eve) } }))
  const [file] = withSignatures(pending, back).files
  expect(file?.signatures).toEqual({ [ada]: await by(ada), [ben]: await by(ben) })
  const other = request(asks({ signed: { ...SIGNED, version: 8 } }))
  expect(() => withSignatures(pending, other)).toThrow(expect.objectContaining({ code: 'depot.ceremony-other' }))
  expect(() => withSignatures(null, back)).toThrow(expect.objectContaining({ code: 'depot.ceremony-other' }))
})

it.each<[string, object]>([
  ['of another version', { version: 8 }],
  ['for a file of another name', { name: 'plans' }],
  ['that says something else', { content: { ...SIGNED, targets: {} } }],
  ['that is over at this very moment', { now: Date.parse(SIGNED.expires) }],
])('a request that went out does not stand for one %s', (_, change) => {
  const draft = { name: 'policy', version: 7, content: SIGNED as never, now: NOW }
  const pending = request(asks())
  expect(pendingFor(pending, draft)).toBe(pending.files[0])
  // Dates are what a new draft differs in; what was signed stands.
  expect(pendingFor(pending, { ...draft, content: { ...SIGNED, expires: '2028-01-01T00:00:00Z' } })).not.toBeNull()
  expect(pendingFor(pending, { ...draft, ...change })).toBeNull()
})

it('the keys of a folder sign what they are asked for, once, and only what can be read', async () => {
  const { request: signed, added } = await signRequest(request(asks()), keys)
  expect(added).toBe(2)
  expect(progressOf(signed.files[0]!).complete).toBe(true)
  expect((await signRequest(signed, keys)).added).toBe(0)
  const forged = { ...request(asks()), documents: { 'plans/a.json': '{}' } }
  await expect(signRequest(forged, keys)).rejects.toMatchObject({ code: 'depot.ceremony-document' })
  const elsewhere = new KeyStore(tempDir(), null)
  await elsewhere.create()
  await expect(signRequest(request(asks()), elsewhere)).rejects.toMatchObject({ code: 'depot.unknown-key' })
})
