import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CmsAnchor, readCms } from '../../../electron/host/crypto/cms.ts'
import { type ContentHash, hashHex } from '../../../electron/host/crypto/hash.ts'
import { CERTIFICATES, cmsSample, SIGNED_TEXT } from '../../fixtures/artifacts/samples.ts'

const content = (bytes: Uint8Array, whole = true) => ({
  digest: (algorithm: ContentHash) => Buffer.from(hashHex(algorithm, bytes), 'hex'),
  whole: whole ? bytes : null,
})
const ca: CmsAnchor = { id: 'ca', pem: CERTIFICATES.ca }
const verdict = (name: string, anchors = [ca], text: Uint8Array = SIGNED_TEXT) =>
  readCms(cmsSample(name))?.verify(content(text), anchors)

test.each(['ec', 'rsa', 'pss', 'attached', 'noattr', 'keyid', 'two'])('%s: good, by way of its authority', (name) => {
  expect(verdict(name)).toEqual({ signature: 'good', signer: 'ca' })
})

test.each(['ec', 'rsa', 'pss', 'noattr', 'keyid', 'two'])('%s: bad over anything else', (name) => {
  expect(verdict(name, [ca], Buffer.from('something else'))).toEqual({ signature: 'bad', signer: null })
})

test('the signer’s own certificate is an anchor too; another one is not', () => {
  expect(verdict('ec', [{ id: 'own', pem: CERTIFICATES['mail-ec'] }])).toEqual({ signature: 'good', signer: 'own' })
  expect(verdict('ec', [{ id: 'rsa', pem: CERTIFICATES['mail-rsa'] }])?.signature).toBe('unknown-signer')
  expect(verdict('ec', [])?.signature).toBe('unknown-signer')
  expect(verdict('ec', [{ id: 'junk', pem: 'no certificate' }])?.signature).toBe('unknown-signer')
})

test('without certificates inside, the profile must name the signer', () => {
  expect(verdict('nocerts')?.signature).toBe('unknown-signer')
  expect(verdict('nocerts', [{ id: 'own', pem: CERTIFICATES['mail-ec'] }])).toEqual({
    signature: 'good',
    signer: 'own',
  })
})

test('a certificate that may only encipher signs nothing, whoever issued it', () => {
  expect(verdict('encipher')?.signature).toBe('unknown-signer')
  expect(verdict('encipher', [{ id: 'own', pem: CERTIFICATES['encipher-ec'] }])?.signature).toBe('unknown-signer')
})

test('a certificate that is no authority makes no others, even where its usages are not limited', () => {
  expect(verdict('plainleaf')?.signature).toBe('good')
  expect(verdict('forged')?.signature).toBe('unknown-signer')
})

test('SHA-1 proves nothing', () => {
  expect(readCms(cmsSample('sha1'))?.hashes).toEqual([])
  expect(verdict('sha1')?.signature).toBe('bad')
})

test('content that is too large to hold can only be judged by signed attributes', () => {
  expect(readCms(cmsSample('ec'))?.verify(content(SIGNED_TEXT, false), [ca]).signature).toBe('good')
  expect(readCms(cmsSample('noattr'))?.verify(content(SIGNED_TEXT, false), [ca]).signature).toBe('bad')
})

test('content inside is handed out', () => {
  expect(Buffer.from(readCms(cmsSample('attached'))?.content ?? []).equals(SIGNED_TEXT)).toBe(true)
  expect(readCms(cmsSample('ec'))?.content).toBeNull()
})

test('bytes behind the message are no message', () => {
  expect(readCms(Buffer.concat([cmsSample('ec'), Buffer.of(0)]))).toBeNull()
})

test('damage never vouches for another text, and is never a throw', () => {
  const names = ['ec', 'rsa', 'pss', 'noattr', 'keyid', 'two'] as const
  const all = names.map(cmsSample)
  const text = content(SIGNED_TEXT)
  const cases = fc.tuple(fc.nat(names.length - 1), fc.nat(2000), fc.integer({ min: 1, max: 255 }))
  fc.assert(
    fc.property(cases, ([which, at, by]) => {
      const bytes = Buffer.from(all[which] ?? [])
      const index = at % bytes.length
      bytes[index] = (bytes[index] ?? 0) ^ by
      // Unused certificates may be damaged where nobody looks: the text stays the one that was vouched for.
      const message = readCms(bytes)
      message?.verify(text, [ca])
      return message?.verify(content(Buffer.from('x')), [ca]).signature !== 'good'
    }),
    { numRuns: 150 },
  )
})

test('deep nesting is refused, not a crash', () => {
  expect(readCms(Buffer.alloc(200_000, 0x30))).toBeNull()
  expect(readCms(Buffer.alloc(200_000, Buffer.from('3080', 'hex')))).toBeNull()
  expect(readCms(Buffer.alloc(300_000))).toBeNull()
})
