import { constants, createSign, generateKeyPairSync, sign } from 'node:crypto'
import { p256 as noble } from '@noble/curves/nist.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseOnce } from '../../../electron/host/crypto/backend.ts'
import { equalBytes, equalText } from '../../../electron/host/crypto/constant-time.ts'
import {
  type Ed25519Backend,
  generateEd25519,
  nobleEd25519,
  nodeEd25519,
  signEd25519,
} from '../../../electron/host/crypto/ed25519.ts'
import { sha256 } from '../../../electron/host/crypto/hash.ts'
import { nobleP256, nodeP256, verifyP256, verifyP256Digest } from '../../../electron/host/crypto/p256.ts'
import { publicKey } from '../../../electron/host/crypto/public-key.ts'
import { randomBelow, randomId } from '../../../electron/host/crypto/random.ts'
import { rsaPssVerifier, verifyRsaPss } from '../../../electron/host/crypto/rsa.ts'
import { selfTest } from '../../../electron/host/crypto/self-test.ts'
import { generateX25519, nobleX25519, nodeX25519, x25519Shared } from '../../../electron/host/crypto/x25519.ts'

const message = Buffer.from('signed metadata')
const pem = (key: { export(o: { type: 'spki'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'spki', format: 'pem' }).toString()

describe('P-256', () => {
  const secret = noble.utils.randomSecretKey()
  const point = noble.getPublicKey(secret, false)

  it.each(['der', 'p1363'] as const)('both implementations verify %s alike', (format) => {
    const signature = noble.sign(message, secret, { format: format === 'der' ? 'der' : 'compact', lowS: false })
    for (const backend of [nodeP256, nobleP256]) {
      expect(verifyP256(point, message, signature, format, backend)).toBe(true)
      expect(verifyP256(point, Buffer.from('other'), signature, format, backend)).toBe(false)
    }
    expect(verifyP256Digest(point, sha256(message), signature, format)).toBe(true)
    expect(verifyP256Digest(point, sha256('other'), signature, format)).toBe(false)
  })

  it('agree on damaged signatures and keys', () => {
    const der = noble.sign(message, secret, { format: 'der', lowS: false })
    const damage = fc.tuple(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(64), fc.nat(255))
    fc.assert(
      fc.property(damage, ([at, by, keyAt, keyBy]) => {
        const signature = Buffer.from(der)
        signature[at] = signature[at]! ^ by
        const key = Buffer.from(point)
        key[keyAt] = key[keyAt]! ^ keyBy
        const fast = verifyP256(key, message, signature, 'der', nodeP256)
        expect(fast).toBe(verifyP256(key, message, signature, 'der', nobleP256))
        expect(fast).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  it('accept both halves of s: repositories and devices sign so', () => {
    const { r, s } = noble.Signature.fromBytes(noble.sign(message, secret, { lowS: true }))
    const high = new noble.Signature(r, noble.Point.Fn.ORDER - s).toBytes()
    for (const backend of [nodeP256, nobleP256]) expect(verifyP256(point, message, high, 'p1363', backend)).toBe(true)
  })

  it('refuse zeros, and keys that are no point', () => {
    for (const backend of [nodeP256, nobleP256]) {
      expect(verifyP256(point, message, new Uint8Array(64), 'p1363', backend)).toBe(false)
      expect(verifyP256(new Uint8Array(65).fill(4), message, new Uint8Array(64).fill(1), 'p1363', backend)).toBe(false)
      expect(verifyP256(new Uint8Array(), message, new Uint8Array(64).fill(1), 'p1363', backend)).toBe(false)
    }
  })
})

describe('RSA-PSS', () => {
  const { privateKey, publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pss = (saltLength: number) =>
    sign('sha256', message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })

  it.each([32, 0, 222])('verifies with a salt of %i', (saltLength) => {
    expect(verifyRsaPss(pem(key), message, pss(saltLength))).toBe(true)
    expect(verifyRsaPss(pem(key), Buffer.from('other'), pss(saltLength))).toBe(false)
  })

  it('streams', () => {
    const verifier = rsaPssVerifier(pem(key))
    for (const byte of message) verifier?.update(Buffer.of(byte))
    expect(verifier?.verify(pss(32))).toBe(true)
  })

  it('refuses PKCS#1 v1.5, short keys, other keys, garbage', () => {
    expect(verifyRsaPss(pem(key), message, createSign('sha256').update(message).sign(privateKey))).toBe(false)
    expect(verifyRsaPss(pem(key), message, Buffer.from('x'))).toBe(false)
    expect(rsaPssVerifier(pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey))).toBeNull()
    expect(rsaPssVerifier(pem(generateKeyPairSync('ed25519').publicKey))).toBeNull()
    expect(rsaPssVerifier('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toBeNull()
  })
})

describe('X25519', () => {
  it('agrees between the implementations', () => {
    const [a, b] = [generateX25519(), generateX25519()]
    const shared = x25519Shared(a.secretKey, b.publicKey, nodeX25519)
    expect(shared).toEqual(x25519Shared(b.secretKey, a.publicKey, nobleX25519))
    expect(shared).toHaveLength(32)
  })

  it.each(['00', '01', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'])(
    'refuses a peer of small order: %s',
    (hex) => {
      const peer = Buffer.from(hex.padEnd(64, '0'), 'hex')
      for (const backend of [nodeX25519, nobleX25519]) {
        expect(x25519Shared(generateX25519().secretKey, peer, backend)).toBeNull()
      }
    },
  )
})

describe('keys as TUF writes them', () => {
  it('reads ed25519 in hex and PEM as the same key', () => {
    const pair = generateEd25519()
    const hex = Buffer.from(pair.publicKey).toString('hex')
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), pair.publicKey]).toString('base64')
    const asPem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`
    const keys = [hex, hex.toUpperCase(), asPem].map((value) => publicKey('ed25519', 'ed25519', value))
    expect(new Set(keys.map((key) => key?.identity)).size).toBe(1)
    const signature = Buffer.from(signEd25519(pair.secretKey, message)).toString('hex')
    for (const key of keys) {
      expect(key?.verify(message, signature)).toBe(true)
      expect(key?.verify(message, `${signature}0g`)).toBe(false)
      expect(key?.verify(message, '')).toBe(false)
    }
  })

  it('reads ecdsa and rsa in PEM', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const der = createSign('sha256').update(message).sign(ec.privateKey).toString('hex')
    for (const type of ['ecdsa', 'ecdsa-sha2-nistp256']) {
      expect(publicKey(type, 'ecdsa-sha2-nistp256', pem(ec.publicKey))?.verify(message, der)).toBe(true)
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const signature = sign('sha256', message, key).toString('hex')
    const pss = publicKey('rsa', 'rsassa-pss-sha256', pem(rsa.publicKey))
    const pkcs1 = publicKey('rsa', 'rsa-pkcs1v15-sha256', pem(rsa.publicKey))
    const older = sign('sha256', message, rsa.privateKey).toString('hex')
    expect([pss?.verify(message, signature), pss?.verify(message, older)]).toEqual([true, false])
    expect([pkcs1?.verify(message, older), pkcs1?.verify(message, signature)]).toEqual([true, false])
    // One key, whatever it signs with: it counts once.
    expect(pss?.identity).toBe(pkcs1?.identity)
  })

  it.each([
    ['ed25519', 'ed25519', '00'.repeat(32)],
    ['ed25519', 'ed25519', 'zz'],
    ['ed25519', 'ed448', '11'.repeat(32)],
    ['ecdsa', 'ecdsa-sha2-nistp384', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['ecdsa', 'ecdsa-sha2-nistp256', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['rsa', 'rsa-pkcs1v15-sha1', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)],
    ['sphincs', 'sphincs-shake-128s', '00'],
  ])('has no use for %s %s', (type, scheme, value) => {
    expect(publicKey(type, scheme, value)).toBeNull()
  })
})

describe('the choice of implementation', () => {
  it('passes over a run-time that answers wrongly or throws', () => {
    const pick = (node: () => boolean) => chooseOnce({ node, noble: () => true, knows: (f) => f() })()
    expect(pick(() => true).name).toBe('node')
    expect(pick(() => false).name).toBe('noble')
    expect(
      pick(() => {
        throw new Error('not supported')
      }).name,
    ).toBe('noble')
  })

  it.each<[string, Partial<Ed25519Backend>]>([
    ['believes every signature', { verifier: () => () => true }],
    ['believes none', { verifier: () => () => false }],
    ['signs something else', { sign: () => new Uint8Array(64) }],
    [
      'cannot',
      {
        publicKey: () => {
          throw new Error('not supported')
        },
      },
    ],
  ])('does not pass the self test of a start where it %s', (_, fault) => {
    expect(() => selfTest()).not.toThrow()
    expect(() => selfTest(() => nobleEd25519)).not.toThrow()
    expect(() => selfTest(() => ({ ...nodeEd25519, ...fault }))).toThrow(
      expect.objectContaining({ code: 'host.crypto-broken', detail: { wrong: 'ed25519' } }),
    )
  })
})

it('compares secrets', () => {
  expect(equalBytes(Buffer.of(1, 2), Buffer.of(1, 2))).toBe(true)
  expect(equalBytes(Buffer.of(1, 2), Buffer.of(1, 3))).toBe(false)
  expect(equalBytes(Buffer.of(1, 2), Buffer.of(1))).toBe(false)
  expect(equalText('tøken', 'tøken')).toBe(true)
  expect(equalText('tøken', 'token')).toBe(false)
})

it('makes ids that are slugs and numbers in range', () => {
  expect(randomId('run')).toMatch(/^run-[0-9a-hjkmnp-tv-z]{26}$/)
  expect(randomId('run')).not.toBe(randomId('run'))
  expect(randomBelow(3)).toBeLessThan(3)
})
