import { ByteReader } from '../byte-reader.ts'
import { unreadable } from '../source.ts'

/** POSIX ustar. */
const BLOCK = 512
const MAX_NAME = 1024
/** An artifact has a handful of members and some scripts. */
const MAX_ENTRIES = 4096
const MAX_PAX = 64 * 1024
const TYPE = { file: '0', oldFile: '\0', pax: 'x', paxGlobal: 'g' } as const

export interface TarEntry {
  readonly name: string
  readonly size: number
  /** Its bytes, once. What is not taken before the next entry is passed over. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/**
 * The files of a tar archive as they stream by. Anything that is not a plain file is refused: a Mender artifact has
 * none. Throws `artifact.unreadable`.
 */
export async function* readTar(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(blocks)
  try {
    let pax: ReadonlyMap<string, string> = new Map()
    for (let count = 0; !(await reader.ended()); ) {
      const head = Buffer.from(await reader.exactly(BLOCK))
      if (head.every((byte) => byte === 0)) return await expectEnd(reader)
      const { name, size, type } = headerOf(head, pax)
      if (type === TYPE.pax || type === TYPE.paxGlobal) {
        if (size > MAX_PAX) throw unreadable('tar-pax')
        const records = paxRecords(Buffer.from(await reader.exactly(size)).toString('utf8'))
        await reader.skip(padding(size))
        // Global records are the archiver's remarks; names and sizes of files are never in them.
        if (type === TYPE.pax) pax = records
        continue
      }
      if (type !== TYPE.file && type !== TYPE.oldFile) throw unreadable('tar-type', { type })
      if (++count > MAX_ENTRIES) throw unreadable('tar-too-many')
      pax = new Map()
      const body = new Body(reader, size)
      yield { name, size, bytes: body }
      await reader.skip(body.left + padding(size))
    }
    throw unreadable('tar-no-end')
  } finally {
    await reader.close()
  }
}

/** Whoever takes an entry's bytes may stop anywhere; the archive goes on behind them all the same. */
class Body implements AsyncIterable<Uint8Array> {
  readonly #reader: ByteReader
  left: number

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader
    this.left = size
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.left > 0) {
      const part = await this.#reader.some(this.left)
      this.left -= part.length
      yield part
    }
  }
}

function headerOf(head: Buffer, pax: ReadonlyMap<string, string>): { name: string; size: number; type: string } {
  if (head.toString('latin1', 257, 262) !== 'ustar') throw unreadable('not-tar')
  const claimed = octal(head, 148, 8)
  const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0)
  if (sum !== claimed) throw unreadable('tar-checksum')
  const prefix = text(head, 345, 155)
  const name = pax.get('path') ?? (prefix === '' ? text(head, 0, 100) : `${prefix}/${text(head, 0, 100)}`)
  const paxSize = pax.get('size')
  if (paxSize !== undefined && !/^\d{1,15}$/.test(paxSize)) throw unreadable('tar-number')
  if (name === '' || name.length > MAX_NAME || name.includes('\0')) throw unreadable('tar-name')
  return {
    name,
    size: paxSize === undefined ? octal(head, 124, 12) : Number(paxSize),
    type: String.fromCharCode(head[156] ?? 0),
  }
}

/** `LENGTH KEY=VALUE\n`, again and again (POSIX pax). */
function paxRecords(source: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  const bytes = Buffer.from(source, 'utf8')
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const digits = bytes.toString('latin1', at, space < 0 ? at : space)
    const end = at + Number(digits)
    if (!/^[1-9]\d{0,5}$/.test(digits) || end > bytes.length || end <= space) throw unreadable('tar-pax')
    const record = bytes.toString('utf8', space + 1, end - 1)
    const equals = record.indexOf('=')
    if (equals < 1 || bytes[end - 1] !== 0x0a) throw unreadable('tar-pax')
    records.set(record.slice(0, equals), record.slice(equals + 1))
    at = end
  }
  return records
}

async function expectEnd(reader: ByteReader): Promise<void> {
  while (!(await reader.ended())) {
    if ((await reader.exactly(BLOCK)).some((byte) => byte !== 0)) throw unreadable('after-end')
  }
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function text(head: Buffer, from: number, length: number): string {
  return head.toString('utf8', from, from + length).replace(/\0[\s\S]*$/, '')
}

function octal(head: Buffer, from: number, length: number): number {
  const digits = head.toString('latin1', from, from + length).replaceAll(/[\0 ]/g, '')
  if (!/^[0-7]{1,12}$/.test(digits)) throw unreadable('tar-number')
  return Number.parseInt(digits, 8)
}
