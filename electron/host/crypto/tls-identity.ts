import { createPrivateKey, X509Certificate } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'

/** A certificate for people: whose it is and how long it lasts. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** End of its validity, ms since 1970. */
  readonly until: number
  /** SHA-256 over its DER, hex. */
  readonly fingerprint: string
}

/** More than this is somebody's whole trust store. */
const MAX_AUTHORITIES = 32

/** Certificates that may end a server's chain: one PEM file. Throws `sync.bad-certificate`. */
export function readAuthorities(pem: string): CertificateFacts[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0 || blocks.length > MAX_AUTHORITIES) throw bad(blocks.length === 0 ? 'none' : 'too-many')
  const found = blocks.map(certificate)
  if (found.some(({ ca }) => !ca)) throw bad('no-authority')
  return found.map(factsOf)
}

/**
 * The certificate with which this console shows itself, and the key to it: PEM, the key without a passphrase. Throws
 * `sync.bad-certificate`.
 */
export function readClientCertificate(pem: string, key: string): CertificateFacts {
  const own = certificate(pem)
  let fits: boolean
  try {
    fits = own.checkPrivateKey(createPrivateKey(key))
  } catch {
    // No cause: a parser may quote what it read, and this is a key.
    throw bad('key-unreadable')
  }
  if (!fits) throw bad('key-of-another')
  return factsOf(own)
}

function certificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw bad('unreadable', cause)
  }
}

function factsOf(x509: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    until: Date.parse(x509.validTo),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

function oneLine(name: string): string {
  return name.replaceAll(/\s*\n\s*/g, ', ').slice(0, 300)
}

function bad(why: string, cause?: unknown): AppError {
  return new AppError('sync.bad-certificate', { detail: { why }, cause })
}
