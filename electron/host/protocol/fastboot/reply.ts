import { AppError } from '../../../../shared/errors.ts'

/** What a device may say in one packet. Old ones keep to 64 bytes, newer ones to 256. */
export const MOST_REPLY = 256
/** Commands of more are not understood by every device. */
const MOST_COMMAND = 64

export type FastbootReply =
  | { readonly kind: 'okay' | 'fail' | 'info'; readonly text: string }
  /** It waits for so many bytes. */
  | { readonly kind: 'data'; readonly length: number }

const KINDS: Readonly<Record<string, 'okay' | 'fail' | 'info'>> = {
  OKAY: 'okay',
  FAIL: 'fail',
  INFO: 'info',
  // A part of a line, from newer devices.
  TEXT: 'info',
}

/** Four letters and what belongs to them. Throws `device.bad-frame`. */
export function parseReply(bytes: Uint8Array): FastbootReply {
  const said = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const [tag, rest] = [said.slice(0, 4), said.slice(4)]
  const kind = KINDS[tag]
  // Some devices count the zero byte behind their text, or fill the packet with more.
  if (kind && bytes.length <= MOST_REPLY) return { kind, text: printable(rest.replace(/\0.*$/s, '')) }
  if (tag === 'DATA' && /^[0-9a-f]{8}\0*$/i.test(rest)) return { kind: 'data', length: Number.parseInt(rest, 16) }
  throw new AppError('device.bad-frame', {
    detail: { protocol: 'fastboot', length: bytes.length, said: printable(tag) },
  })
}

/** Throws `link.unsupported` for a command that would be cut short. */
export function encodeCommand(command: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(command, 'latin1'))
  if (bytes.length <= MOST_COMMAND && /^[\x20-\x7e]+$/.test(command)) return bytes
  throw new AppError('link.unsupported', { detail: { protocol: 'fastboot', length: bytes.length } })
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
