import { createHash, generateKeyPairSync, sign as nodeSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { refusedArtifact } from '../../../electron/host/artifact/judge.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { readCpio } from '../../../electron/host/artifact/swu/cpio.ts'
import { parseDescription } from '../../../electron/host/artifact/swu/description.ts'
import { parseLibconfig } from '../../../electron/host/artifact/swu/libconfig.ts'
import { swuSignature } from '../../../electron/host/artifact/swu/signature.ts'
import { makeSwu, type SwuOptions } from '../../../electron/sim/artifacts/swu-maker.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'

const read = (bytes: Uint8Array) => inspect(memorySource(bytes), 'swu', [])
async function descriptionOf(bytes: Uint8Array): Promise<Uint8Array> {
  const [entry] = await readCpio(memorySource(bytes))
  return bytes.subarray(entry?.offset, (entry?.offset ?? 0) + (entry?.size ?? 0))
}

const image = { name: 'app.img', bytes: Buffer.from('payload'), device: '/dev/mmcblk0p2' }
const options: SwuOptions = { version: '1.0.1', hardware: ['1.2', '1.3'], description: 'winch', images: [image] }
const notCms = Buffer.alloc(256, 7)

test('version, hardware, files and the kind of signature', async () => {
  const facts = await read(await makeSwu({ ...options, sign: () => notCms }))
  expect(facts).toMatchObject({ kind: 'swu', version: '1.0.1', hardware: ['1.2', '1.3'], signature: 'not-checked' })
  expect(facts.facts).toEqual([
    { name: 'description', value: 'winch' },
    { name: 'signature-kind', value: 'RSA' },
    { name: 'file', value: 'app.img (7 B)' },
  ])
})

test('an unsigned package says so', async () => {
  expect(await read(await makeSwu(options))).toMatchObject({ signature: 'none' })
})

test('a payload that is not the one described is corrupt', async () => {
  const wrong = await makeSwu({ ...options, images: [{ ...image, claimedSha256: 'a'.repeat(64) }] })
  await expect(read(wrong)).rejects.toMatchObject({ code: 'artifact.corrupt', detail: { file: 'app.img' } })
})

test('one turned bit anywhere in the payload is noticed', async () => {
  const good = await makeSwu(options)
  const at = Buffer.from(good).indexOf('payload')
  good[at] = (good[at] ?? 0) ^ 1
  await expect(read(good)).rejects.toMatchObject({ code: 'artifact.corrupt' })
})

test('a described file that is not in the archive', async () => {
  const text = Buffer.from(await makeSwu(options)).toString('latin1')
  // Same length, so that the archive stays whole; the sum of the description is dropped with its format.
  const renamed = Buffer.from(text.replace('"app.img"', '"bpp.img"').replaceAll('070702', '070701'), 'latin1')
  await expect(read(renamed)).rejects.toMatchObject({ code: 'artifact.unreadable', detail: { reason: 'file-missing' } })
})

test('the description must come first', async () => {
  const bytes = Buffer.from(await makeSwu(options))
  const swapped = Buffer.from(bytes.toString('latin1').replace('sw-description\0', 'tw-description\0'), 'latin1')
  await expect(read(swapped)).rejects.toMatchObject({ detail: { reason: 'description-not-first' } })
})

test('libconfig: comments, hex, long integers, joined strings, arrays, both signs of assignment', () => {
  const text = `
    # a comment
    software : { // another
      version = "1." /* and one more */ "2\\x41\\n";
      sizes = [ 0x10, -3, 12L ];
      flags: ( true, FALSE );
      nested = { deep-er = { x = 1.5e1 } };
    }`
  expect(JSON.parse(JSON.stringify(parseLibconfig(text)))).toEqual({
    software: { version: '1.2A\n', sizes: [16, -3, 12], flags: [true, false], nested: { 'deep-er': { x: 15 } } },
  })
})

test.each([
  ['an include', '@include "/etc/passwd"'],
  ['a name without a value', 'a ='],
  ['an open group', 'a = { b = 1;'],
  ['an open string', 'a = "b'],
  ['a stray bracket', 'a = 1; }'],
  ['the same name twice', 'a = 1; a = 2;'],
  ['bottomless nesting', `a = ${'( '.repeat(100)}`],
])('%s is refused', (_, text) => {
  expect(() => parseLibconfig(text)).toThrowError(/artifact\.unreadable/)
})

test('files and revisions are found in every variant, and variants may not disagree', () => {
  const variant = (hash: string) => `
    software = {
      version = "1";
      board-a = { stable = { copy-1 = { images: ( { filename = "x"; sha256 = "${'a'.repeat(64)}" } ) },
                             copy-2 = { hardware-compatibility = [ "2.0" ]; files: ( { filename = "x"; sha256 = "${hash}" } ) } } }
      hardware-compatibility = [ "1.0" ];
    }`
  expect(parseDescription(variant('A'.repeat(64)))).toEqual({
    version: '1',
    text: null,
    hardware: ['2.0', '1.0'],
    files: [{ name: 'x', sha256: 'a'.repeat(64) }],
  })
  expect(() => parseDescription(variant('b'.repeat(64)))).toThrowError(/description-hash-twice/)
})

const facts = { version: '2', hardware: [], deviceHash: null, signer: null, facts: [] }
const cmsSigner: SignerKey = { id: 's', algorithm: 'cms', pem: '' }
const edSigner: SignerKey = { id: 's', algorithm: 'ed25519', pem: '' }

test.each([
  ['good', 'mcuboot', 'good', edSigner, null],
  ['unsigned', 'mcuboot', 'none', edSigner, 'artifact.unsigned'],
  ['bad', 'mcuboot', 'bad', edSigner, 'artifact.bad-signature'],
  ['by somebody else', 'mcuboot', 'unknown-signer', edSigner, 'artifact.bad-signature'],
  ['unreadable', 'mcuboot', 'not-checked', edSigner, 'artifact.bad-signature'],
  ['bad', 'swu', 'bad', cmsSigner, 'artifact.bad-signature'],
  ['missing', 'swu', 'none', cmsSigner, 'artifact.unsigned'],
  ['of a kind that can carry none', 'raw', 'none', edSigner, 'artifact.unsigned'],
  ['not asked for', 'mcuboot', 'not-checked', null, null],
] as const)('a signature that is %s', (_, kind, signature, signer, code) => {
  const refused = refusedArtifact({ ...facts, kind, signature }, { version: '2', signers: signer ? [signer] : [] })
  expect(refused?.code ?? null).toBe(code)
})

test('a description that leaves a file unbound vouches for nothing', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa: SignerKey = {
    id: 'a',
    algorithm: 'rsa-pkcs1',
    pem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
  const bound = `sha256 = "${createHash('sha256').update('payload').digest('hex')}"; `
  const loosened = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replace(bound, ' '.repeat(bound.length))
  const sign = (text: Uint8Array) => nodeSign('sha256', Buffer.from(loosened(text), 'latin1'), privateKey)
  const bytes = Buffer.from(loosened(await makeSwu({ ...options, sign })).replaceAll('070702', '070701'), 'latin1')
  expect(await inspect(memorySource(bytes), 'swu', [rsa])).toMatchObject({ signature: 'bad' })
  // The signature itself is good: it is what it leaves out that makes it worthless.
  const description = Buffer.from(loosened(Buffer.from(await descriptionOf(bytes))), 'latin1')
  expect((await swuSignature(description, sign(description), [rsa])).verdict.signature).toBe('good')
})

test('plain RSA over the description, for builds of SWUpdate without CMS', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const signed = await makeSwu({ ...options, sign: (text) => nodeSign('sha256', text, privateKey) })
  const pss = await makeSwu({ ...options, sign: (text) => nodeSign('sha256', text, { key: privateKey, padding: 6 }) })
  const [pkcs1Key, pssKey]: SignerKey[] = [
    { id: 'a', algorithm: 'rsa-pkcs1', pem },
    { id: 'b', algorithm: 'rsa-pss-2048', pem },
  ]
  expect(await inspect(memorySource(signed), 'swu', [pkcs1Key as SignerKey])).toMatchObject({
    signature: 'good',
    signer: 'a',
  })
  expect(await inspect(memorySource(pss), 'swu', [pssKey as SignerKey])).toMatchObject({
    signature: 'good',
    signer: 'b',
  })
  expect(await inspect(memorySource(pss), 'swu', [pkcs1Key as SignerKey])).toMatchObject({
    signature: 'bad',
    signer: null,
  })
  expect(await inspect(memorySource(pss), 'swu', [cmsSigner])).toMatchObject({ signature: 'unknown-signer' })
})

test('a file of another version than the plan says is refused', () => {
  const refused = refusedArtifact({ ...facts, kind: 'raw', signature: 'none' }, { version: '3', signers: [] })
  expect(refused).toMatchObject({ code: 'artifact.version-mismatch', detail: { found: '2', expected: '3' } })
})
