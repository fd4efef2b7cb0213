import { AppError } from '../../../shared/errors.ts'
import { Receipt } from '../../../shared/model/audit.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'

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

const RECEIPT_BYTES = 16 * 1024

/**
 * Asks for the receipt of a segment; null when the intake has none (yet). Throws `sync.unreachable`,
 * `sync.stalled`, `sync.http`, `cancelled`, `audit.bad-receipt`, or the intake's refusal.
 */
export async function fetchReceipt(
  endpoint: URL,
  segment: string,
  options: { readonly idleMs: number; readonly signal: AbortSignal },
): Promise<Receipt | null> {
  options.signal.throwIfAborted()
  const late = AbortSignal.timeout(options.idleMs)
  let status: number
  let body: string
  try {
    const response = await fetch(new URL(`receipts/${segment}`, endpoint), {
      redirect: 'error',
      signal: AbortSignal.any([options.signal, late]),
    })
    status = response.status
    body = await boundedText(response)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (options.signal.aborted) throw new AppError('cancelled')
    throw new AppError(late.aborted ? 'sync.stalled' : 'sync.unreachable', { cause })
  }
  if (status === 404) return null
  if (status !== 200) throw answerError(status, body)
  const receipt = Receipt.safeParse(json(body))
  if (!receipt.success)
    throw new AppError('audit.bad-receipt', { detail: { what: 'form', segment }, cause: receipt.error })
  return receipt.data
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    const bytes: Uint8Array = part
    length += bytes.length
    if (length > RECEIPT_BYTES) throw new AppError('sync.http', { detail: { why: 'answer-too-long' } })
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString('utf8')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
