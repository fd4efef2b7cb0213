import { type ArtifactSource, readExactly, unreadable } from '../source.ts'
import { HEADER_SIZE, type McubootHeader, parseHeader } from './header.ts'
import { areaLength, INFO_MAGIC, parseArea, TLV, type Tlv } from './tlv.ts'

const INFO_SIZE = 4
/** What the boot loader looks for at the end of a slot, for the default write alignment (MCUboot `boot_img_magic`). */
const TRAILER_MAGIC = Buffer.from('77c295f360d2ef7f3552500f2cb67980', 'hex')
/** For other alignments its first two bytes are the alignment itself, and this follows. */
const TRAILER_MAGIC_TAIL = Buffer.from('2de15d29410b8d77679c110f1f8a', 'hex')
const MAGIC_SIZE = 16
/** Largest write alignment of MCUboot (`BOOT_MAX_ALIGN`), with room to spare. */
const MAX_ALIGN = 512
/** A few bytes of flash fill after the TLVs are harmless: they cannot hold a trailer. */
const HARMLESS_FILL = 32

/** A parsed image. Nothing in it was checked against its hash yet. */
export interface McubootImage {
  readonly header: McubootHeader
  readonly tlvs: readonly Tlv[]
  /** The hash covers the bytes before this. */
  readonly hashedEnd: number
  /** The hash in the image, and how it was made. */
  readonly hash: { readonly algorithm: 'sha256' | 'sha384' | 'sha512'; readonly value: Uint8Array }
  /** The slot trailer that the file carries, if any. */
  readonly trailer: 'trial' | 'permanent' | null
}

/** Parses one image file. Throws `artifact.unreadable`. */
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
  const trailer = await trailerIn(source, hashedEnd + total)
  return { header, tlvs, hashedEnd, hash: hashIn(tlvs), trailer }
}

/**
 * A file that was padded to its slot (`imgtool --pad`, `--confirm`) carries the boot loader's trailer: uploading it
 * plants the order to boot it, and with `--confirm` the device could never fall back.
 */
async function trailerIn(source: ArtifactSource, end: number): Promise<McubootImage['trailer']> {
  if (source.length === end) return null
  const magicAt = source.length - MAGIC_SIZE
  const align = magicAt >= end ? alignmentOf(await readExactly(source, magicAt, MAGIC_SIZE)) : null
  if (align !== null) {
    // image_ok is one field before the magic, each field as long as one write (MCUboot `boot_image_ok_off`).
    const okAt = source.length - Math.ceil(MAGIC_SIZE / align) * align - align
    const ok = okAt >= end ? (await readExactly(source, okAt, 1))[0] : 0xff
    return ok === 1 ? 'permanent' : 'trial'
  }
  const fill = source.length - end < HARMLESS_FILL ? await readExactly(source, end, source.length - end) : null
  if (!fill?.every((byte) => byte === fill[0] && (byte === 0xff || byte === 0))) {
    throw unreadable('bytes-after-image', { length: source.length, image: end })
  }
  return null
}

/** The write alignment that the magic tells, in bytes; null: these bytes are no magic. */
function alignmentOf(magic: Uint8Array): number | null {
  if (TRAILER_MAGIC.equals(magic)) return 8
  if (!TRAILER_MAGIC_TAIL.equals(magic.subarray(2))) return null
  const align = (magic[0] ?? 0) | ((magic[1] ?? 0) << 8)
  return align >= 8 && align <= MAX_ALIGN ? align : 8
}

function hashIn(tlvs: readonly Tlv[]): McubootImage['hash'] {
  const hashes = tlvs.filter(({ type }) => type === TLV.sha256 || type === TLV.sha384 || type === TLV.sha512)
  const [only] = hashes
  if (!only || hashes.length > 1) throw unreadable(only ? 'several-hashes' : 'no-hash')
  if (only.type === TLV.sha256 && only.value.length === 32) return { algorithm: 'sha256', value: only.value }
  if (only.type === TLV.sha384 && only.value.length === 48) return { algorithm: 'sha384', value: only.value }
  if (only.type === TLV.sha512 && only.value.length === 64) return { algorithm: 'sha512', value: only.value }
  throw unreadable('hash-algorithm', { type: only.type })
}
