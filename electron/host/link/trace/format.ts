import { z } from 'zod'
import { AppError, isErrorCode } from '../../../../shared/errors.ts'

/** First words of every trace. Another number is another format. */
export const TRACE_FORMAT = 'slipway.trace/1'
/** Longest line, characters: a USB request of 64 KiB in base64, with what stands around it. */
export const MAX_LINE = 128 * 1024
/** A trace is a record of minutes, not an archive: bytes. */
export const MAX_TRACE = 64 * 1024 * 1024
/** Longest body of an HTTP request or reply that is kept whole, bytes; of longer ones the start, length and CRC. */
export const MAX_BODY = 16 * 1024

const Data = z.base64()
const Headers = z.record(z.string().max(200), z.string().max(8192))
const Code = z.string().refine(isErrorCode)

/** A body: all of it, or its start. The CRC-32 is over all of it, less what changes from one time to the next. */
export const TracedBody = z.object({ length: z.int().min(0), crc32: z.int().min(0), start: Data })
export type TracedBody = z.infer<typeof TracedBody>

const Setup = z.object({
  type: z.enum(['standard', 'class', 'vendor']),
  recipient: z.enum(['device', 'interface']),
  request: z.int().min(0).max(255),
  value: z.int().min(0).max(65_535),
  index: z.int().min(0).max(65_535),
})

/** Endpoint number without its direction. */
const Endpoint = z.int().min(1).max(15)

/** What was asked over a link that knows requests. */
export const TracedCall = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('request'),
    method: z.enum(['GET', 'POST', 'PUT']),
    path: z.string().max(8192),
    headers: Headers,
    body: TracedBody.nullable(),
  }),
  z.object({ what: z.literal('socket'), path: z.string().max(8192), headers: Headers }),
  z.object({ what: z.literal('usb-in'), setup: Setup, length: z.int().min(0).max(65_535) }),
  z.object({ what: z.literal('usb-out'), setup: Setup, data: Data }),
  z.object({ what: z.literal('bulk-in'), endpoint: Endpoint, length: z.int().min(0).max(65_535) }),
  z.object({ what: z.literal('bulk-out'), endpoint: Endpoint, data: Data }),
  z.object({ what: z.literal('claim'), number: z.int().min(0).max(255) }),
  z.object({ what: z.literal('select'), number: z.int().min(0).max(255), alternate: z.int().min(0).max(255) }),
  z.object({ what: z.literal('reset') }),
  /** `stdin`: something was fed to it; what, is not kept. */
  z.object({ what: z.literal('run'), argv: z.array(z.string()), stdin: z.boolean() }),
  z.object({ what: z.literal('read-file'), path: z.string(), limit: z.int().min(0) }),
  z.object({ what: z.literal('upload'), path: z.string(), length: z.int().min(0), sha256: z.string() }),
])
export type TracedCall = z.infer<typeof TracedCall>

/** What came of it. */
export const TracedReply = z.discriminatedUnion('what', [
  z.object({ what: z.literal('done') }),
  z.object({ what: z.literal('data'), data: Data }),
  z.object({ what: z.literal('outcome'), code: z.int().nullable(), stdout: z.string(), stderr: z.string() }),
  z.object({ what: z.literal('uploaded'), held: z.int().min(0) }),
  z.object({ what: z.literal('http'), status: z.int().min(0).max(999), headers: Headers, body: TracedBody }),
  z.object({
    what: z.literal('error'),
    code: Code,
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
])
export type TracedReply = z.infer<typeof TracedReply>

const Face = z.object({
  vid: z.string().max(4),
  pid: z.string().max(4),
  release: z.string().max(20),
  manufacturer: z.string().max(255).nullable(),
  product: z.string().max(255).nullable(),
  serial: z.string().max(255).nullable(),
})

export const TraceHeader = z.object({
  format: z.literal(TRACE_FORMAT),
  address: z.string().min(1).max(1000),
  /** What kind of link it was; what follows differs by that. */
  kind: z.enum(['serial', 'memory', 'udp', 'http', 'usb', 'ssh']),
  /** By which driver the device was known, where it was. */
  driver: z.string().max(40).nullable(),
  /** The device, by type and serial number, where it was known. */
  device: z.string().max(220).nullable().default(null),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  /** The signed profile by which the device was known, so that the trace explains itself. */
  profile: z.unknown(),
})
export type TraceHeader = z.infer<typeof TraceHeader>

/** ms since the trace began. */
const at = z.number().min(0)

export const TraceEvent = z.discriminatedUnion('is', [
  z.object({ at, is: z.literal('open'), face: Face.optional(), maxPayload: z.int().positive().optional() }),
  z.object({ at, is: z.literal('out'), data: Data }),
  z.object({ at, is: z.literal('in'), data: Data }),
  z.object({ at, is: z.literal('call'), id: z.int(), call: TracedCall }),
  z.object({ at, is: z.literal('reply'), id: z.int(), reply: TracedReply }),
  /** A text frame of the socket that call `id` opened; null: the device closed it. */
  z.object({ at, is: z.literal('frame'), id: z.int(), text: z.string().nullable() }),
  z.object({ at, is: z.literal('note'), text: z.string().max(500) }),
  z.object({ at, is: z.literal('close'), code: Code.nullable() }),
])
export type TraceEvent = z.infer<typeof TraceEvent>

/** The last line; without it the trace was cut off. */
export const TraceEnd = z.object({
  at,
  is: z.literal('end'),
  events: z.int().min(0),
  why: z.enum(['stopped', 'full', 'closed']),
})
export type TraceEnd = z.infer<typeof TraceEnd>

const Line = z.union([TraceEvent, TraceEnd])

export interface Trace {
  readonly header: TraceHeader
  readonly events: readonly TraceEvent[]
  /** Null: cut off, by a full disk or a power cut. */
  readonly end: TraceEnd | null
}

/**
 * Reads a trace, line by line. A last line that was cut off ends it; anything else that is none of ours is refused.
 * Throws `trace.unreadable`, `file.too-large`.
 */
export async function readTrace(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Trace> {
  let header: TraceHeader | null = null
  const events: TraceEvent[] = []
  let end: TraceEnd | null = null
  let number = 0
  for await (const { text, whole } of lines(chunks)) {
    number += 1
    if (end) throw unreadable(number, 'after-the-end')
    const value = json(text)
    if (value === undefined && !whole && header) break
    if (!header) {
      const first = TraceHeader.safeParse(value)
      if (!first.success) throw unreadable(number, 'no-header')
      header = first.data
      continue
    }
    const line = Line.safeParse(value)
    if (!line.success) throw unreadable(number, 'bad-line')
    if (line.data.is === 'end') end = line.data
    else events.push(line.data)
  }
  if (!header) throw unreadable(1, 'no-header')
  return { header, events, end }
}

async function* lines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  const decoder = new TextDecoder()
  let [rest, total] = ['', 0]
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > MAX_TRACE) throw new AppError('file.too-large', { detail: { most: MAX_TRACE } })
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    for (const text of parts) {
      if (text.length > MAX_LINE) throw unreadable(0, 'long-line')
      yield { text, whole: true }
    }
    if (rest.length > MAX_LINE) throw unreadable(0, 'long-line')
  }
  if (rest !== '') yield { text: rest, whole: false }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(line: number, reason: string): AppError {
  return new AppError('trace.unreadable', { detail: { line, reason } })
}
