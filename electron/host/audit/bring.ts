import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Receipt } from '../../../shared/model/audit.ts'
import { pause } from '../../../shared/rpc/waiting.ts'
import { hashFile } from '../crypto/hash.ts'
import { fetchReceipt, isRefusal } from './intake-answer.ts'
import type { AgentFor } from './tus-http-stack.ts'

/** A sealed segment that lies here, whosever it is. */
export interface Goods {
  /** SHA-256 of the file, hex; its name in the folder. */
  readonly id: string
  readonly bytes: number
  readonly dir: string
  readonly uploadUrl: string | null
  readonly onUrl: (url: string) => void
  /** What the intake is told with the upload. */
  readonly metadata: Readonly<Record<string, string>>
  /** What to do with a segment that the intake refused before: send it again, or leave it at that. */
  readonly onceRefused: 'send-again' | 'leave'
}

export interface Road {
  readonly endpoint: URL
  /** Silence after which a connection is given up, ms. */
  readonly idleMs: number
  /** Waits between attempts, ms. Those of an upload begin anew whenever the server has more bytes than before. */
  readonly pauses: readonly number[]
  readonly agent?: AgentFor | undefined
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Brings one segment to the intake and comes back with the receipt, which the caller has yet to check. Throws what
 * `tusUpload` and {@link fetchReceipt} throw, `audit.bad-receipt` when none is given, and `file.not-found` when the
 * file is no longer what was made.
 */
export async function bring(goods: Goods, road: Road): Promise<Receipt> {
  const { id, dir, metadata, uploadUrl, onUrl } = goods
  const { endpoint, idleMs, pauses, agent, onProgress, signal } = road
  const ask = { idleMs, agent, signal }
  // It may be there already: carried by somebody else, or sent whole when only the answer was lost.
  let receipt = await fetchReceipt(endpoint, id, ask).catch((error: unknown) => {
    // What the intake refused once it judges anew when it is sent again: a person may have mended what was wrong.
    if (goods.onceRefused === 'send-again' && isRefusal(error)) return null
    throw error
  })
  if (receipt === null) {
    const path = await intactFile(dir, goods)
    // Read only here: a start sends nothing, and the library is a sixth of what a host would have to read.
    const { tusUpload } = await import('./tus-upload.ts')
    await tusUpload({
      endpoint,
      path,
      size: goods.bytes,
      metadata,
      uploadUrl,
      onUrl,
      onProgress,
      idleMs,
      pauses,
      agent,
      signal,
    })
    receipt = await patiently(() => fetchReceipt(endpoint, id, ask), pauses, signal)
  }
  if (receipt === null) {
    throw new AppError('audit.bad-receipt', { retry: 'now', detail: { what: 'missing', segment: id } })
  }
  return receipt
}

/** The file of a segment. Its name is its hash: a disk that lost part of it must not send the rest. */
export async function intactFile(dir: string, { id, bytes }: Pick<Goods, 'id' | 'bytes'>): Promise<string> {
  const path = join(dir, id)
  const found = await stat(path).catch(() => null)
  if (found?.size !== bytes || (await hashFile(path)).sha256 !== id) {
    throw new AppError('file.not-found', { detail: { what: 'segment', segment: id } })
  }
  return path
}

/** Asks again for a receipt that the intake is still making. */
async function patiently(
  ask: () => Promise<Receipt | null>,
  pauses: readonly number[],
  signal: AbortSignal,
): Promise<Receipt | null> {
  for (const ms of pauses) {
    const receipt = await ask()
    if (receipt !== null) return receipt
    await pause(ms, signal)
    if (signal.aborted) throw new AppError('cancelled')
  }
  return ask()
}
