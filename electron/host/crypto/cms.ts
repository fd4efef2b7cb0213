import { constants, type KeyObject, verify } from 'node:crypto'
import { fromBER, type ObjectIdentifier, type OctetString } from 'asn1js'
import { Certificate, ContentInfo, IssuerAndSerialNumber, RSASSAPSSParams, SignedData, type SignerInfo } from 'pkijs'
import { anchorOf, maySign, type ParsedCertificate, parseCertificate, subjectKeyId } from './certificates.ts'
import type { ContentHash } from './hash.ts'

/** What was signed, as far as the caller can show it. */
export interface SignedContent {
  /** Its digest by one of {@link CmsMessage.hashes}. */
  digest(algorithm: ContentHash): Uint8Array
  /** All of it, for signatures without signed attributes; null when it is too large to hold. */
  readonly whole: Uint8Array | null
}

/** A certificate that a signed profile names. */
export interface CmsAnchor {
  readonly id: string
  readonly pem: string
}

export interface CmsVerdict {
  readonly signature: 'good' | 'bad' | 'unknown-signer'
  /** The anchor's id, when good. */
  readonly signer: string | null
}

/** A CMS SignedData (RFC 5652 5) whose signatures were not looked at yet. */
export interface CmsMessage {
  /** The content inside, or null where the signature is detached. */
  readonly content: Uint8Array | null
  /** The digests that its signatures need. */
  readonly hashes: readonly ContentHash[]
  /** Good: signed by, or by way of, an anchor, and no other signature of a known signer is wrong. */
  verify(content: SignedContent, anchors: readonly CmsAnchor[]): CmsVerdict
}

/** Signatures with certificates are a few KiB; a parser gets no more than this. */
export const MAX_CMS = 256 * 1024
const MAX_SIGNERS = 16

const OID = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  rsaPss: '1.2.840.113549.1.1.10',
} as const

const HASHES: Readonly<Record<string, ContentHash>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** Signature algorithms, and the hash that the name of some of them fixes. */
const SCHEMES: Readonly<Record<string, { readonly type: string; readonly hash?: ContentHash }>> = {
  '1.2.840.113549.1.1.1': { type: 'rsa' },
  '1.2.840.113549.1.1.11': { type: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { type: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { type: 'rsa', hash: 'sha512' },
  [OID.rsaPss]: { type: 'rsa' },
  '1.2.840.10045.4.3.2': { type: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { type: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { type: 'ec', hash: 'sha512' },
}
const MINIMUM_RSA_BITS = 2048

/** Parses one whole CMS SignedData in BER or DER. Null, never a throw, when these bytes are none. */
export function readCms(bytes: Uint8Array): CmsMessage | null {
  if (bytes.length > MAX_CMS) return null
  try {
    const { result, offset } = fromBER(bytes)
    if (offset !== bytes.length) return null
    const info = new ContentInfo({ schema: result })
    if (info.contentType !== OID.signedData) return null
    return messageOf(new SignedData({ schema: info.content }))
  } catch {
    return null
  }
}

function messageOf(signed: SignedData): CmsMessage | null {
  const { signerInfos, encapContentInfo } = signed
  if (signerInfos.length === 0 || signerInfos.length > MAX_SIGNERS) return null
  const embedded = (signed.certificates ?? [])
    .filter((item) => item instanceof Certificate)
    .flatMap((item) => parseCertificate(new Uint8Array(item.toSchema().toBER())) ?? [])
  const hashes = new Set(signerInfos.flatMap(({ digestAlgorithm }) => HASHES[digestAlgorithm.algorithmId] ?? []))
  return {
    content: encapContentInfo.eContent ? new Uint8Array(encapContentInfo.eContent.getValue()) : null,
    hashes: [...hashes],
    verify(content, trusted) {
      const anchors = trusted.flatMap(({ id, pem }) => {
        const parsed = parseCertificate(pem)
        return parsed ? [{ ...parsed, id }] : []
      })
      const verdicts = signerInfos.map((info): CmsVerdict => {
        const certificate = signerOf(info, [...anchors, ...embedded])
        const anchor = certificate && maySign(certificate) ? anchorOf(certificate, embedded, anchors) : null
        if (!certificate || !anchor) return { signature: 'unknown-signer', signer: null }
        const good = isGood(info, encapContentInfo.eContentType, certificate.x509.publicKey, content)
        const id = anchors.find(({ x509 }) => x509 === anchor.x509)?.id ?? null
        return good ? { signature: 'good', signer: id } : { signature: 'bad', signer: null }
      })
      return (
        verdicts.find(({ signature }) => signature === 'bad') ??
        verdicts.find(({ signature }) => signature === 'good') ?? { signature: 'unknown-signer', signer: null }
      )
    },
  }
}

function signerOf({ sid }: SignerInfo, known: readonly ParsedCertificate[]): ParsedCertificate | null {
  if (sid instanceof IssuerAndSerialNumber) {
    const named = ({ fields }: ParsedCertificate) =>
      fields.issuer.isEqual(sid.issuer) && fields.serialNumber.isEqual(sid.serialNumber)
    return known.find(named) ?? null
  }
  // [0] SubjectKeyIdentifier
  const wanted = (sid as OctetString | undefined)?.valueBlock?.valueHexView
  if (!wanted || wanted.length === 0) return null
  return known.find((certificate) => Buffer.from(subjectKeyId(certificate) ?? []).equals(wanted)) ?? null
}

function isGood(info: SignerInfo, contentType: string, key: KeyObject, content: SignedContent): boolean {
  try {
    const hash = HASHES[info.digestAlgorithm.algorithmId]
    const message = hash && signedBytes(info, contentType, hash, content)
    return message ? signatureFits(info, key, hash, message) : false
  } catch {
    return false
  }
}

/** What the signature is over: the signed attributes, when they name this content, or the content itself. */
function signedBytes(
  { signedAttrs }: SignerInfo,
  contentType: string,
  hash: ContentHash,
  content: SignedContent,
): Uint8Array | null {
  // RFC 5652 5.3: attributes may be left out for plain data only.
  if (!signedAttrs) return contentType === OID.data ? content.whole : null
  const only = (type: string) => {
    const found = signedAttrs.attributes.filter((attribute) => attribute.type === type)
    const values = found[0]?.values ?? []
    return found.length === 1 && values.length === 1 ? (values[0] as unknown) : null
  }
  const named = (only(OID.contentType) as ObjectIdentifier | null)?.valueBlock.toString()
  const claimed = (only(OID.messageDigest) as OctetString | null)?.valueBlock.valueHexView
  if (named !== contentType || !claimed || !Buffer.from(content.digest(hash)).equals(claimed)) return null
  return new Uint8Array(signedAttrs.encodedValue)
}

function signatureFits(info: SignerInfo, key: KeyObject, hash: ContentHash, message: Uint8Array): boolean {
  const { algorithmId, algorithmParams } = info.signatureAlgorithm
  const scheme = SCHEMES[algorithmId]
  const signature = new Uint8Array(info.signature.getValue())
  if (!scheme || key.asymmetricKeyType !== scheme.type || (scheme.hash !== undefined && scheme.hash !== hash))
    return false
  if (scheme.type === 'ec') return verify(hash, message, { key, dsaEncoding: 'der' }, signature)
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MINIMUM_RSA_BITS) return false
  if (algorithmId !== OID.rsaPss) return verify(hash, message, { key, padding: constants.RSA_PKCS1_PADDING }, signature)
  const params = new RSASSAPSSParams({ schema: algorithmParams })
  if (HASHES[params.hashAlgorithm.algorithmId] !== hash) return false
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify(hash, message, { key, padding, saltLength: params.saltLength }, signature)
}
