import { parseHeader } from '../../host/artifact/mcuboot/header.ts'
import { areaLength, INFO_MAGIC, parseArea, TLV } from '../../host/artifact/mcuboot/tlv.ts'
import { sha256 } from '../../host/crypto/hash.ts'

/** Two slots of flash and what the boot loader's trailers say (PROTOCOLS 1.9, "Swap decision"). */
export interface ImagePair {
  readonly primary: Uint8Array
  readonly secondary: Uint8Array
  /** Trailer of the secondary slot: swap at the next start, on trial or for good. */
  readonly mark: 'none' | 'test' | 'permanent'
  /** The primary slot was swapped in and nobody has confirmed it: the next start swaps back. */
  readonly trial: boolean
}

export interface ImageInfo {
  readonly version: string
  /** The hash in its TLV area, hex. */
  readonly hash: string
  /** Whether that hash fits the bytes: what the boot loader asks before it starts an image. */
  readonly intact: boolean
  readonly body: Uint8Array
}

const known = new WeakMap<Uint8Array, ImageInfo | null>()

/** What is in a slot; null while it holds no whole image. */
export function imageInfo(bytes: Uint8Array): ImageInfo | null {
  const before = known.get(bytes)
  if (before !== undefined) return before
  const info = readInfo(bytes)
  known.set(bytes, info)
  return info
}

function readInfo(bytes: Uint8Array): ImageInfo | null {
  try {
    const header = parseHeader(bytes.subarray(0, 32), bytes.length)
    const end = header.headerSize + header.imageSize + header.protectedSize
    const length = areaLength(bytes.subarray(end, end + 4), INFO_MAGIC.plain)
    const tlv = parseArea(bytes.subarray(end, end + length), INFO_MAGIC.plain).find(({ type }) => type === TLV.sha256)
    if (!tlv) return null
    return {
      version: header.version.replace('+', '.'),
      hash: Buffer.from(tlv.value).toString('hex'),
      intact: Buffer.from(sha256(bytes.subarray(0, end))).equals(tlv.value),
      body: bytes.subarray(header.headerSize, header.headerSize + header.imageSize),
    }
  } catch {
    return null
  }
}

/** What a start does to the slots. `accepts` is the boot loader's last word on a marked image. */
export function boot(pair: ImagePair, accepts: (image: ImageInfo) => boolean): ImagePair {
  const swapped = { primary: pair.secondary, secondary: pair.primary, mark: 'none' as const }
  if (pair.mark !== 'none') {
    const marked = imageInfo(pair.secondary)
    // An image that fails validation: the mark is wiped, the primary counts as good, nothing is swapped.
    if (!marked?.intact || !accepts(marked)) return { ...pair, mark: 'none', trial: false }
    return { ...swapped, trial: pair.mark === 'test' }
  }
  return pair.trial ? { ...swapped, trial: false } : pair
}

/** Flags as an image list shows them, by slot. */
export function flags(pair: ImagePair): readonly [Readonly<Record<string, true>>, Readonly<Record<string, true>>] {
  const first = pair.trial ? { active: true as const } : { active: true as const, confirmed: true as const }
  if (pair.mark === 'test') return [first, { pending: true }]
  if (pair.mark === 'permanent') return [first, { pending: true, permanent: true }]
  return [first, pair.trial ? { confirmed: true } : {}]
}
