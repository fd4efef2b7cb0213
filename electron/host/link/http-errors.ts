import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { abortError } from './waiting.ts'

const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'link.refused',
  ENOTFOUND: 'link.not-found',
  EAI_AGAIN: 'link.not-found',
  EHOSTUNREACH: 'link.not-found',
  ENETUNREACH: 'link.not-found',
  ETIMEDOUT: 'link.timeout',
  ECONNRESET: 'link.lost',
  EPIPE: 'link.lost',
  // undici and node say it in words of their own when the other side closes too early
  ERR_STREAM_PREMATURE_CLOSE: 'link.lost',
  ABORT_ERR: 'cancelled',
}

/** What went wrong between us and a device's web server, as a `link.*` code. */
export function httpError(error: unknown, address: string, signal: AbortSignal): AppError {
  if (signal.aborted) return abortError(signal)
  if (error instanceof AppError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  return new AppError(BY_ERRNO[code] ?? 'link.io', { detail: { address }, cause: error })
}
