import { type ArtifactSource, readExactly, unreadable } from '../source.ts'
import { dataSize, readDataBlock, readMetadata } from './blocks.ts'
import { readSuperblock, type Superblock } from './superblock.ts'

const INODE = { directory: 1, file: 2, bigDirectory: 8, bigFile: 9 } as const
const INODE_HEAD = 16
const NO_FRAGMENT = 0xffffffff
const FRAGMENTS_A_BLOCK = 512
/** A bundle's top folder holds some images; its listing is a few hundred bytes. */
const MAX_LISTING = 256 * 1024

interface Place {
  readonly block: number
  readonly offset: number
}

/**
 * A small file of the top folder, or null where there is none of that name. Throws `artifact.unreadable`, also when
 * the file is longer than `limit`.
 */
export async function readRootFile(source: ArtifactSource, name: string, limit: number): Promise<Uint8Array | null> {
  const image = await readSuperblock(source)
  const inode = await findInRoot(source, image, name)
  return inode && (await readFile(source, image, inode, limit))
}

async function findInRoot(source: ArtifactSource, image: Superblock, wanted: string): Promise<Place | null> {
  const table = { listing: image.directoryTable, inodes: image.inodeTable }
  const inode = await readMetadata(source, image.compressor, table.inodes, image.rootInode, INODE_HEAD + 16)
  const big = inode.readUInt16LE(0) === INODE.bigDirectory
  if (!big && inode.readUInt16LE(0) !== INODE.directory) throw unreadable('squashfs-root')
  const place = big
    ? { block: inode.readUInt32LE(24), offset: await bigOffset(source, image) }
    : { block: inode.readUInt32LE(16), offset: inode.readUInt16LE(26) }
  // The size counts the two entries for itself and its parent, as three bytes.
  const size = (big ? inode.readUInt32LE(20) : inode.readUInt16LE(24)) - 3
  if (size <= 0) return null
  if (size > MAX_LISTING) throw unreadable('squashfs-root')
  return entryIn(await readMetadata(source, image.compressor, table.listing, place, size), wanted)
}

async function bigOffset(source: ArtifactSource, image: Superblock): Promise<number> {
  const inode = await readMetadata(source, image.compressor, image.inodeTable, image.rootInode, INODE_HEAD + 20)
  return inode.readUInt16LE(INODE_HEAD + 18)
}

function entryIn(listing: Buffer, wanted: string): Place | null {
  const has = (at: number, bytes: number) => {
    if (at + bytes > listing.length) throw unreadable('squashfs-listing')
  }
  for (let at = 0; at < listing.length; ) {
    has(at, 12)
    const [count, block] = [listing.readUInt32LE(at) + 1, listing.readUInt32LE(at + 4)]
    at += 12
    for (let left = count; left > 0; left -= 1) {
      has(at, 8)
      const [offset, size] = [listing.readUInt16LE(at), listing.readUInt16LE(at + 6) + 1]
      has(at + 8, size)
      if (listing.toString('utf8', at + 8, at + 8 + size) === wanted) return { block, offset }
      at += 8 + size
    }
  }
  return null
}

async function readFile(source: ArtifactSource, image: Superblock, place: Place, limit: number): Promise<Uint8Array> {
  const { compressor, inodeTable, blockSize } = image
  const type = (await readMetadata(source, compressor, inodeTable, place, 2)).readUInt16LE(0)
  if (type !== INODE.file && type !== INODE.bigFile) throw unreadable('squashfs-file')
  const big = type === INODE.bigFile
  const headSize = INODE_HEAD + (big ? 40 : 16)
  const head = await readMetadata(source, compressor, inodeTable, place, headSize)
  const size = big ? Number(head.readBigUInt64LE(24)) : head.readUInt32LE(28)
  if (size > limit) throw unreadable('too-large', { length: size })
  const fragment = head.readUInt32LE(big ? 44 : 20)
  const inFragment = head.readUInt32LE(big ? 48 : 24)
  const count = fragment === NO_FRAGMENT ? Math.ceil(size / blockSize) : Math.floor(size / blockSize)
  const sizes = (await readMetadata(source, compressor, inodeTable, place, headSize + 4 * count)).subarray(headSize)
  const parts: Uint8Array[] = []
  let at = big ? Number(head.readBigUInt64LE(16)) : head.readUInt32LE(16)
  for (let index = 0; index < count; index += 1) {
    const stored = sizes.readUInt32LE(4 * index)
    parts.push(await readDataBlock(source, compressor, at, stored, blockSize))
    at += dataSize(stored)
  }
  if (fragment !== NO_FRAGMENT) {
    const bytes = await readFragment(source, image, fragment)
    parts.push(bytes.subarray(inFragment, inFragment + (size % blockSize)))
  }
  const bytes = Buffer.concat(parts).subarray(0, size)
  if (bytes.length !== size) throw unreadable('squashfs-file')
  return new Uint8Array(bytes)
}

/** The tails of several files share one block. */
async function readFragment(source: ArtifactSource, image: Superblock, index: number): Promise<Uint8Array> {
  const { compressor, fragmentTable, fragments, blockSize } = image
  if (index >= fragments) throw unreadable('squashfs-fragment')
  const pointer = fragmentTable + 8 * Math.floor(index / FRAGMENTS_A_BLOCK)
  const table = Buffer.from(await readExactly(source, pointer, 8)).readBigUInt64LE(0)
  if (table > BigInt(source.length)) throw unreadable('squashfs-fragment')
  const offset = 16 * (index % FRAGMENTS_A_BLOCK)
  const entry = await readMetadata(source, compressor, Number(table), { block: 0, offset }, 16)
  const start = entry.readBigUInt64LE(0)
  if (start > BigInt(source.length)) throw unreadable('squashfs-fragment')
  return await readDataBlock(source, compressor, Number(start), entry.readUInt32LE(8), blockSize)
}
