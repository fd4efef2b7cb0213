import * as node from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 as noble } from '@noble/curves/ed25519.js'
import { bech32 } from '@scure/base'
import { type Recipient, Stanza } from 'age-encryption'
import { chooseOnce } from './backend.ts'

/** What wraps one file key for one recipient: made with a fresh ephemeral key, used once. */
export interface WrapKey {
  /** The ephemeral public key, 32 bytes. */
  readonly share: Uint8Array
  /** 32 bytes */
  readonly key: Uint8Array
}

/** One X25519 exchange with a fresh ephemeral key. */
type Exchange = () => { readonly share: Uint8Array; readonly secret: Uint8Array }
/** Prepares a recipient's public key for many exchanges. */
export type AgeX25519 = (recipient: Uint8Array) => Exchange

const SPKI = Buffer.from('302a300506032b656e032100', 'hex')
const LABEL = 'age-encryption.org/v1/X25519'
const ZERO_NONCE = new Uint8Array(12)

/** Four times as fast as the WebCrypto path of the library, which imports both keys anew for each entry. */
export const nodeAgeX25519: AgeX25519 = (recipient) => {
  const publicKey = node.createPublicKey({ key: Buffer.concat([SPKI, recipient]), format: 'der', type: 'spki' })
  return () => {
    const ephemeral = node.generateKeyPairSync('x25519')
    const { x } = ephemeral.publicKey.export({ format: 'jwk' })
    return {
      share: Buffer.from(x ?? '', 'base64url'),
      secret: node.diffieHellman({ privateKey: ephemeral.privateKey, publicKey }),
    }
  }
}

export const nobleAgeX25519: AgeX25519 = (recipient) => () => {
  const secretKey = new Uint8Array(node.randomBytes(32))
  return { share: noble.getPublicKey(secretKey), secret: noble.getSharedSecret(secretKey, recipient) }
}

const backend = chooseOnce({ node: nodeAgeX25519, noble: nobleAgeX25519, knows: exchangesLikeNoble })

/** Bob's key pair of RFC 7748 6.1. Given and not computed: at each start that would cost the reference 20 ms of tables. */
const KNOWN_SECRET = Buffer.from('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb', 'hex')
const KNOWN_PUBLIC = Buffer.from('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'hex')

/** The exchange has a fresh key in it, so the known answer is what the reference finds from the other side. */
export function exchangesLikeNoble(exchange: AgeX25519): boolean {
  const { share, secret } = exchange(KNOWN_PUBLIC)()
  return Buffer.compare(noble.getSharedSecret(KNOWN_SECRET, share), secret) === 0
}

/** The 32 bytes of `age1...` (age v1, bech32 with prefix `age`), or null when it is no X25519 recipient. */
export function ageRecipientKey(recipient: string): Uint8Array | null {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(recipient)
    // Upper case is valid bech32 and no valid age recipient.
    return prefix === 'age' && recipient.startsWith('age1') && bytes.length === 32 ? bytes : null
  } catch {
    return null
  }
}

/** A source of wrap keys for one recipient: HKDF-SHA-256(secret, salt = share || recipient, LABEL). */
export function wrapKeys(recipient: Uint8Array, exchanges: AgeX25519 = backend().use): () => WrapKey {
  const exchange = exchanges(recipient)
  return () => {
    const { share, secret } = exchange()
    const salt = Buffer.concat([share, recipient])
    return { share, key: new Uint8Array(node.hkdfSync('sha256', secret, salt, LABEL, 32)) }
  }
}

/**
 * An X25519 recipient as age v1 defines its stanza: the file key under a wrap key with
 * ChaCha20-Poly1305 and a zero nonce. `next` must give a fresh wrap key each time ("a new ephemeral
 * secret MUST be generated for each stanza and each file").
 */
export function ageX25519Recipient(next: () => WrapKey): Recipient {
  return {
    wrapFileKey(fileKey) {
      const { share, key } = next()
      const body = chacha20poly1305(key, ZERO_NONCE).encrypt(fileKey)
      key.fill(0)
      return [new Stanza(['X25519', Buffer.from(share).toString('base64').replace(/=+$/, '')], body)]
    },
  }
}
