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

/** Whatever the HTTP client threw, as a coded error. Ours pass through; an abort is `cancelled`. */
export function transportError(error: unknown, url: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new AppError('cancelled', { cause: error })
  if (error instanceof AppError) return error
  const code = errorCode(error)
  const detail = { host: hostOf(url), reason: UNREACHABLE[code] ?? (code.slice(0, 60) || 'unknown') }
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
