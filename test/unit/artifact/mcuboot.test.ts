import { generateKeyPairSync, sign as nodeSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { FLAG } from '../../../electron/host/artifact/mcuboot/header.ts'
import { TLV } from '../../../electron/host/artifact/mcuboot/tlv.ts'
import { type ArtifactSource, memorySource } from '../../../electron/host/artifact/source.ts'
import { generateEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { sha256 } from '../../../electron/host/crypto/hash.ts'
import { ed25519ImageSigner, ed25519Pem, makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'

const body = Buffer.from('what the machine runs'.repeat(50))
const read = (bytes: Uint8Array, signers: readonly SignerKey[] = []) => inspect(memorySource(bytes), 'mcuboot', signers)
const key = generateEd25519()
const signer: SignerKey = { id: 'factory', algorithm: 'ed25519', pem: ed25519Pem(key.publicKey) }
const signed = makeMcuboot({ version: '2.5.0', body, sign: ed25519ImageSigner(key.secretKey) })

test('the image of the protocol sheet: header, hash and TLV area to the byte', async () => {
  const image = makeMcuboot({ version: '1.2.3+4', body: Uint8Array.of(1, 2, 3, 4) })
  const hash = '718c632bdbfa420293e8d0a55e9c259ba3e8bf8bbd239ccf24bd2ddb0e91c082'
  expect(Buffer.from(image).toString('hex')).toBe(
    `3db8f39600000000200000000400000000000000010203000400000000000000010203040769280010002000${hash}`,
  )
  expect(await read(image)).toMatchObject({ version: '1.2.3+4', deviceHash: hash, signature: 'none', signer: null })
})

test('a good Ed25519 signature names its signer', async () => {
  expect(await read(signed, [signer])).toMatchObject({ version: '2.5.0', signature: 'good', signer: 'factory' })
})

test('a key that the profile does not name is an unknown signer', async () => {
  const other: SignerKey = { id: 'other', algorithm: 'ed25519', pem: ed25519Pem(generateEd25519().publicKey) }
  expect(await read(signed, [other])).toMatchObject({ signature: 'unknown-signer', signer: null })
})

test('without signers in the profile nothing was checked, and that is what it says', async () => {
  expect(await read(signed)).toMatchObject({ signature: 'not-checked' })
})

test('a signature over something else is bad', async () => {
  const forged = makeMcuboot({
    version: '2.5.0',
    body,
    sign: (hashed) => ed25519ImageSigner(key.secretKey)(hashed, sha256(Buffer.from('something else'))),
  })
  expect(await read(forged, [signer])).toMatchObject({ signature: 'bad', signer: null })
})

test('a pure Ed25519 signature covers the image itself', async () => {
  const pure = makeMcuboot({
    version: '2.5.0',
    body,
    protectedTlvs: [{ type: TLV.signaturePure, value: Uint8Array.of(1) }],
    sign: (hashed) => ed25519ImageSigner(key.secretKey)(hashed, hashed),
  })
  expect(await read(pure, [signer])).toMatchObject({ signature: 'good' })
  const overDigest = makeMcuboot({
    version: '2.5.0',
    body,
    protectedTlvs: [{ type: TLV.signaturePure, value: Uint8Array.of(1) }],
    sign: ed25519ImageSigner(key.secretKey),
  })
  expect(await read(overDigest, [signer])).toMatchObject({ signature: 'bad' })
})

test.each([0, 2])('ECDSA P-256 in DER, with %d bytes of padding', async (padding) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const image = makeMcuboot({
    version: '1.0.0',
    body,
    sign: (hashed) => ({
      type: TLV.ecdsa,
      keyDer: publicKey.export({ type: 'spki', format: 'der' }),
      value: Buffer.concat([nodeSign('sha256', hashed, privateKey), Buffer.alloc(padding)]),
    }),
  })
  expect(await read(image, [{ id: 'ec', algorithm: 'ecdsa-p256', pem }])).toMatchObject({
    signature: 'good',
    signer: 'ec',
  })
  image[60] = (image[60] ?? 0) ^ 1
  await expect(read(image, [{ id: 'ec', algorithm: 'ecdsa-p256', pem }])).rejects.toMatchObject({
    code: 'artifact.corrupt',
  })
})

test.each([
  [2048, TLV.rsa2048, 'rsa-pss-2048'],
  [3072, TLV.rsa3072, 'rsa-pss-3072'],
] as const)('RSA-PSS with %d bits, its key named by the hash of PKCS#1', async (modulusLength, type, algorithm) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const image = makeMcuboot({
    version: '1.0.0',
    body,
    sign: (hashed) => ({
      type,
      keyDer: publicKey.export({ type: 'pkcs1', format: 'der' }),
      value: nodeSign('sha256', hashed, { key: privateKey, padding: 6, saltLength: 32 }),
    }),
  })
  expect(await read(image, [{ id: 'rsa', algorithm, pem }])).toMatchObject({ signature: 'good', signer: 'rsa' })
})

test('protected TLVs are under the hash and are told', async () => {
  const image = makeMcuboot({
    version: '1.0.0',
    body,
    protectedTlvs: [
      { type: TLV.securityCounter, value: Uint8Array.of(9, 0, 0, 0) },
      { type: TLV.dependency, value: Uint8Array.of(1, 0, 0, 0, 2, 3, 4, 0, 0, 0, 0, 0) },
    ],
  })
  expect((await read(image)).facts).toEqual(
    expect.arrayContaining([
      { name: 'security-counter', value: '9' },
      { name: 'needs', value: 'image 1 >= 2.3.4' },
    ]),
  )
})

test('an encrypted image cannot be judged here', async () => {
  const image = makeMcuboot({ version: '1.0.0', body, flags: FLAG.aes128, sign: ed25519ImageSigner(key.secretKey) })
  image[100] = (image[100] ?? 0) ^ 1
  expect(await read(image, [signer])).toMatchObject({ signature: 'not-checked' })
})

test.each([
  ['8-byte writes', '77c295f360d2ef7f3552500f2cb67980', 24],
  ['16-byte writes', '10002de15d29410b8d77679c110f1f8a', 32],
  ['32-byte writes', '20002de15d29410b8d77679c110f1f8a', 64],
])('a slot trailer is told, and what it orders: %s', async (_, magic, okAt) => {
  const padded = Buffer.concat([signed, Buffer.alloc(4096, 0xff), Buffer.from(magic, 'hex')])
  expect(await read(padded, [signer])).toMatchObject({ signature: 'good', trailer: 'trial' })
  padded[padded.length - okAt] = 1
  expect(await read(padded, [signer])).toMatchObject({ signature: 'good', trailer: 'permanent' })
})

test('an image without padding has no trailer', async () => {
  expect(await read(signed)).not.toHaveProperty('trailer')
})

test('a little flash fill after the image is harmless, other bytes are not', async () => {
  await expect(read(Buffer.concat([signed, Buffer.alloc(7, 0xff)]), [signer])).resolves.toMatchObject({
    signature: 'good',
  })
  await expect(read(Buffer.concat([signed, Buffer.from('evil')]))).rejects.toMatchObject({
    code: 'artifact.unreadable',
  })
  await expect(read(Buffer.concat([signed, Buffer.alloc(64, 0xff)]))).rejects.toMatchObject({
    code: 'artifact.unreadable',
  })
})

test('two hashes in one image are no image', async () => {
  const twice = makeMcuboot({
    version: '1.0.0',
    body,
    protectedTlvs: [{ type: TLV.sha256, value: new Uint8Array(32) }],
  })
  await expect(read(twice)).rejects.toMatchObject({ code: 'artifact.unreadable', detail: { reason: 'several-hashes' } })
})

test('a file of 1 GiB is read in pieces', async () => {
  const size = 1024 ** 3
  let [largest, total] = [0, 0]
  const head = makeMcuboot({ version: '1.0.0', body: new Uint8Array(4) }).subarray(0, 32)
  head.set(new Uint8Array(new Uint32Array([size]).buffer), 12)
  const tlvs = Buffer.concat([Buffer.from('0769280010002000', 'hex'), Buffer.alloc(32)])
  const source: ArtifactSource = {
    length: 32 + size + tlvs.length,
    async read(offset, length) {
      largest = Math.max(largest, length)
      total += length
      if (offset >= 32 + size) return tlvs.subarray(offset - 32 - size, offset - 32 - size + length)
      return length === 32 ? head : new Uint8Array(length)
    },
  }
  await expect(inspect(source, 'mcuboot', [])).rejects.toMatchObject({ code: 'artifact.corrupt' })
  expect(largest).toBeLessThanOrEqual(1024 * 1024)
  expect(total).toBeGreaterThan(size)
})
