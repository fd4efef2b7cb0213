import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { SOCKET_ERRORS } from './socket-errors.ts'
import { abortError } from './waiting.ts'

const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ...SOCKET_ERRORS,
  // undici and node say it in words of their own when the other side closes too early
  ERR_STREAM_PREMATURE_CLOSE: 'link.lost',
  ABORT_ERR: 'cancelled',
}

/** What OpenSSL and Node say of a certificate that does not prove what was asked. */
const UNTRUSTED: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'signer',
  UNABLE_TO_GET_ISSUER_CERT: 'signer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'signer',
  SELF_SIGNED_CERT_IN_CHAIN: 'signer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'signer',
  CERT_SIGNATURE_FAILURE: 'signer',
  CERT_UNTRUSTED: 'signer',
  INVALID_CA: 'signer',
  INVALID_PURPOSE: 'signer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  HOSTNAME_MISMATCH: 'name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  CERT_REVOKED: 'revoked',
  // The other end does not speak TLS.
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  EPROTO: 'handshake',
}

/** What went wrong between us and a device's web server, as a `link.*` code. */
export function httpError(error: unknown, address: string, signal: AbortSignal): AppError {
  if (signal.aborted) return abortError(signal)
  if (error instanceof AppError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const untrusted = UNTRUSTED[code]
  if (untrusted) return new AppError('link.untrusted', { detail: { address, reason: untrusted }, cause: error })
  return new AppError(BY_ERRNO[code] ?? 'link.io', { detail: { address }, cause: error })
}
