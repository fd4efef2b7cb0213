import type { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { AuditEntry, AuditHead, SegmentHeader } from '../../../shared/model/audit.ts'
import { type ChainEntry, type ChainPoint, follow } from './chain.ts'
import { readLines } from './chain-lines.ts'

/** Entries that one segment may hold. */
export const MAX_SEGMENT_ENTRIES = 5000
/** Sealed bytes after which a segment is closed. A segment stays far below what an intake accepts. */
export const MAX_SEGMENT_BYTES = 8 * 1024 * 1024
/** A line holds one entry: detail of at most 64 KiB in base64, and its clear part. */
const MAX_LINE_BYTES = 256 * 1024

export interface SegmentFacts {
  readonly header: SegmentHeader
  readonly head: AuditHead
  readonly end: ChainPoint
}

/** The plaintext of a segment: header, entries, head, a JSON line each. */
export function* segmentLines(
  header: SegmentHeader,
  entries: Iterable<ChainEntry>,
  head: AuditHead,
): Iterable<Uint8Array> {
  yield line(header)
  for (const { clear, hash, sealed } of entries) {
    yield line({ ...clear, hash, sealed: Buffer.from(sealed).toString('base64') })
  }
  yield line(head)
}

/**
 * Reads a segment and follows its chain from the header's `prev` to its head, entry by entry. Who
 * signed the head is for the caller to check. Throws `audit.bad-segment` on a wrong form,
 * `audit.truncated` when it ends early, and what {@link follow} throws.
 */
export async function readSegment(
  bytes: AsyncIterable<Uint8Array>,
  visit?: (entry: ChainEntry) => void | Promise<void>,
): Promise<SegmentFacts> {
  const lines = readLines(bytes, MAX_LINE_BYTES)
  try {
    const header = parse(SegmentHeader, await next(lines), 'header')
    const count = header.last - header.first + 1
    if (count < 1 || count > MAX_SEGMENT_ENTRIES) throw bad('count')
    let end: ChainPoint = { epoch: header.epoch, seq: header.first - 1, hash: header.prev }
    for (let i = 0; i < count; i += 1) {
      const { hash, sealed, ...clear } = parse(AuditEntry, await next(lines), 'entry')
      const entry = { clear, hash, sealed: Buffer.from(sealed, 'base64') }
      end = follow(end, entry)
      await visit?.(entry)
    }
    const head = parse(AuditHead, await next(lines), 'head')
    if ((await lines.next()).done !== true) throw bad('trailing')
    if (head.console !== header.console || head.epoch !== end.epoch || head.seq !== end.seq || head.hash !== end.hash) {
      throw bad('head')
    }
    return { header, head, end }
  } finally {
    await lines.return(undefined)
  }
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`, 'utf8')
}

async function next(lines: AsyncGenerator<string>): Promise<string> {
  const step = await lines.next()
  if (step.done === true) throw new AppError('audit.truncated', { detail: { what: 'segment' } })
  return step.value
}

function parse<T>(schema: z.ZodType<T>, text: string, what: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('audit.bad-segment', { detail: { what }, cause })
  }
}

function bad(what: string): AppError {
  return new AppError('audit.bad-segment', { detail: { what } })
}
