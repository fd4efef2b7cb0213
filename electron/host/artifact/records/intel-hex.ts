import { type ArtifactSource, corrupt, unreadable } from '../source.ts'
import { hexBytes, linesOf } from './lines.ts'
import { MAX_RECORDS_FILE, MemoryBuilder, type MemoryImage } from './memory-image.ts'

const TYPE = { data: 0, end: 1, segment: 2, startSegment: 3, linear: 4, startLinear: 5 } as const
/** Length, address (2), type, checksum. */
const FRAME = 5

/**
 * Intel HEX (Intel 1988): data, segment and linear addresses, start addresses; ends with its end record.
 * Throws `artifact.unreadable`, `artifact.corrupt` (a checksum).
 */
export async function readIntelHex(source: ArtifactSource): Promise<MemoryImage> {
  if (source.length > MAX_RECORDS_FILE) throw unreadable('too-large', { length: source.length })
  const memory = new MemoryBuilder()
  let base = 0
  let start: number | null = null
  let ended = false
  for await (const [text, line] of linesOf(source)) {
    if (ended) throw unreadable('after-end', { line })
    const { type, offset, data } = recordOf(text, line)
    const sizeIs = (size: number) => {
      if (data.length !== size) throw unreadable('record-length', { line })
    }
    switch (type) {
      case TYPE.data:
        // Writers differ in what an address does beyond 64 KiB; none makes such a record.
        if (offset + data.length > 0x10000) throw unreadable('record-crosses-64k', { line })
        memory.add(base + offset, data)
        break
      case TYPE.end:
        sizeIs(0)
        ended = true
        break
      case TYPE.segment:
        sizeIs(2)
        base = data.readUInt16BE(0) * 16
        break
      case TYPE.linear:
        sizeIs(2)
        base = data.readUInt16BE(0) * 0x10000
        break
      case TYPE.startSegment:
        sizeIs(4)
        start = data.readUInt16BE(0) * 16 + data.readUInt16BE(2)
        break
      case TYPE.startLinear:
        sizeIs(4)
        start = data.readUInt32BE(0)
        break
      default:
        throw unreadable('record-type', { line, type })
    }
  }
  if (!ended) throw unreadable('no-end-record')
  return memory.image(start)
}

function recordOf(text: string, line: number): { type: number; offset: number; data: Buffer } {
  if (!text.startsWith(':')) throw unreadable('not-intel-hex', { line })
  const bytes = hexBytes(text.slice(1), line)
  if (bytes.length !== FRAME + (bytes[0] ?? 0)) throw unreadable('record-length', { line })
  if ((bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) !== 0) throw corrupt('intel-hex', { line })
  return { type: bytes.readUInt8(3), offset: bytes.readUInt16BE(1), data: bytes.subarray(4, -1) }
}
