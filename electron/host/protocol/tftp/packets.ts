import { AppError } from '../../../../shared/errors.ts'

/** RFC 1350 5: what a packet is. RFC 2347: an acknowledgement of options. */
const OPCODE = { read: 1, write: 2, data: 3, ack: 4, error: 5, oack: 6 } as const
/** RFC 1350 5: why something is refused. RFC 2347: what was agreed on cannot be kept. */
export const TFTP_ERROR = { notFound: 1, accessViolation: 2, illegalOperation: 4 } as const

/** A request holds a name, a mode and a few options; whoever sends more is no boot loader. */
const MOST_WORDS = 2 + 2 * 8

export type TftpPacket =
  | {
      readonly kind: 'read'
      readonly file: string
      /** Lower case. */
      readonly mode: string
      /** Names in lower case. */
      readonly options: ReadonlyMap<string, string>
    }
  | { readonly kind: 'write' }
  | { readonly kind: 'ack'; readonly block: number }
  | { readonly kind: 'error'; readonly code: number; readonly text: string }

/** What a client sent. Throws `device.bad-frame` for what no client sends to a server. RFC 1350 5, RFC 2347. */
export function parseTftp(bytes: Uint8Array): TftpPacket {
  if (bytes.length < 4) throw badFrame('short', bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  switch (view.getUint16(0)) {
    case OPCODE.read:
      return readRequest(bytes)
    case OPCODE.write:
      return { kind: 'write' }
    case OPCODE.ack:
      return { kind: 'ack', block: view.getUint16(2) }
    case OPCODE.error: {
      const end = bytes.indexOf(0, 4)
      return { kind: 'error', code: view.getUint16(2), text: ascii(bytes.subarray(4, end === -1 ? undefined : end)) }
    }
    default:
      throw badFrame('opcode', bytes)
  }
}

function readRequest(bytes: Uint8Array): TftpPacket {
  const words = ascii(bytes.subarray(2)).split('\0')
  // The text ends with a zero byte, so that behind the last one there is nothing. Options come in pairs.
  const [file, mode, ...options] = words
  const isWhole = words.pop() === '' && words.length >= 2 && words.length % 2 === 0 && words.length <= MOST_WORDS
  if (!isWhole || file === undefined || mode === undefined) throw badFrame('request', bytes)
  const pairs = new Map<string, string>()
  for (let at = 0; at + 1 < options.length; at += 2) {
    pairs.set((options[at] ?? '').toLowerCase(), options[at + 1] ?? '')
  }
  return { kind: 'read', file, mode: mode.toLowerCase(), options: pairs }
}

/** Of `block` only the lowest 16 bits are told. */
export function encodeData(block: number, data: Uint8Array): Uint8Array {
  const bytes = packet(OPCODE.data, 4 + data.length)
  new DataView(bytes.buffer).setUint16(2, block & 0xffff)
  bytes.set(data, 4)
  return bytes
}

/** Answer to a request with options: those that were taken. */
export function encodeOack(options: ReadonlyMap<string, string>): Uint8Array {
  const text = [...options].map(([name, value]) => `${name}\0${value}\0`).join('')
  const bytes = packet(OPCODE.oack, 2 + text.length)
  bytes.set(Buffer.from(text, 'latin1'), 2)
  return bytes
}

export function encodeError(code: number, text: string): Uint8Array {
  const bytes = packet(OPCODE.error, 5 + text.length)
  new DataView(bytes.buffer).setUint16(2, code)
  bytes.set(Buffer.from(text, 'latin1'), 4)
  return bytes
}

function packet(opcode: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  bytes[1] = opcode
  return bytes
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function badFrame(reason: string, bytes: Uint8Array): AppError {
  return new AppError('device.bad-frame', { detail: { protocol: 'tftp', reason, length: bytes.length } })
}
