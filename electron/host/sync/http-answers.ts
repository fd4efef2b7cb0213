import { AppError } from '../../../shared/errors.ts'

/** Codes by which the system says that nobody was reached, in the words that help a person. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  ETIMEDOUT: 'timeout',
}

/** Codes by which the TLS library says that it does not believe a certificate. */
const UNTRUSTED: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknown-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown-authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown-authority'],
  ['CERT_SIGNATURE_FAILURE', 'bad-signature'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'not-yet-valid'],
  ['CERT_REVOKED', 'revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'another-name'],
])

/** Whatever the HTTP client threw, as a coded error. Ours pass through; an abort is `cancelled`. */
export function transportError(error: unknown, url: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new AppError('cancelled', { cause: error })
  if (error instanceof AppError) return error
  const code = errorCode(error)
  const detail = { host: hostOf(url), reason: UNREACHABLE[code] ?? (code.slice(0, 60) || 'unknown') }
  if (UNTRUSTED.has(code)) {
    return new AppError('sync.tls-untrusted', {
      detail: { ...detail, reason: UNTRUSTED.get(code) ?? code },
      cause: error,
    })
  }
  // TLS alerts: 42 to 51 and 116 are all a server's way of saying no to who asks (RFC 8446 6.2).
  if (/^ERR_SSL_.*ALERT/.test(code)) return new AppError('sync.tls-refused', { detail, cause: error })
  if (code.startsWith('ERR_PROXY')) return new AppError('sync.proxy', { detail, cause: error })
  // A connection that was there and broke is another matter than one that never was.
  if (['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)) {
    return new AppError('sync.stalled', { detail, cause: error })
  }
  return new AppError('sync.unreachable', { detail, cause: error })
}

export function isHtml(contentType: string | undefined): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)/i.test(contentType ?? '')
}

/**
 * A hotel's or a harbour's log-in page answers every address with 200 and HTML. Nothing signed begins with
 * `<`, so that is told apart from a broken repository: `sync.not-a-repository`.
 */
export function requireNoPortal(url: string, contentType: string | undefined, bytes: Uint8Array): void {
  const begin = Buffer.from(bytes.subarray(0, 64)).toString('latin1').trimStart()
  if (!isHtml(contentType) && !begin.startsWith('<')) return
  throw new AppError('sync.not-a-repository', { detail: { url: url.slice(0, 300) } })
}

/** For people: which server, without what was asked of it. */
export function hostOf(url: string): string {
  return (URL.parse(url)?.host ?? url).slice(0, 200)
}

/** For people: which file of it. */
export function pathOf(url: string): string {
  return (URL.parse(url)?.pathname ?? url).slice(0, 300)
}

function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}
