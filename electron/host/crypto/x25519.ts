import * as node from 'node:crypto'
import { x25519 as noble } from '@noble/curves/ed25519.js'
import { chooseOnce } from './backend.ts'

/** One implementation of X25519 (RFC 7748). Keys are 32 bytes. */
export interface X25519Backend {
  publicKey(secretKey: Uint8Array): Uint8Array
  /** May throw on a peer key of small order, or return zeros. */
  shared(secretKey: Uint8Array, peer: Uint8Array): Uint8Array
}

const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

export const nodeX25519: X25519Backend = {
  publicKey(secretKey) {
    const spki = node.createPublicKey(nodeSecret(secretKey)).export({ type: 'spki', format: 'der' })
    return new Uint8Array(spki.subarray(SPKI.length))
  },
  shared(secretKey, peer) {
    const publicKey = node.createPublicKey({ key: Buffer.concat([SPKI, peer]), format: 'der', type: 'spki' })
    return new Uint8Array(node.diffieHellman({ privateKey: nodeSecret(secretKey), publicKey }))
  },
}

export const nobleX25519: X25519Backend = {
  publicKey: (secretKey) => noble.getPublicKey(secretKey),
  shared: (secretKey, peer) => noble.getSharedSecret(secretKey, peer),
}

export const x25519Backend = chooseOnce({ node: nodeX25519, noble: nobleX25519, knows: knowsX25519 })

export function generateX25519(): { readonly secretKey: Uint8Array; readonly publicKey: Uint8Array } {
  const secretKey = new Uint8Array(node.randomBytes(32))
  return { secretKey, publicKey: x25519PublicKey(secretKey) }
}

export function x25519PublicKey(secretKey: Uint8Array): Uint8Array {
  return x25519Backend().use.publicKey(secretKey)
}

/** The shared secret, or null when the peer's key is of small order or is no key (RFC 7748 6.1: all zeros). */
export function x25519Shared(
  secretKey: Uint8Array,
  peer: Uint8Array,
  backend: X25519Backend = x25519Backend().use,
): Uint8Array | null {
  if (peer.length !== 32) return null
  try {
    const shared = backend.shared(secretKey, peer)
    return shared.some((byte) => byte !== 0) ? shared : null
  } catch {
    return null
  }
}

/** RFC 7748 6.1. */
export function knowsX25519(backend: X25519Backend): boolean {
  const alice = Buffer.from('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a', 'hex')
  const bob = Buffer.from('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'hex')
  return (
    hex(backend.publicKey(alice)) === '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a' &&
    hex(backend.shared(alice, bob)) === '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742' &&
    x25519Shared(alice, new Uint8Array(32), backend) === null
  )
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function nodeSecret(secretKey: Uint8Array): node.KeyObject {
  return node.createPrivateKey({ key: Buffer.concat([PKCS8, secretKey]), format: 'der', type: 'pkcs8' })
}
