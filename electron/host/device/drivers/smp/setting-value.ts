import { AppError } from '../../../../../shared/errors.ts'
import type { Source } from '../../../../../shared/model/profile.ts'

type As = Extract<Source, { from: 'smp.setting' }>['as']

const NUMBERS = {
  u8: { size: 1, read: (view: DataView) => view.getUint8(0) },
  i8: { size: 1, read: (view: DataView) => view.getInt8(0) },
  u16: { size: 2, read: (view: DataView) => view.getUint16(0, true) },
  i16: { size: 2, read: (view: DataView) => view.getInt16(0, true) },
  u32: { size: 4, read: (view: DataView) => view.getUint32(0, true) },
  i32: { size: 4, read: (view: DataView) => view.getInt32(0, true) },
} as const

/** The value of a setting's bytes. Throws `reading.unreadable` for a number of another size, or text that is no UTF-8. */
export function settingValue(bytes: Uint8Array, as: As): string | number {
  if (as === 'hex') return Buffer.from(bytes).toString('hex')
  if (as === 'text') return textOf(bytes)
  const { size, read } = NUMBERS[as]
  if (bytes.length !== size) {
    throw new AppError('reading.unreadable', { detail: { reason: 'size', bytes: bytes.length, wanted: size } })
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** Text up to the first 0, which many devices keep with it. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end === -1 ? bytes : bytes.subarray(0, end))
  } catch (cause) {
    throw new AppError('reading.unreadable', { detail: { reason: 'not-utf8' }, cause })
  }
}
