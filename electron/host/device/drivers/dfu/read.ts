import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { UsbVendorSource } from '../../../../../shared/model/dfu-binding.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import type { Device } from '../../driver.ts'
import { pick } from '../../match.ts'
import type { Raw } from '../../readings.ts'
import { runningSlots, versionFrom } from '../../running-version.ts'
import type { DfuSession } from './session.ts'

/** Longest answer to a vendor request that is read. */
const MOST_TEXT = 255

/** What the device says for one source. Throws `reading.*`, `device.*`, `link.*`. */
export async function readSource(
  session: DfuSession,
  source: Source,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Raw> {
  if (source.from === 'usb') {
    const said = session.link.face[source.field]
    if (said === null) throw new AppError('reading.missing', { detail: { field: source.field } })
    return pick(said, source.match)
  }
  if (source.from === 'usb.vendor') {
    // A boot loader knows nothing of the machine, and may take a strange request amiss.
    if (session.mode === 'dfu') throw new AppError('reading.missing', { detail: { reason: 'in-boot-loader' } })
    return askVendor(session, source, timeoutMs, signal)
  }
  throw new AppError('link.unsupported', { detail: { driver: 'dfu', source: source.from } })
}

async function askVendor({ link }: DfuSession, source: UsbVendorSource, timeoutMs: number, signal: AbortSignal) {
  const { request, value, index, as } = source
  const setup = { type: 'vendor', recipient: 'device', request, value, index } as const
  const bytes = await link.in(setup, as === 'text' ? MOST_TEXT : SIZE[as], timeoutMs, signal)
  return decodeVendor(bytes, as)
}

const SIZE = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4 } as const

/** Throws `reading.unreadable` for a number of another size, or text that is no UTF-8. */
export function decodeVendor(bytes: Uint8Array, as: UsbVendorSource['as']): string | number {
  if (as === 'text') {
    const end = bytes.indexOf(0)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(end === -1 ? bytes : bytes.subarray(0, end))
    } catch (cause) {
      throw new AppError('reading.unreadable', { detail: { reason: 'not-utf8' }, cause })
    }
  }
  if (bytes.length !== SIZE[as]) throw new AppError('reading.unreadable', { detail: { bytes: bytes.length, as } })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const read = {
    u8: () => view.getUint8(0),
    i8: () => view.getInt8(0),
    u16: () => view.getUint16(0, true),
    i16: () => view.getInt16(0, true),
    u32: () => view.getUint32(0, true),
    i32: () => view.getInt32(0, true),
  }
  return read[as]()
}

/** What runs. In DFU mode nothing does, and what lies in the memory is not asked: it may be half of something. */
export async function readStatus(
  session: DfuSession,
  { profile }: Device,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DeviceStatus> {
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of profile.components) {
    versions[id] =
      session.mode === 'dfu'
        ? null
        : await versionFrom(() => readSource(session, version.source, timeoutMs, signal), version.map, [
            'device.refused',
          ])
  }
  if (session.mode === 'dfu') return { mode: 'bootloader', versions, slots: [] }
  return { mode: 'application', versions, slots: runningSlots(versions) }
}
