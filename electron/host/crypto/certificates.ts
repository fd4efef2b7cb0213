import { X509Certificate } from 'node:crypto'
import { fromBER, type OctetString } from 'asn1js'
import { Certificate } from 'pkijs'

/** A certificate twice: as the run-time verifies with it, and as its fields are compared. */
export interface ParsedCertificate {
  readonly x509: X509Certificate
  readonly fields: Certificate
}

/** Longer chains than this are no publisher's, they are an attack. */
const MAX_CHAIN = 6
const OID = { subjectKeyIdentifier: '2.5.29.14', keyUsage: '2.5.29.15' } as const
/** What a certificate with an extended key usage must allow to sign packages (SWUpdate's and RAUC's choices). */
const SIGNING_PURPOSES: ReadonlySet<string> = new Set([
  '1.3.6.1.5.5.7.3.4', // emailProtection: what CMS tools ask for by default
  '1.3.6.1.5.5.7.3.3', // codeSigning
  '2.5.29.37.0', // any
])

/** PEM or DER; null, never a throw, when it is no certificate. */
export function parseCertificate(source: string | Uint8Array): ParsedCertificate | null {
  try {
    const x509 = new X509Certificate(source)
    const { result, offset } = fromBER(new Uint8Array(x509.raw))
    return offset < 0 ? null : { x509, fields: new Certificate({ schema: result }) }
  } catch {
    return null
  }
}

/** SubjectKeyIdentifier (RFC 5280 4.2.1.2), or null. */
export function subjectKeyId({ fields }: ParsedCertificate): Uint8Array | null {
  const extension = fields.extensions?.find(({ extnID }) => extnID === OID.subjectKeyIdentifier)
  return (extension?.parsedValue as OctetString | undefined)?.valueBlock?.valueHexView ?? null
}

/** Whether the certificate may make signatures at all: usages that it does not list, it does not limit. */
export function maySign({ x509, fields }: ParsedCertificate): boolean {
  const purposes: readonly string[] = x509.keyUsage ?? []
  if (purposes.length > 0 && !purposes.some((purpose) => SIGNING_PURPOSES.has(purpose))) return false
  const usage = fields.extensions?.find(({ extnID }) => extnID === OID.keyUsage)
  if (!usage) return true
  // BIT STRING: digitalSignature and nonRepudiation are its two first bits.
  const bits = (usage.parsedValue as OctetString | undefined)?.valueBlock?.valueHexView?.[0] ?? 0
  return (bits & 0xc0) !== 0
}

/**
 * The anchor that `leaf` is or leads to by way of `others`, or null. Dates are not looked at: the anchor comes
 * from a signed profile, whose own validity ends its use, and a laptop's or a device's clock proves little.
 */
export function anchorOf(
  leaf: ParsedCertificate,
  others: readonly ParsedCertificate[],
  anchors: readonly ParsedCertificate[],
): ParsedCertificate | null {
  let step = leaf
  for (let length = 0; length < MAX_CHAIN; length += 1) {
    const here = anchors.find(({ x509 }) => x509.fingerprint256 === step.x509.fingerprint256)
    if (here) return here
    const above = anchors.find((anchor) => issued(anchor, step)) ?? others.find((other) => issued(other, step))
    if (!above || above.x509.fingerprint256 === step.x509.fingerprint256) return null
    step = above
  }
  return null
}

function issued(issuer: ParsedCertificate, certificate: ParsedCertificate): boolean {
  try {
    return issuer.x509.ca && certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey)
  } catch {
    return false
  }
}
