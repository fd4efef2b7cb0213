import { AppError } from '../../../shared/errors.ts'
import { Receipt } from '../../../shared/model/audit.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import { type AgentFor, tusHttpStack } from './tus-http-stack.ts'

/** What an intake says no with; anything else that a server sends as a reason is only an HTTP error. */
const REASONS: ReadonlySet<string> = new Set([
  'audit.bad-head',
  'audit.bad-segment',
  'audit.chain-broken',
  'audit.fork',
  'audit.gap',
  'audit.refused',
  'audit.truncated',
  'audit.unknown-console',
])

/** A refusal as the intake words it, or `sync.http` with the status. */
export function answerError(status: number, body: string): AppError {
  const reason = ErrorDataSchema.safeParse(json(body))
  if (reason.success && REASONS.has(reason.data.code)) return AppError.fromData(reason.data)
  return new AppError('sync.http', { detail: { status } })
}

/** True for what the intake itself decided: the same bytes would be refused again. */
export function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && REASONS.has(error.code)
}

/**
 * Asks for the receipt of a segment; null when the intake has none (yet). Throws `sync.unreachable`,
 * `sync.stalled`, `sync.http`, `cancelled`, `audit.bad-receipt`, or the intake's refusal.
 */
export async function fetchReceipt(
  endpoint: URL,
  segment: string,
  options: { readonly idleMs: number; readonly agent?: AgentFor | undefined; readonly signal: AbortSignal },
): Promise<Receipt | null> {
  const { idleMs, agent, signal } = options
  signal.throwIfAborted()
  const { href, origin } = new URL(`receipts/${segment}`, endpoint)
  const request = tusHttpStack({ origin, idleMs, agent }).createRequest('GET', href)
  const stop = () => void request.abort()
  signal.addEventListener('abort', stop, { once: true })
  let status: number
  let body: string
  try {
    const response = await request.send(null)
    status = response.getStatus()
    body = response.getBody()
  } catch (cause) {
    if (signal.aborted) throw new AppError('cancelled')
    if (cause instanceof AppError) throw cause
    throw new AppError('sync.unreachable', { cause })
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (status === 404) return null
  if (status !== 200) throw answerError(status, body)
  const receipt = Receipt.safeParse(json(body))
  if (!receipt.success)
    throw new AppError('audit.bad-receipt', { detail: { what: 'form', segment }, cause: receipt.error })
  return receipt.data
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
