import type { ErrorCode } from '../../../shared/errors.ts'

/** What the system says of a TCP connection that could not be made, or broke. */
export const SOCKET_ERRORS: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'link.refused',
  ENOTFOUND: 'link.not-found',
  EAI_AGAIN: 'link.not-found',
  EHOSTUNREACH: 'link.not-found',
  ENETUNREACH: 'link.not-found',
  ETIMEDOUT: 'link.timeout',
  ECONNRESET: 'link.lost',
  EPIPE: 'link.lost',
}
