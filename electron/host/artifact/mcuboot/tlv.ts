import { unreadable } from '../source.ts'

const INFO_SIZE = 4
const ENTRY_HEAD = 4
export const INFO_MAGIC = { plain: 0x6907, protected: 0x6908 } as const

/** Types that are looked at (MCUboot `image.h`); all others are carried along. */
export const TLV = {
  keyHash: 0x01,
  publicKey: 0x02,
  sha256: 0x10,
  sha384: 0x11,
  sha512: 0x12,
  rsa2048: 0x20,
  ecdsa: 0x22,
  rsa3072: 0x23,
  ed25519: 0x24,
  signaturePure: 0x25,
  dependency: 0x40,
  securityCounter: 0x50,
} as const

export interface Tlv {
  readonly type: number
  readonly protected: boolean
  readonly value: Uint8Array
}

/** Length of the area that starts with these 4 bytes, itself included. Throws `artifact.unreadable`. */
export function areaLength(info: Uint8Array, magic: number): number {
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength)
  if (info.length < INFO_SIZE || view.getUint16(0, true) !== magic) throw unreadable('no-tlv-area')
  const total = view.getUint16(2, true)
  if (total < INFO_SIZE) throw unreadable('bad-tlv-area')
  return total
}

/** The entries of one whole TLV area. They must fill it exactly. Throws `artifact.unreadable`. */
export function parseArea(area: Uint8Array, magic: number): readonly Tlv[] {
  if (areaLength(area, magic) !== area.length) throw unreadable('bad-tlv-area')
  const view = new DataView(area.buffer, area.byteOffset, area.byteLength)
  const entries: Tlv[] = []
  for (let at = INFO_SIZE; at < area.length; ) {
    if (at + ENTRY_HEAD > area.length) throw unreadable('bad-tlv-area')
    const [type, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    at += ENTRY_HEAD
    if (at + length > area.length) throw unreadable('bad-tlv-area')
    entries.push({ type, protected: magic === INFO_MAGIC.protected, value: area.subarray(at, at + length) })
    at += length
  }
  return entries
}
