import { AppError } from '../../../../shared/errors.ts'

/** AOSP fastboot README, "UDP Protocol v1": id, flags, sequence number (big-endian), data. */
const ID = { error: 0, query: 1, init: 2, fastboot: 3 } as const
const CONTINUES = 1
export const UDP_HEADER = 4
const VERSION = 1
/** The least that a device must take, and what we ask for. */
const LEAST_PACKET = 512

export interface UdpPacket {
  readonly kind: keyof typeof ID
  /** More of the same follows in the next packet. */
  readonly continues: boolean
  readonly sequence: number
  readonly data: Uint8Array
}

const KIND_OF = ['error', 'query', 'init', 'fastboot'] as const

export function encodePacket({ kind, continues, sequence, data }: UdpPacket): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER + data.length)
  bytes.set([ID[kind], continues ? CONTINUES : 0, sequence >> 8, sequence & 0xff])
  bytes.set(data, UDP_HEADER)
  return bytes
}

/** Throws `device.bad-frame`. */
export function parsePacket(bytes: Uint8Array): UdpPacket {
  const [id = -1, flags = 0, high = 0, low = 0] = bytes
  const kind = KIND_OF[id]
  if (!kind || bytes.length < UDP_HEADER) throw badPacket('header', bytes.length)
  return { kind, continues: (flags & CONTINUES) !== 0, sequence: high * 256 + low, data: bytes.subarray(UDP_HEADER) }
}

/** The sequence number that the device expects next. Throws `device.bad-frame`. */
export function queryAnswer({ data }: UdpPacket): number {
  const [high, low] = data
  if (high === undefined || low === undefined) throw badPacket('query', data.length)
  return high * 256 + low
}

/** What we say of ourselves: the version, and the largest packet that is taken. */
export function initData(maxPacket: number): Uint8Array {
  return Uint8Array.of(0, VERSION, maxPacket >> 8, maxPacket & 0xff)
}

/** Bytes of the largest packet that both take. Throws `device.bad-frame`, `device.incompatible`. */
export function agreedPacket({ data }: UdpPacket, ours: number): number {
  const [high = 0, low = 0, big, small] = data
  if (big === undefined || small === undefined) throw badPacket('init', data.length)
  const [version, theirs] = [high * 256 + low, big * 256 + small]
  if (version < VERSION || theirs < LEAST_PACKET) {
    throw new AppError('device.incompatible', { detail: { protocol: 'fastboot-udp', version, packet: theirs } })
  }
  return Math.min(ours, theirs)
}

export const nextSequence = (sequence: number): number => (sequence + 1) & 0xffff

function badPacket(reason: string, length: number): AppError {
  return new AppError('device.bad-frame', { detail: { protocol: 'fastboot-udp', reason, length } })
}
