import { crc32 } from 'node:zlib'
import { type ArtifactSource, corrupt, readExactly, stretch } from '../source.ts'

/** USB DFU 1.1, appendix B: little-endian, at the very end of a file. Longer ones may follow in later versions. */
const SUFFIX_SIZE = 16
const SIGNATURE = 'UFD'
/** Any vendor, product or device. */
export const ANY_ID = 0xffff

export interface DfuSuffix {
  readonly device: number
  readonly product: number
  readonly vendor: number
  /** `0x0100` plain DFU, `0x011a` DfuSe. */
  readonly dfuVersion: number
  /** Bytes of the suffix, which are not sent to a device. */
  readonly length: number
  readonly crc: number
}

/** The suffix, or null where the file has none. Its CRC is not checked here. */
export async function readDfuSuffix(source: ArtifactSource): Promise<DfuSuffix | null> {
  if (source.length < SUFFIX_SIZE) return null
  const bytes = Buffer.from(await readExactly(source, source.length - SUFFIX_SIZE, SUFFIX_SIZE))
  const length = bytes.readUInt8(11)
  if (bytes.toString('latin1', 8, 11) !== SIGNATURE || length < SUFFIX_SIZE || length > source.length) return null
  return {
    device: bytes.readUInt16LE(0),
    product: bytes.readUInt16LE(2),
    vendor: bytes.readUInt16LE(4),
    dfuVersion: bytes.readUInt16LE(6),
    length,
    crc: bytes.readUInt32LE(12),
  }
}

/** Throws `artifact.corrupt` when the file is not the one that the suffix was made for. */
export async function checkDfuCrc(source: ArtifactSource, suffix: DfuSuffix, kind: 'dfu' | 'dfuse'): Promise<void> {
  let crc = 0
  for await (const block of stretch(source, 0, source.length - 4)) crc = crc32(block, crc)
  // DFU leaves out the last inversion of the usual CRC-32.
  if ((crc ^ 0xffffffff) >>> 0 !== suffix.crc) throw corrupt(kind)
}
