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
}

/** Where `ssh2` says that something went wrong. */
const BY_LEVEL: Readonly<Record<string, ErrorCode>> = {
  'client-authentication': 'device.unauthorised',
  'client-timeout': 'link.timeout',
  'client-dns': 'link.not-found',
}

/** What went wrong between us and a device's SSH server, as a code. */
export function sshError(error: unknown, address: string, signal: AbortSignal): AppError {
  if (signal.aborted) return abortError(signal)
  if (error instanceof AppError) return error
  const { code, level } = (error ?? {}) as { readonly code?: string; readonly level?: string }
  const known = BY_ERRNO[code ?? ''] ?? BY_LEVEL[level ?? '']
  return new AppError(known ?? 'link.io', { detail: { address }, cause: error })
}
