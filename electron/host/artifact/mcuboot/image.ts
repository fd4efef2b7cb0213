import { AppError } from '../../../../shared/errors.ts'
import { type ArtifactSource, readExactly, unreadable } from '../source.ts'
import { HEADER_SIZE, type McubootHeader, parseHeader } from './header.ts'
import { areaLength, INFO_MAGIC, parseArea, TLV, type Tlv } from './tlv.ts'

const INFO_SIZE = 4
/** What the boot loader looks for at the end of a slot (MCUboot `boot_img_magic`, any write alignment). */
const TRAILER_MAGICS = [
  { from: 0, bytes: Buffer.from('77c295f360d2ef7f3552500f2cb67980', 'hex') },
  // For alignments above 8 the first two bytes are the alignment itself.
  { from: 2, bytes: Buffer.from('2de15d29410b8d77679c110f1f8a', 'hex') },
] as const
const TRAILER_MAGIC_SIZE = 16
/** A few bytes of flash fill after the TLVs are harmless: they cannot hold a trailer. */
const HARMLESS_FILL = 32

/** A parsed image. Nothing in it was checked against its hash yet. */
export interface McubootImage {
  readonly header: McubootHeader
  readonly tlvs: readonly Tlv[]
  /** The hash covers the bytes before this. */
  readonly hashedEnd: number
  /** The hash in the image, and how it was made. */
  readonly hash: { readonly algorithm: 'sha256' | 'sha512'; readonly value: Uint8Array }
}

/** Parses one image file. Throws `artifact.unreadable`, `artifact.padded`. */
export async function readMcuboot(source: ArtifactSource): Promise<McubootImage> {
  const header = parseHeader(await source.read(0, HEADER_SIZE), source.length)
  const bodyEnd = header.headerSize + header.imageSize
  const hashedEnd = bodyEnd + header.protectedSize
  const tlvs: Tlv[] = []
  if (header.protectedSize > 0) {
    tlvs.push(...parseArea(await readExactly(source, bodyEnd, header.protectedSize), INFO_MAGIC.protected))
  }
  const total = areaLength(await readExactly(source, hashedEnd, INFO_SIZE), INFO_MAGIC.plain)
  tlvs.push(...parseArea(await readExactly(source, hashedEnd, total), INFO_MAGIC.plain))
  await refuseTail(source, hashedEnd + total)
  return { header, tlvs, hashedEnd, hash: hashIn(tlvs) }
}

/**
 * A file that was padded to its slot (`imgtool --pad`, `--confirm`) carries the boot loader's trailer:
 * uploading it plants "swap for good", and the device could never fall back.
 */
async function refuseTail(source: ArtifactSource, end: number): Promise<void> {
  if (source.length === end) return
  const magicAt = source.length - TRAILER_MAGIC_SIZE
  if (magicAt >= end) {
    const tail = await readExactly(source, magicAt, TRAILER_MAGIC_SIZE)
    if (TRAILER_MAGICS.some(({ from, bytes }) => bytes.equals(tail.subarray(from)))) {
      throw new AppError('artifact.padded', { detail: { length: source.length, image: end } })
    }
  }
  const fill = source.length - end < HARMLESS_FILL ? await readExactly(source, end, source.length - end) : null
  if (!fill?.every((byte) => byte === fill[0] && (byte === 0xff || byte === 0))) {
    throw unreadable('bytes-after-image', { length: source.length, image: end })
  }
}

function hashIn(tlvs: readonly Tlv[]): McubootImage['hash'] {
  const hashes = tlvs.filter(({ type }) => type === TLV.sha256 || type === TLV.sha384 || type === TLV.sha512)
  const [only] = hashes
  if (!only || hashes.length > 1) throw unreadable(only ? 'several-hashes' : 'no-hash')
  if (only.type === TLV.sha256 && only.value.length === 32) return { algorithm: 'sha256', value: only.value }
  if (only.type === TLV.sha512 && only.value.length === 64) return { algorithm: 'sha512', value: only.value }
  throw unreadable('hash-algorithm', { type: only.type })
}
