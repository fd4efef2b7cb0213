import { AppError } from '../../../../shared/errors.ts'
import { decodeBody, encodeBody, type SmpBody } from './body.ts'

/** Management groups (Zephyr `mgmt_defines`). */
export const GROUP = { os: 0, image: 1, stat: 2, settings: 3, fs: 8, shell: 9 } as const

/** SMP header: 8 bytes, big-endian. */
export const HEADER_SIZE = 8

/** Operations; the answer to an operation is that operation plus one. */
export const OP = { read: 0, readReply: 1, write: 2, writeReply: 3 } as const
export type Op = (typeof OP)[keyof typeof OP]

/**
 * Version 1 of the protocol has 00 in the header's version bits, version 2 has 01. MCUboot before 2.0.0
 * silently drops whatever has a bit set there.
 */
export type SmpVersion = 1 | 2

export interface SmpHeader {
  readonly version: SmpVersion
  readonly op: Op
  readonly group: number
  readonly seq: number
  readonly id: number
}

export interface SmpPacket extends SmpHeader {
  readonly body: SmpBody
}

export function encodePacket(packet: SmpPacket): Uint8Array {
  const payload = encodeBody(packet.body)
  const bytes = new Uint8Array(HEADER_SIZE + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, ((packet.version - 1) << 3) | packet.op)
  view.setUint16(2, payload.length)
  view.setUint16(4, packet.group)
  view.setUint8(6, packet.seq)
  view.setUint8(7, packet.id)
  bytes.set(payload, HEADER_SIZE)
  return bytes
}

/** Header fields and where the payload is. Null when these bytes do not start with a whole packet. */
export function splitPacket(bytes: Uint8Array): { header: SmpHeader; payload: Uint8Array; rest: Uint8Array } | null {
  if (bytes.length < HEADER_SIZE) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [first, end] = [view.getUint8(0), HEADER_SIZE + view.getUint16(2)]
  const [op, version] = [first & 0b111, (first >> 3) & 0b11]
  if (op > OP.writeReply || version > 1 || end > bytes.length) return null
  const header: SmpHeader = {
    version: version === 1 ? 2 : 1,
    op: op as Op,
    group: view.getUint16(4),
    seq: view.getUint8(6),
    id: view.getUint8(7),
  }
  return { header, payload: bytes.subarray(HEADER_SIZE, end), rest: bytes.subarray(end) }
}

/** One packet, whole and alone. Throws `device.bad-frame`. */
export function decodePacket(bytes: Uint8Array): SmpPacket {
  const split = splitPacket(bytes)
  if (!split || split.rest.length > 0)
    throw new AppError('device.bad-frame', { detail: { what: 'smp', bytes: bytes.length } })
  return { ...split.header, body: decodeBody(split.payload) }
}
