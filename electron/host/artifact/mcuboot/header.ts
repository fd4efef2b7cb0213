import { type ArtifactSource, unreadable } from '../source.ts'

/** 32 bytes, little-endian (MCUboot `struct image_header`). */
export const HEADER_SIZE = 32
const MAGIC = 0x96f3b83d

export const FLAG = { aes128: 0x4, aes256: 0x8, nonBootable: 0x10, ramLoad: 0x20, romFixed: 0x100 } as const
export const ENCRYPTED = FLAG.aes128 | FLAG.aes256

export interface McubootHeader {
  readonly loadAddress: number
  readonly headerSize: number
  /** Bytes of TLVs that the hash covers, with their own 4-byte head; 0: none. */
  readonly protectedSize: number
  readonly imageSize: number
  readonly flags: number
  /** `2.5.0`, or `2.5.0+7` where there is a build number. */
  readonly version: string
}

/** Whether the file starts as an image does. */
export async function isMcuboot(source: ArtifactSource): Promise<boolean> {
  const magic = source.length < HEADER_SIZE ? null : Buffer.from(await source.read(0, 4))
  return magic?.length === 4 && magic.readUInt32LE(0) === MAGIC
}

/** Reads an image header. `fileLength` bounds what it may claim. Throws `artifact.unreadable`. */
export function parseHeader(bytes: Uint8Array, fileLength: number): McubootHeader {
  if (bytes.length < HEADER_SIZE) throw unreadable('too-short', { length: bytes.length, wanted: HEADER_SIZE })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw unreadable('not-mcuboot')
  const header: McubootHeader = {
    loadAddress: view.getUint32(4, true),
    headerSize: view.getUint16(8, true),
    protectedSize: view.getUint16(10, true),
    imageSize: view.getUint32(12, true),
    flags: view.getUint32(16, true),
    version: semver(view.getUint8(20), view.getUint8(21), view.getUint16(22, true), view.getUint32(24, true)),
  }
  if (header.headerSize < HEADER_SIZE || header.imageSize === 0) throw unreadable('bad-header')
  if (header.headerSize + header.imageSize + header.protectedSize > fileLength) {
    throw unreadable('too-short', { length: fileLength, wanted: header.headerSize + header.imageSize })
  }
  return header
}

function semver(major: number, minor: number, revision: number, build: number): string {
  return `${major}.${minor}.${revision}${build === 0 ? '' : `+${build}`}`
}
