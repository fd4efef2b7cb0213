import { promisify } from 'node:util'
import { constants, type ZstdOptions, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { isAppError } from '../../../shared/errors.ts'
import { badDelta } from './bad-delta.ts'

/** New bytes compressed in one frame, at most. */
export const SEGMENT = 48 * 1024 * 1024
/** Old bytes that such a frame may refer to, at most. */
export const DICTIONARY = 64 * 1024 * 1024
/** 2^27 holds a segment and its dictionary. */
const WINDOW_LOG = 27
/** Where tables and windows begin to matter, bytes. */
const LARGE = 2 ** 20

/** A dictionary is plain bytes; one that happened to begin like a trained one would be read as such (RFC 8878 5). */
const PREFIX = new Uint8Array(8)

const compressAsync = promisify(zstdCompress)
const decompressAsync = promisify(zstdDecompress)

export interface Compressing {
  /** 1 to 19. */
  readonly level: number
  /** What the other side has; null: nothing. */
  readonly dictionary: Uint8Array | null
}

/** One frame, off this thread. */
export async function compress(bytes: Uint8Array, { level, dictionary }: Compressing): Promise<Uint8Array> {
  const { ZSTD_c_compressionLevel, ZSTD_c_contentSizeFlag, ZSTD_c_dictIDFlag } = constants
  return compressAsync(bytes, {
    // Without it zstd gets ready for endless input: a tenth of a second for each small frame.
    pledgedSrcSize: bytes.length,
    chunkSize: Math.max(64 * 1024, Math.min(bytes.length + 1024, 4 * 1024 * 1024)),
    params: {
      [ZSTD_c_compressionLevel]: level,
      // The reader knows it already, and each frame of a small chunk would carry it again. A large frame that names it is
      // opened straight into its place: one that does not goes through a window as large as itself (zstd_decompress.c).
      [ZSTD_c_contentSizeFlag]: bytes.length < LARGE ? 0 : 1,
      [ZSTD_c_dictIDFlag]: 0,
      ...tables(bytes.length + (dictionary?.length ?? 0)),
    },
    ...(dictionary === null ? {} : { dictionary }),
  })
}

/** The tables of a level are for streams and forget the beginning of a large dictionary: each of its bytes needs a place. */
function tables(length: number): Record<number, number> {
  if (length < LARGE) return {}
  const log = Math.ceil(Math.log2(length))
  const { ZSTD_c_windowLog, ZSTD_c_chainLog, ZSTD_c_hashLog } = constants
  // A chain table of 2^n holds half as many bytes as a binary tree.
  return {
    [ZSTD_c_windowLog]: WINDOW_LOG,
    [ZSTD_c_chainLog]: Math.min(28, log + 1),
    [ZSTD_c_hashLog]: Math.min(25, log),
  }
}

/** The bytes of one frame, exactly `length` of them; a frame that would grow further is stopped. Throws `sync.bad-delta`. */
export function decompress(frame: Uint8Array, length: number, dictionary: Uint8Array | null): Uint8Array {
  try {
    return exactly(length, zstdDecompressSync(frame, decompressing(length, dictionary)))
  } catch (error) {
    throw badFrame(error)
  }
}

/** {@link decompress}, off this thread. */
export async function decompressAside(
  frame: Uint8Array,
  length: number,
  dictionary: Uint8Array | null,
): Promise<Uint8Array> {
  try {
    return exactly(length, await decompressAsync(frame, decompressing(length, dictionary)))
  } catch (error) {
    throw badFrame(error)
  }
}

function decompressing(length: number, dictionary: Uint8Array | null): ZstdOptions {
  return {
    chunkSize: Math.max(1024, length + 64),
    maxOutputLength: Math.max(1, length),
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG },
    ...(dictionary === null ? {} : { dictionary }),
  }
}

function exactly(length: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === length) return bytes
  throw badDelta('size', { found: bytes.length, expected: length })
}

function badFrame(error: unknown): unknown {
  return isAppError(error)
    ? error
    : badDelta('frame', { reason: error instanceof Error ? error.message.slice(0, 100) : '' })
}

/** Room for a dictionary of so many bytes, and the part of it that is to be filled. */
export function dictionaryRoom(length: number): { readonly dictionary: Uint8Array; readonly content: Uint8Array } {
  const dictionary = new Uint8Array(PREFIX.length + length)
  return { dictionary, content: dictionary.subarray(PREFIX.length) }
}

const KNOWN_TEXT = 'Prove it is safe, then write. '
/** {@link KNOWN_TEXT} three times with it as dictionary, as zstd 1.5.4's own program compresses it. */
const KNOWN_FRAME = '28b52ffd00003d000000010017260504'

/** Whether this run-time can do what deltas need: early ones know zstd and ignore the dictionary. */
export function knowsDictionaries(): boolean {
  try {
    const { dictionary, content } = dictionaryRoom(KNOWN_TEXT.length)
    content.set(Buffer.from(KNOWN_TEXT))
    const bytes = decompress(Buffer.from(KNOWN_FRAME, 'hex'), KNOWN_TEXT.length * 3, dictionary)
    return Buffer.from(bytes).toString() === KNOWN_TEXT.repeat(3)
  } catch {
    // No zstd at all, or another's idea of it.
    return false
  }
}
