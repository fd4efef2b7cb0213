import type { IncomingMessage } from 'node:http'
import { AppError } from '../../../shared/errors.ts'
import type { HttpReply } from './link.ts'

/** A device's answers are small documents; anything longer is not one. */
const MAX_REPLY = 4 * 1024 * 1024

/** The whole reply. Throws `device.bad-frame` when it does not end, and what the connection throws when it breaks off. */
export async function collect(response: IncomingMessage): Promise<HttpReply> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_REPLY) throw new AppError('device.bad-frame', { detail: { longerThan: MAX_REPLY } })
    parts.push(part)
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return { status: response.statusCode ?? 0, headers, body: new Uint8Array(Buffer.concat(parts)) }
}
