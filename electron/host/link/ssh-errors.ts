import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { SOCKET_ERRORS } from './socket-errors.ts'
import { abortError } from './waiting.ts'

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
  const known = SOCKET_ERRORS[code ?? ''] ?? BY_LEVEL[level ?? '']
  return new AppError(known ?? 'link.io', { detail: { address }, cause: error })
}
