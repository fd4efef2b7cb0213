import type { SignerKey } from '../../../../shared/model/profile.ts'
import { verifyEd25519 } from '../../crypto/ed25519.ts'
import { type ContentHash, hashHex } from '../../crypto/hash.ts'
import { verifyP256Digest } from '../../crypto/p256.ts'
import { rsaPssVerifier, rsaSpki, type StreamingVerifier } from '../../crypto/rsa.ts'
import type { McubootImage } from './image.ts'
import { TLV, type Tlv } from './tlv.ts'

type Algorithm = SignerKey['algorithm']

/** A signature in the image, and whose it claims to be (hash of the key, hex; null: it does not say). */
export interface ImageSignature {
  readonly algorithm: Algorithm
  readonly keyHash: string | null
  readonly value: Uint8Array
  /** Over the image itself instead of its hash. */
  readonly pure: boolean
}

const SIGNATURE_TYPES: Readonly<Record<number, Algorithm>> = {
  [TLV.ed25519]: 'ed25519',
  [TLV.ecdsa]: 'ecdsa-p256',
  [TLV.rsa2048]: 'rsa-pss-2048',
  [TLV.rsa3072]: 'rsa-pss-3072',
}

/** The signatures in order; each follows the hash of its key, or the key itself (MCUboot `bootutil_img_validate`). */
export function signaturesIn(tlvs: readonly Tlv[], hash: ContentHash): readonly ImageSignature[] {
  const pure = tlvs.some(({ type, value }) => type === TLV.signaturePure && value[0] === 1)
  const found: ImageSignature[] = []
  let keyHash: string | null = null
  for (const { type, value } of tlvs) {
    if (type === TLV.keyHash) keyHash = Buffer.from(value).toString('hex')
    if (type === TLV.publicKey) keyHash = hashHex(hash, value)
    const algorithm = SIGNATURE_TYPES[type]
    if (!algorithm) continue
    found.push({ algorithm, keyHash, value, pure })
    keyHash = null
  }
  return found
}

/** What one signer needs to see of the image while it is read, and what it says at the end. */
export interface SignatureCheck {
  readonly signer: SignerKey
  readonly signature: ImageSignature
  /** Fed with the hashed stretch, for algorithms that cannot work from the digest. */
  readonly stream: StreamingVerifier | null
}

/** Pairs signatures with the profile's keys that may have made them. */
export function checksFor(
  signatures: readonly ImageSignature[],
  signers: readonly SignerKey[],
  hash: ContentHash,
): SignatureCheck[] {
  return signatures.flatMap((signature) =>
    signers
      .filter((signer) => signer.algorithm === signature.algorithm)
      .filter((signer) => signature.keyHash === null || keyHashOf(signer, hash) === signature.keyHash)
      .map((signer) => ({
        signer,
        signature,
        stream: signer.algorithm.startsWith('rsa') ? rsaPssVerifier(signer.pem) : null,
      })),
  )
}

/** Whether the signature is good. `digest`: the image's hash, made anew; `whole`: the stretch itself, for pure signatures. */
export function isGood(check: SignatureCheck, digest: Uint8Array, whole: Uint8Array | null): boolean {
  const { signer, signature, stream } = check
  if (signature.pure && !whole) return false
  const message = signature.pure && whole ? whole : digest
  const der = pemBody(signer.pem)
  if (signer.algorithm === 'ed25519') {
    return der.length === 44 && verifyEd25519(der.subarray(12), message, signature.value)
  }
  if (signer.algorithm === 'ecdsa-p256') {
    return !signature.pure && verifyP256Digest(der, digest, withoutPadding(signature.value), 'der')
  }
  return stream?.verify(signature.value) ?? false
}

/** KEYHASH as `imgtool` makes it: over SubjectPublicKeyInfo, and over PKCS#1 for RSA, by the hash of the image. */
export function keyHashOf(signer: SignerKey, hash: ContentHash): string | null {
  if (!signer.algorithm.startsWith('rsa')) return hashHex(hash, pemBody(signer.pem))
  const spki = rsaSpki(signer.pem)
  return spki && hashHex(hash, spki.subarray(RSA_SPKI_HEAD))
}

/** SEQUENCE, AlgorithmIdentifier rsaEncryption, BIT STRING head: the same 24 bytes for 2048 and 3072 bits. */
const RSA_SPKI_HEAD = 24

/** `imgtool --pad-sig` fills a DER signature with zeros to a fixed length. */
function withoutPadding(signature: Uint8Array): Uint8Array {
  const length = signature[0] === 0x30 && signature[1] !== undefined ? 2 + signature[1] : signature.length
  return signature.subarray(length).every((byte) => byte === 0) ? signature.subarray(0, length) : signature
}

function pemBody(pem: string): Uint8Array {
  const body = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(pem)?.[1] ?? ''
  return new Uint8Array(Buffer.from(body, 'base64'))
}

export function describe(image: McubootImage): string {
  const names = signaturesIn(image.tlvs, image.hash.algorithm).map(({ algorithm, pure }) =>
    pure ? `${algorithm} (pure)` : algorithm,
  )
  return names.join(', ')
}
