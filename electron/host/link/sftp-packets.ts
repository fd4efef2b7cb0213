import { AppError } from '../../../shared/errors.ts'

/** What is asked (SFTP version 3, draft-ietf-secsh-filexfer-02, 3). */
export const ASK = {
  init: 1,
  open: 3,
  close: 4,
  write: 6,
  fstat: 8,
  remove: 13,
  stat: 17,
  rename: 18,
  extended: 200,
} as const

/** What comes back. */
const ANSWER = { version: 2, status: 101, handle: 102, attrs: 105, extended: 201 } as const

/** What an upload asks for is answered in a few bytes; a server's list of extensions takes some hundred. */
const MAX_ANSWER = 64 * 1024

export type SftpAnswer =
  | { readonly type: 'version'; readonly extensions: ReadonlySet<string> }
  | { readonly type: 'status'; readonly id: number; readonly code: number; readonly message: string }
  | { readonly type: 'handle'; readonly id: number; readonly handle: Uint8Array }
  /** Null: the server does not tell. */
  | { readonly type: 'attrs'; readonly id: number; readonly size: number | null }
  | { readonly type: 'extended'; readonly id: number; readonly data: Uint8Array }

/** A number is a uint32, a bigint a uint64; text and bytes are preceded by their length. */
export type SftpField = number | bigint | string | Uint8Array

/** One packet, with its length before it. `following`: bytes that still belong to it and are sent by themselves. */
export function sftpPacket(type: number, fields: readonly SftpField[], following = 0): Buffer {
  const parts = fields.map((field) => (typeof field === 'string' ? Buffer.from(field) : field))
  const size = parts.reduce((sum: number, part) => sum + sizeOf(part), 5)
  const packet = Buffer.allocUnsafe(size)
  packet.writeUInt32BE(size - 4 + following, 0)
  packet[4] = type
  let at = 5
  for (const part of parts) {
    if (typeof part === 'bigint') packet.writeBigUInt64BE(part, at)
    else if (typeof part === 'number') packet.writeUInt32BE(part, at)
    else {
      packet.writeUInt32BE(part.length, at)
      packet.set(part, at + 4)
    }
    at += sizeOf(part)
  }
  return packet
}

function sizeOf(field: number | bigint | Uint8Array): number {
  if (typeof field === 'number') return 4
  return typeof field === 'bigint' ? 8 : 4 + field.length
}

/** Finds the packets in what comes, wherever its pieces end. Throws `device.bad-frame`. */
export function sftpSplitter(): (chunk: Uint8Array) => Uint8Array[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    const packets: Uint8Array[] = []
    while (rest.length >= 4) {
      const size = rest.readUInt32BE(0)
      if (size === 0 || size > MAX_ANSWER) throw new AppError('device.bad-frame', { detail: { what: 'sftp', size } })
      if (rest.length < 4 + size) break
      packets.push(rest.subarray(4, 4 + size))
      rest = rest.subarray(4 + size)
    }
    return packets
  }
}

/** Null: of a kind that nobody asked for. Throws `device.bad-frame`. */
export function parseSftpAnswer(packet: Uint8Array): SftpAnswer | null {
  const read = reader(packet)
  const type = packet[0] ?? 0
  if (type === ANSWER.version) {
    // Its number: a server that speaks a later one goes down to ours (draft-ietf-secsh-filexfer-02, 4).
    if (read.uint32() < 3) throw damaged()
    const extensions = new Set<string>()
    while (read.left() > 0) {
      extensions.add(read.text())
      read.bytes()
    }
    return { type: 'version', extensions }
  }
  const id = read.uint32()
  switch (type) {
    case ANSWER.status: {
      const code = read.uint32()
      // Servers of before version 3 leave it out, and some of today do.
      return { type: 'status', id, code, message: read.left() > 0 ? read.text() : '' }
    }
    case ANSWER.handle:
      return { type: 'handle', id, handle: new Uint8Array(read.bytes()) }
    case ANSWER.attrs:
      return { type: 'attrs', id, size: read.uint32() & 1 ? read.uint64() : null }
    case ANSWER.extended:
      return { type: 'extended', id, data: packet.subarray(5) }
    default:
      return null
  }
}

/** Bytes that may still be written, of the answer to `statvfs@openssh.com` (OpenSSH PROTOCOL, 4.4). */
export function freeOf(statvfs: Uint8Array): number {
  const read = reader(statvfs, 0)
  read.uint64()
  const fragment = read.uint64()
  read.uint64()
  read.uint64()
  return fragment * read.uint64()
}

function reader(bytes: Uint8Array, from = 1) {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = from
  const take = (count: number) => {
    if (at + count > view.length) throw damaged()
    at += count
    return at - count
  }
  const uint32 = () => view.readUInt32BE(take(4))
  const take32 = () => {
    const size = uint32()
    const start = take(size)
    return view.subarray(start, start + size)
  }
  return {
    left: () => view.length - at,
    uint32,
    uint64: () => Number(view.readBigUInt64BE(take(8))),
    bytes: take32,
    text: () => take32().toString('utf8'),
  }
}

function damaged(): AppError {
  return new AppError('device.bad-frame', { detail: { what: 'sftp' } })
}
