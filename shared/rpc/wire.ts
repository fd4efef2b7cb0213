import { z } from 'zod'
import { AppError, type ErrorData } from '../errors.ts'
import { ErrorDataSchema } from '../model/error-data.ts'

/** Longest frame either side accepts, in UTF-16 code units of its JSON text. */
export const MAX_FRAME_LENGTH = 4_000_000
/** The same in bytes for wires that count those: a code unit is at most three bytes of UTF-8. */
export const MAX_FRAME_BYTES = 3 * MAX_FRAME_LENGTH
/** A peer that has not proved itself may say no more than an `open` frame, in code units. */
export const MAX_OPEN_FRAME_LENGTH = 1000

const Id = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
/** Whatever `JSON.parse` made; the method's own schema looks inside. */
const Json = z.unknown()

/** What a client says. */
export const ClientFrame = z.discriminatedUnion('t', [
  /** The first frame on every wire: which contract the client speaks, and why it may. */
  z.strictObject({ t: z.literal('open'), version: z.int(), token: z.string().max(200).optional() }),
  z.strictObject({ t: z.literal('call'), id: Id, method: z.string().max(100), input: Json }),
  z.strictObject({ t: z.literal('stop'), id: Id }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

/** What a host says. A call ends in `done` with its value; a watch sends `value`s, and `done` at its end. */
export const HostFrame = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('open'), version: z.int() }),
  z.strictObject({ t: z.literal('value'), id: Id, value: Json }),
  z.strictObject({ t: z.literal('done'), id: Id, value: Json.optional() }),
  /** Without an id it is about the wire itself, which closes after it. */
  z.strictObject({ t: z.literal('error'), id: Id.optional(), error: ErrorDataSchema }),
])
export type HostFrame =
  | { readonly t: 'open'; readonly version: number }
  | { readonly t: 'value'; readonly id: number; readonly value: unknown }
  | { readonly t: 'done'; readonly id: number; readonly value?: unknown }
  | { readonly t: 'error'; readonly id?: number | undefined; readonly error: ErrorData }

/**
 * A two-way pipe for frames as JSON text. Text rather than objects, so that every wire carries
 * exactly the same thing and nothing but JSON can pass.
 */
export interface Wire {
  send(text: string): void
  /** Called with every message, also ones that are not text: a hostile peer may send anything. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once, whichever side hung up. */
  onClose(listener: () => void): void
  close(): void
  /** Bytes handed to `send` that have not left yet; the server holds values back while it is high. */
  backlog?(): number
}

/**
 * A message as a checked frame.
 * @throws AppError `rpc.too-large`, `rpc.bad-frame`
 */
export function readFrame<T>(schema: z.ZodType<T>, message: unknown, maxLength = MAX_FRAME_LENGTH): T {
  if (typeof message !== 'string') throw new AppError('rpc.bad-frame', { detail: { why: 'not-text' } })
  if (message.length > maxLength) throw new AppError('rpc.too-large', { detail: { length: message.length } })
  let json: unknown
  try {
    json = JSON.parse(message)
  } catch (cause) {
    throw new AppError('rpc.bad-frame', { detail: { why: 'not-json' }, cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new AppError('rpc.bad-frame', { detail: { why: 'not-a-frame' } })
  return parsed.data
}
