import { ed25519 } from '@noble/curves/ed25519.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ed25519Backend,
  ed25519Verifier,
  generateEd25519,
  nobleEd25519,
  nodeEd25519,
  signEd25519,
  verifyEd25519,
} from '../../../electron/host/crypto/ed25519.ts'
import { sha512 } from '../../../electron/host/crypto/hash.ts'
import vectors from '../../vectors/rfc8032.json'

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const BACKENDS = [
  ['node', nodeEd25519],
  ['noble', nobleEd25519],
] as const

/** The verdict, once both implementations agree on it. */
function verdict(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [fast, reference] = BACKENDS.map(([, backend]) => ed25519Verifier(key, backend)?.(message, signature) ?? false)
  expect(fast).toBe(reference)
  expect(verifyEd25519(key, message, signature)).toBe(reference)
  return reference ?? false
}

describe.each(BACKENDS)('RFC 8032 vectors by %s', (_, backend) => {
  it.each(vectors)('$name', (vector) => {
    const [secret, key, message] = [bytes(vector.secretKey), bytes(vector.publicKey), bytes(vector.message)]
    expect(Buffer.from(backend.publicKey(secret)).toString('hex')).toBe(vector.publicKey)
    expect(Buffer.from(backend.sign(secret, message)).toString('hex')).toBe(vector.signature)
    expect(ed25519Verifier(key, backend)?.(message, bytes(vector.signature))).toBe(true)
  })
})

const { Point } = ed25519
const L = Point.Fn.ORDER
const P = Point.Fp.ORDER
const message = Buffer.from('a plan')

function littleEndian(n: bigint): Uint8Array {
  return Buffer.from(n.toString(16).padStart(64, '0'), 'hex').toReversed()
}
function fromLittleEndian(data: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(data.toReversed()).toString('hex')}`)
}
/** All eight points whose order divides the cofactor. */
const TORSION = (() => {
  // A point of order 8: clear the prime-order part of some point that has a torsion part.
  for (let y = 2n; ; y += 1n) {
    try {
      const found = Point.fromBytes(littleEndian(y)).multiplyUnsafe(L - 1n)
      const torsion = found.add(Point.fromBytes(littleEndian(y)))
      if (torsion.multiplyUnsafe(4n).is0()) continue
      return Array.from({ length: 8 }, (_, i) => torsion.multiplyUnsafe(BigInt(i)))
    } catch {
      // y is not on the curve
    }
  }
})()
const challenge = (r: Uint8Array, key: Uint8Array) => Point.Fn.create(fromLittleEndian(sha512(r, key, message)))

/** A signature that satisfies S·B = R + k·A for A = a·B + torsion, as far as torsion lets it. */
function forge(options: { key: Uint8Array; a: bigint; r: bigint; rPoint?: InstanceType<typeof Point> }): Uint8Array {
  const rBytes = (options.rPoint ?? Point.BASE.multiplyUnsafe(options.r)).toBytes()
  const s = Point.Fn.create(options.r + challenge(rBytes, options.key) * options.a)
  return Buffer.concat([rBytes, littleEndian(s)])
}

describe('malformed and small-order input, on which both implementations agree', () => {
  const pair = generateEd25519()
  const good = signEd25519(pair.secretKey, message)

  it('accepts what was signed', () => {
    expect(verdict(pair.publicKey, message, good)).toBe(true)
  })

  it('refuses S that is not reduced', () => {
    const s = fromLittleEndian(good.subarray(32))
    for (const n of [1n, 2n, 7n]) {
      const malleable = Buffer.concat([good.subarray(0, 32), littleEndian(s + n * L)])
      expect(verdict(pair.publicKey, message, malleable)).toBe(false)
    }
  })

  it('refuses keys of small order, in every encoding', () => {
    for (const point of TORSION) {
      for (const key of [point.toBytes(), withSign(point.toBytes())]) {
        // Under A of small order S = 0, R = -k·A holds for one message in eight.
        const tries = TORSION.map((r) => Buffer.concat([r.toBytes(), littleEndian(0n)]))
        for (const signature of tries) expect(verdict(key, message, signature)).toBe(false)
      }
    }
  })

  it('refuses keys whose y is not reduced', () => {
    for (let y = P; y < 2n ** 255n; y += 1n) {
      for (const key of [littleEndian(y), withSign(littleEndian(y))]) {
        expect(verdict(key, message, forge({ key, a: 0n, r: 5n }))).toBe(false)
      }
    }
  })

  it('agrees on keys and commitments with a small-order part', () => {
    const seen = new Set<boolean>()
    for (const [i, torsion] of TORSION.entries()) {
      const a = 12_345n + BigInt(i)
      const key = Point.BASE.multiplyUnsafe(a).add(torsion).toBytes()
      for (const rTorsion of TORSION) {
        const rPoint = Point.BASE.multiplyUnsafe(77n).add(rTorsion)
        seen.add(verdict(key, message, forge({ key, a, r: 77n, rPoint })))
      }
    }
    // Both kinds occur: the comparison was not empty.
    expect(seen).toEqual(new Set([false, true]))
  })

  it('refuses a commitment that is not the canonical encoding', () => {
    // R = identity (r = 0), spelled with y = p + 1.
    const a = 99n
    const key = Point.BASE.multiplyUnsafe(a).toBytes()
    const k = challenge(littleEndian(P + 1n), key)
    const signature = Buffer.concat([littleEndian(P + 1n), littleEndian(Point.Fn.create(k * a))])
    expect(verdict(key, message, signature)).toBe(false)
  })

  it('refuses wrong lengths without a throw', () => {
    for (const length of [0, 1, 31, 33, 63, 65, 128]) {
      expect(verdict(pair.publicKey, message, new Uint8Array(length))).toBe(false)
      expect(verdict(new Uint8Array(length), message, good)).toBe(false)
    }
  })

  it('agrees on any bytes', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(key, signature, fc.uint8Array(), (k, s, m) => {
        verdict(k, m, s)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses any one turned bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
        const wrong = Buffer.from(good)
        wrong[bit >> 3] = wrong[bit >> 3]! ^ (1 << (bit & 7))
        return !verdict(pair.publicKey, message, wrong)
      }),
      { numRuns: 60 },
    )
  })
})

it('signs alike by both', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), (secret, text) => {
      expect(Buffer.from(nodeEd25519.sign(secret, text))).toEqual(Buffer.from(nobleEd25519.sign(secret, text)))
    }),
    { numRuns: 20 },
  )
})

it('uses the run-time under Node', () => {
  expect(ed25519Backend().name).toBe('node')
})

function withSign(key: Uint8Array): Uint8Array {
  const copy = Buffer.from(key)
  copy[31] = copy[31]! ^ 0x80
  return copy
}
