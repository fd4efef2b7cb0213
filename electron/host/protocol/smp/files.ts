import { AppError } from '../../../../shared/errors.ts'
import { own, text, wholeNumber, wrongField } from './body.ts'
import { chunkSize } from './chunk.ts'
import type { Patience, SmpClient } from './client.ts'
import { GROUP } from './packet.ts'

const ID = { transfer: 0, length: 1, hash: 2 } as const

/** Length of a file in bytes. Throws `device.refused` for one that is not there. */
export async function fileLength(
  client: SmpClient,
  name: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<number> {
  const request = { op: 'read', group: GROUP.fs, id: ID.length, body: { name } } as const
  const length = wholeNumber(await client.ask(request, patience, signal), 'len')
  if (length === null || length < 0) throw wrongField('len')
  return length
}

/** SHA-256 of a file as the device counts it, hex. */
export async function fileHash(
  client: SmpClient,
  name: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<string> {
  const request = { op: 'read', group: GROUP.fs, id: ID.hash, body: { name, type: 'sha256' } } as const
  const body = await client.ask(request, patience, signal)
  const output = own(body, 'output')
  if (text(body, 'type') !== 'sha256' || !(output instanceof Uint8Array) || output.length !== 32) {
    throw wrongField('output')
  }
  return Buffer.from(output).toString('hex')
}

/** A whole file of at most `most` bytes. Throws `device.refused` (`too-large`), `device.bad-frame`. */
export async function readFile(
  client: SmpClient,
  name: string,
  most: number,
  patience: Patience,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length: number | null = null
  for (let off = 0; length === null || off < length; ) {
    const body = await client.ask(
      { op: 'read', group: GROUP.fs, id: ID.transfer, body: { name, off } },
      patience,
      signal,
    )
    length ??= wholeNumber(body, 'len')
    if (length === null || length < 0) throw wrongField('len')
    if (length > most) throw new AppError('device.refused', { detail: { reason: 'too-large', length, most } })
    const data = own(body, 'data')
    if (!(data instanceof Uint8Array) || wholeNumber(body, 'off') !== off) throw wrongField('data')
    if (off + data.length > length || (data.length === 0 && off < length)) throw wrongField('data')
    parts.push(data)
    off += data.length
  }
  return Buffer.concat(parts)
}

/**
 * Writes a whole file, chunk by chunk: the device has one transfer under way at most, and goes on where it says.
 * What lies there afterwards is for the caller to read. Throws `device.*`.
 */
export async function writeFile(
  client: SmpClient,
  name: string,
  content: Uint8Array,
  packetLimit: number,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  for (let off = 0; ; ) {
    const fields = off === 0 ? { name, off, len: content.length } : { name, off }
    const size = chunkSize(packetLimit, fields, content.length - off)
    const body = { ...fields, data: content.subarray(off, off + size) }
    const answer = await client.ask({ op: 'write', group: GROUP.fs, id: ID.transfer, body }, patience, signal)
    const next = wholeNumber(answer, 'off')
    if (next === null || next < 0 || next > content.length) throw wrongField('off')
    if (next === content.length) return
    if (next <= off) throw new AppError('device.write-failed', { detail: { off, next } })
    off = next
  }
}
