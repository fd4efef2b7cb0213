import * as node from 'node:crypto'
import { ed25519 as noble } from '@noble/curves/ed25519.js'
import { chooseOnce } from './backend.ts'
import { isAcceptablePoint } from './ed25519-points.ts'
import { sha512 } from './hash.ts'

/**
 * Ed25519 (RFC 8032, PureEdDSA). Secret keys are the 32-byte seed, public keys 32 bytes, signatures 64.
 *
 * The RFC leaves room in what a verifier accepts, and libraries fill it differently: one plan could be good on one
 * laptop and forged on the next. So this module takes the strictest reading, and both implementations give it:
 *
 * - S must be below the order L (5.1.7): otherwise anybody can make a second signature out of a first.
 * - A and R must be canonical encodings, y below p and no sign on x = 0 (5.1.3): one point has one spelling.
 * - A must not be of small order (our rule, not the RFC's): under such a key one signature fits many messages, and
 *   a key that vouches for everything vouches for nothing.
 * - The equation is S·B = R + k·A as it stands, without the cofactor, of which 5.1.7 says that it is sufficient:
 *   it is what OpenSSL and BoringSSL compute. ZIP 215 and noble's default accept more, which suits consensus and
 *   batches, and nothing here is either.
 *
 * The run-time's implementation is used where it knows the RFC's answers, being ten times as fast as the reference.
 */
export interface Ed25519KeyPair {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** One implementation of the three operations. Keys and signatures have the right length here. */
export interface Ed25519Backend {
  publicKey(secretKey: Uint8Array): Uint8Array
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array
  /** Prepares a key that {@link isAcceptablePoint} let through. Null: it is not a point of the curve. */
  verifier(publicKey: Uint8Array): Ed25519Verifier | null
}
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array) => boolean

/** DER before the raw key (RFC 8410): PKCS#8 for the seed, SubjectPublicKeyInfo for the public key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

export const nodeEd25519: Ed25519Backend = {
  publicKey(secretKey) {
    const spki = node.createPublicKey(nodeSecret(secretKey)).export({ type: 'spki', format: 'der' })
    return new Uint8Array(spki.subarray(SPKI.length))
  },
  sign: (secretKey, message) => new Uint8Array(node.sign(null, message, nodeSecret(secretKey))),
  verifier(publicKey) {
    const key = node.createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
    return (message, signature) => node.verify(null, message, key, signature)
  },
}

export const nobleEd25519: Ed25519Backend = {
  publicKey: (secretKey) => noble.getPublicKey(secretKey),
  sign: (secretKey, message) => noble.sign(message, secretKey),
  verifier: (publicKey) => (message, signature) =>
    noble.verify(signature, message, publicKey, { zip215: false }) && hasNoResidue(publicKey, message, signature),
}

/**
 * noble checks the equation times the cofactor, the run-time checks it as it stands; RFC 8032 5.1.7 allows
 * both, but one repository must not be valid on one laptop and forged on the next. So R must also be exactly
 * S·B - k·A: what the run-time computes.
 */
function hasNoResidue(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const { Point } = noble
  const k = Point.Fn.create(littleEndian(sha512(signature.subarray(0, 32), publicKey, message)))
  const s = littleEndian(signature.subarray(32))
  const r = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(k))
  return Buffer.compare(r.toBytes(), signature.subarray(0, 32)) === 0
}

export const ed25519Backend = chooseOnce({ node: nodeEd25519, noble: nobleEd25519, knows: knowsEd25519 })

export function generateEd25519(): Ed25519KeyPair {
  const secretKey = new Uint8Array(node.randomBytes(32))
  return { secretKey, publicKey: ed25519PublicKey(secretKey) }
}

export function ed25519PublicKey(secretKey: Uint8Array): Uint8Array {
  return ed25519Backend().use.publicKey(secretKey)
}

export function signEd25519(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519Backend().use.sign(secretKey, message)
}

/** Whether `signature` is the key's over `message`. False, never a throw, on bytes that are no key or no signature. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  const name = Buffer.from(publicKey).toString('hex')
  const known = ready.get(name)
  const verifier = known === undefined ? ed25519Verifier(publicKey) : known
  if (known === undefined) {
    if (ready.size >= READY_KEYS) ready.delete(ready.keys().next().value ?? name)
    ready.set(name, verifier)
  }
  return verifier?.(message, signature) ?? false
}
/** Keys made ready by {@link verifyEd25519}, by their bytes: a third of its time, and the signers are few. */
const ready = new Map<string, Ed25519Verifier | null>()
const READY_KEYS = 256

/** A key made ready for many signatures. Null when these bytes can be no key. */
export function ed25519Verifier(
  publicKey: Uint8Array,
  backend: Ed25519Backend = ed25519Backend().use,
): Ed25519Verifier | null {
  if (!isAcceptablePoint(publicKey)) return null
  const verify = attempt(() => backend.verifier(publicKey))
  if (!verify) return null
  return (message, signature) => signature.length === 64 && attempt(() => verify(message, signature)) === true
}

/** RFC 8032 7.1, TEST 3, and the same with one bit turned. */
export function knowsEd25519(backend: Ed25519Backend): boolean {
  const secret = Buffer.from('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'hex')
  const key = Buffer.from('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'hex')
  const message = Buffer.from('af82', 'hex')
  const signature =
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'
  const wrong = Buffer.from(signature, 'hex')
  wrong[5] = (wrong[5] ?? 0) ^ 1
  return (
    Buffer.compare(backend.publicKey(secret), key) === 0 &&
    Buffer.from(backend.sign(secret, message)).toString('hex') === signature &&
    ed25519Verifier(key, backend)?.(message, Buffer.from(signature, 'hex')) === true &&
    ed25519Verifier(key, backend)?.(message, wrong) === false
  )
}

function nodeSecret(secretKey: Uint8Array): node.KeyObject {
  return node.createPrivateKey({ key: Buffer.concat([PKCS8, secretKey]), format: 'der', type: 'pkcs8' })
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`)
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
