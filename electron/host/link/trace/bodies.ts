import { crc32 } from 'node:zlib'
import { MAX_BODY, type TracedBody } from './format.ts'
import { scrubBytes } from './scrub.ts'

/** Parts of a body that are made up anew each time: the boundary of a form, and the name that a file was given. */
const BOUNDARY = /boundary="?([^";]+)"?/i
const FILE_NAME = /filename="([^"]+)"/
/** Where such parts stand: in the head of a form and in its tail. bytes */
const FRAME = 4096

/** Gathers what a trace keeps of a body that goes by. */
export class BodyGauge {
  readonly #boundary: string | null
  #length = 0
  #crc = 0
  #start: Buffer[] = []
  #kept = 0
  #fileName: string | null = null

  constructor(contentType = '') {
    this.#boundary = BOUNDARY.exec(contentType)?.[1] ?? null
  }

  push(bytes: Uint8Array): void {
    if (this.#kept < MAX_BODY) {
      const piece = Buffer.from(bytes.subarray(0, MAX_BODY - this.#kept))
      this.#start.push(piece)
      this.#kept += piece.length
    }
    const counted = this.#masked(bytes)
    this.#length += counted.length
    this.#crc = crc32(counted, this.#crc)
  }

  /** What a form calls its file; null: it is none. */
  get fileName(): string | null {
    return this.#fileName
  }

  /** Length and CRC without what changes from one time to the next. */
  body(secrets: readonly string[]): TracedBody {
    const start = Buffer.concat(this.#start)
    const clean = scrubBytes(start, secrets)
    // A sum over a secret is a way to guess it.
    const sum = clean.equals(start) ? this.#crc : 0
    return { length: this.#length, crc32: sum, start: clean.toString('base64') }
  }

  #masked(bytes: Uint8Array): Uint8Array {
    if (this.#boundary === null || bytes.length > FRAME) return bytes
    const text = Buffer.from(bytes).toString('latin1')
    if (!text.includes(this.#boundary)) return bytes
    const name = FILE_NAME.exec(text)?.[1]
    this.#fileName ??= name ?? null
    const plain = text.replaceAll(this.#boundary, 'boundary')
    return Buffer.from(name === undefined ? plain : plain.replaceAll(name, 'name'), 'latin1')
  }
}

/** The name of the file in the form that a recorded body begins with. */
export function fileNameIn({ start }: TracedBody): string | null {
  return FILE_NAME.exec(Buffer.from(start, 'base64').toString('latin1').slice(0, FRAME))?.[1] ?? null
}
