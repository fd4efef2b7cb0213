import { type ArtifactSource, readExactly, unreadable } from '../source.ts'

/** Squashfs 4.0, little-endian. */
const SUPERBLOCK_SIZE = 96
const MAGIC = 0x73717368
const MAX_BLOCK_SIZE = 1024 * 1024
const COMPRESSORS = ['none', 'gzip', 'lzma', 'lzo', 'xz', 'lz4', 'zstd'] as const
export type SquashfsCompressor = (typeof COMPRESSORS)[number]

export interface Superblock {
  readonly compressor: SquashfsCompressor
  readonly blockSize: number
  readonly fragments: number
  readonly rootInode: { readonly block: number; readonly offset: number }
  /** Bytes of the file system, without what was put behind it. */
  readonly bytesUsed: number
  readonly inodeTable: number
  readonly directoryTable: number
  readonly fragmentTable: number
}

export async function isSquashfs(source: ArtifactSource): Promise<boolean> {
  if (source.length < SUPERBLOCK_SIZE) return false
  return Buffer.from(await readExactly(source, 0, 4)).readUInt32LE(0) === MAGIC
}

/** Throws `artifact.unreadable`. */
export async function readSuperblock(source: ArtifactSource): Promise<Superblock> {
  const bytes = Buffer.from(await readExactly(source, 0, SUPERBLOCK_SIZE))
  const compressor = COMPRESSORS[bytes.readUInt16LE(20)]
  const blockSize = bytes.readUInt32LE(12)
  const wide = (at: number) => {
    const value = bytes.readBigUInt64LE(at)
    // A table that does not exist is all ones.
    return value > BigInt(source.length) ? source.length : Number(value)
  }
  if (bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt16LE(28) !== 4 || bytes.readUInt16LE(30) !== 0) {
    throw unreadable('not-squashfs')
  }
  if (!compressor || compressor === 'none' || blockSize < 4096 || blockSize > MAX_BLOCK_SIZE) {
    throw unreadable('squashfs-superblock')
  }
  if (wide(40) > source.length || wide(40) < SUPERBLOCK_SIZE) throw unreadable('squashfs-superblock')
  return {
    compressor,
    blockSize,
    fragments: bytes.readUInt32LE(16),
    rootInode: { block: bytes.readUIntLE(34, 6), offset: bytes.readUInt16LE(32) },
    bytesUsed: wide(40),
    inodeTable: wide(64),
    directoryTable: wide(72),
    fragmentTable: wide(80),
  }
}
