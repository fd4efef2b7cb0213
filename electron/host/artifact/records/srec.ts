import { type ArtifactSource, corrupt, unreadable } from '../source.ts'
import { hexBytes, linesOf } from './lines.ts'
import { MAX_RECORDS_FILE, MemoryBuilder, type MemoryImage } from './memory-image.ts'

/** Bytes of address by record type; null: a type that does not exist. */
const ADDRESS_SIZE: readonly (number | null)[] = [2, 2, 3, 4, null, 2, 3, 4, 3, 2]

/** What an S-record file holds besides memory. */
export interface SrecFile {
  readonly memory: MemoryImage
  /** The text of its header record. */
  readonly header: string | null
}

/**
 * Motorola S-records: header, data with 16, 24 or 32 bits of address, record count, start address, which is the end
 * of the file. A file without a count and without an end is refused. Throws `artifact.unreadable`, `artifact.corrupt` (a checksum or a count).
 */
export async function readSrec(source: ArtifactSource): Promise<SrecFile> {
  if (source.length > MAX_RECORDS_FILE) throw unreadable('too-large', { length: source.length })
  const memory = new MemoryBuilder()
  let header: string | null = null
  let start: number | null = null
  let [count, counted, ended] = [0, false, false]
  for await (const [text, line] of linesOf(source)) {
    if (ended) throw unreadable('after-end', { line })
    const { type, address, data } = recordOf(text, line)
    if (type === 0)
      header = data
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e]/g, '')
        .trim()
    else if (type <= 3) {
      memory.add(address, data)
      count += 1
    } else if (data.length > 0) throw unreadable('record-length', { line })
    else if (type <= 6) {
      // A count of 16 bits says nothing of a longer file.
      const limit = type === 5 ? 0x10000 : 0x1000000
      if (count < limit && address !== count) throw corrupt('srec', { line })
      counted = true
    } else {
      ended = true
      start = address === 0 ? null : address
    }
  }
  // Without one of them nobody can tell a whole file from the first half of one.
  if (!ended && !counted) throw unreadable('no-end-record')
  return { memory: memory.image(start), header: header || null }
}

function recordOf(text: string, line: number): { type: number; address: number; data: Buffer } {
  const type = /^S\d/.test(text) ? Number(text[1]) : -1
  const addressSize = ADDRESS_SIZE[type] ?? null
  if (addressSize === null) throw unreadable('not-srec', { line })
  const bytes = hexBytes(text.slice(2), line)
  if (bytes.length < 2 + addressSize || bytes.length !== 1 + (bytes[0] ?? 0))
    throw unreadable('record-length', { line })
  // The sum of all bytes and its own inversion.
  if ((bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) !== 0xff) throw corrupt('srec', { line })
  return { type, address: bytes.readUIntBE(1, addressSize), data: bytes.subarray(1 + addressSize, -1) }
}
