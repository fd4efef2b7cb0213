import { type ArtifactSource, readExactly, stretch, unreadable } from '../source.ts'

/** cpio "new ASCII" header: magic and 13 numbers of 8 hex digits. */
const HEADER_SIZE = 110
const MAGIC = { plain: '070701', sum: '070702' } as const
const MAX_NAME = 1024
/** A SWU has a description and some images; thousands of entries are an attack. */
const MAX_ENTRIES = 1024
const TRAILER = 'TRAILER!!!'

export interface CpioEntry {
  readonly name: string
  readonly offset: number
  readonly size: number
  /** Sum of all bytes modulo 2^32, where the format has it. */
  readonly sum: number | null
}

/** The entries of a cpio archive in newc or crc format, in order. Reads headers only. Throws `artifact.unreadable`. */
export async function readCpio(source: ArtifactSource): Promise<readonly CpioEntry[]> {
  const entries: CpioEntry[] = []
  for (let at = 0; ; ) {
    const head = Buffer.from(await readExactly(source, at, HEADER_SIZE)).toString('latin1')
    const magic = head.slice(0, 6)
    if (magic !== MAGIC.plain && magic !== MAGIC.sum) throw unreadable('not-cpio', { at })
    const [size, nameSize] = [hex(head, 6), hex(head, 11)]
    if (nameSize < 1 || nameSize > MAX_NAME) throw unreadable('cpio-name', { at })
    const raw = Buffer.from(await readExactly(source, at + HEADER_SIZE, nameSize))
    const name = raw.toString('utf8', 0, nameSize - 1)
    if (raw.at(-1) !== 0 || name.includes('\0')) throw unreadable('cpio-name', { at })
    if (name === TRAILER) return entries
    const offset = aligned(at + HEADER_SIZE + nameSize)
    if (offset + size > source.length) throw unreadable('too-short', { length: source.length, wanted: offset + size })
    if (entries.some((entry) => entry.name === name)) throw unreadable('cpio-name-twice')
    if (entries.length >= MAX_ENTRIES) throw unreadable('cpio-too-many')
    entries.push({ name, offset, size, sum: magic === MAGIC.sum ? hex(head, 12) : null })
    at = aligned(offset + size)
  }
}

/** Sum of an entry's bytes as the crc format has it. */
export async function byteSum(source: ArtifactSource, entry: CpioEntry): Promise<number> {
  let sum = 0
  for await (const block of stretch(source, entry.offset, entry.offset + entry.size)) {
    sum = (sum + sumOf(block)) >>> 0
  }
  return sum
}

/** Words whose bytes can be added up two by two in 16 bits, with the sign to spare: 64 * 2 * 255 < 2^15. */
const WORDS_AT_ONCE = 64

/** Four bytes at a time: packages are hundreds of megabytes. */
function sumOf(bytes: Uint8Array): number {
  const head = Math.min(-bytes.byteOffset & 3, bytes.length)
  const count = (bytes.length - head) >>> 2
  const words = count > 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset + head, count) : []
  let sum = 0
  for (let at = 0; at < count; ) {
    const end = Math.min(at + WORDS_AT_ONCE, count)
    let pairs = 0
    for (; at < end; at += 1) {
      const word = words[at] ?? 0
      pairs = (pairs + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0
    }
    sum += (pairs & 0xffff) + (pairs >>> 16)
  }
  for (const rest of [bytes.subarray(0, head), bytes.subarray(head + count * 4)]) for (const byte of rest) sum += byte
  return sum
}

function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4
}

function hex(head: string, field: number): number {
  const digits = head.slice(6 + field * 8, 14 + field * 8)
  if (!/^[0-9a-fA-F]{8}$/.test(digits)) throw unreadable('cpio-number')
  return Number.parseInt(digits, 16)
}
