import { TextDecoder } from 'node:util'
import { AppError } from '../../../shared/errors.ts'

const NEWLINE = 0x0a

/**
 * Lines of UTF-8 text from bytes in any chunking, each ended by a newline, with bounded memory.
 * Throws `audit.bad-segment` on a line over `maxBytes` or bytes that are no UTF-8, and
 * `audit.truncated` when the last line has no end.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let parts: Uint8Array[] = []
  let held = 0
  for await (const chunk of bytes) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      if (held + end - from > maxBytes) throw bad('line-too-long')
      yield decode(decoder, [...parts, chunk.subarray(from, end)])
      parts = []
      held = 0
      from = end + 1
    }
    if (from < chunk.length) parts.push(chunk.slice(from))
    held += chunk.length - from
    if (held > maxBytes) throw bad('line-too-long')
  }
  if (held > 0) throw new AppError('audit.truncated', { detail: { what: 'line' } })
}

function decode(decoder: TextDecoder, parts: readonly Uint8Array[]): string {
  try {
    return decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts))
  } catch (cause) {
    throw new AppError('audit.bad-segment', { detail: { what: 'utf-8' }, cause })
  }
}

function bad(what: string): AppError {
  return new AppError('audit.bad-segment', { detail: { what } })
}
