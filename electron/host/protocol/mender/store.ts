import { AppError } from '../../../../shared/errors.ts'

/**
 * The client's store, an LMDB 0.9 environment: what it knows is nowhere else, and no command tells it without changing
 * it. Layout of pages as in LMDB's `mdb.c`, little-endian, with words of 8 or 4 bytes as the device's processor has.
 */

/** More than any client keeps. Bytes. */
export const MAX_STORE = 8 * 1024 * 1024

const MAGIC = 0xbe_ef_c0_de
const DATA_VERSION = 1
const MAX_ENTRIES = 1000
const MAX_DEPTH = 16
const MAX_VALUE = 256 * 1024

const BRANCH = 0x01
const LEAF = 0x02
const OVERFLOW = 0x04
const META = 0x08
/** Node flag: the value is on pages of its own. */
const BIG = 0x01
/** Node flags of tables within the table, which Mender has none of. */
const TABLES = 0x06

/** Reads all of a store: values by key. Throws `device.bad-frame` for bytes that are none. */
export function readStore(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new StoreReader(bytes).entries()
}

interface Meta {
  readonly transaction: number
  readonly depth: number
  readonly entries: number
  readonly root: number
}

class StoreReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** Bytes of a page number, a size or a transaction number on the device. */
  readonly #word: 4 | 8
  readonly #header: number
  readonly #pageSize: number
  readonly #found = new Map<string, Uint8Array>()
  readonly #seen = new Set<number>()

  constructor(bytes: Uint8Array) {
    if (bytes.length > MAX_STORE) throw damaged('too-long')
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#word = this.#isMeta(16) ? 8 : 4
    this.#header = this.#word + 8
    if (!this.#isMeta(this.#header)) throw damaged('no-store')
    this.#pageSize = this.#u32(this.#header + this.#offsets().tables)
    if (this.#pageSize < 256 || this.#pageSize > 65_536 || this.#pageSize % 256 !== 0) throw damaged('page-size')
  }

  entries(): ReadonlyMap<string, Uint8Array> {
    const metas = [this.#meta(0), this.#meta(this.#pageSize)].filter((meta) => meta !== null)
    // Written in turn: the younger one counts.
    const meta = metas.sort((a, b) => b.transaction - a.transaction)[0]
    if (!meta) throw damaged('no-meta')
    if (meta.entries === 0) return this.#found
    if (meta.entries > MAX_ENTRIES || meta.depth > MAX_DEPTH) throw damaged('too-much')
    this.#walk(meta.root, meta.depth)
    if (this.#found.size !== meta.entries) throw damaged('entries')
    return this.#found
  }

  #isMeta(at: number): boolean {
    return this.#bytes.length >= at + 8 && this.#view.getUint32(at, true) === MAGIC
  }

  /** `struct MDB_meta` from its first byte: magic, version, address, map size, two tables, last page, transaction. */
  #offsets() {
    const tables = 8 + 2 * this.#word
    const table = 8 + 5 * this.#word
    return { tables, main: tables + table, transaction: tables + 2 * table + this.#word }
  }

  #meta(page: number): Meta | null {
    const at = page + this.#header
    if (!this.#isMeta(at) || (this.#u16(page + this.#word + 2) & META) === 0) return null
    if (this.#u32(at + 4) !== DATA_VERSION) throw damaged('version')
    const { main, transaction } = this.#offsets()
    const counts = at + main + 8
    return {
      transaction: this.#number(at + transaction),
      depth: this.#u16(at + main + 6),
      entries: this.#number(counts + 3 * this.#word),
      root: this.#number(counts + 4 * this.#word),
    }
  }

  #walk(page: number, depth: number): void {
    if (depth < 1 || this.#seen.has(page)) throw damaged('tree')
    this.#seen.add(page)
    const start = page * this.#pageSize
    const flags = this.#u16(start + this.#word + 2)
    const lower = this.#u16(start + this.#word + 4)
    if (lower < this.#header || lower > this.#pageSize) throw damaged('page')
    for (let pointer = this.#header; pointer + 1 < lower; pointer += 2) {
      const node = start + this.#u16(start + pointer)
      if (node + 8 > start + this.#pageSize) throw damaged('node')
      if (depth > 1 && (flags & BRANCH) !== 0) this.#walk(this.#child(node), depth - 1)
      else if (depth === 1 && (flags & LEAF) !== 0) this.#take(node)
      else throw damaged('page-kind')
    }
  }

  /** In a branch the node's flags are the upper bits of the page number. */
  #child(node: number): number {
    const low = this.#u16(node) + this.#u16(node + 2) * 0x1_0000
    return this.#word === 8 ? low + this.#u16(node + 4) * 0x1_0000_0000 : low
  }

  #take(node: number): void {
    const size = this.#u16(node) + this.#u16(node + 2) * 0x1_0000
    const flags = this.#u16(node + 4)
    const keySize = this.#u16(node + 6)
    if (size > MAX_VALUE || (flags & TABLES) !== 0 || this.#found.size >= MAX_ENTRIES) throw damaged('node')
    const key = Buffer.from(this.#slice(node + 8, keySize)).toString('latin1')
    const at = node + 8 + keySize
    const value = (flags & BIG) === 0 ? this.#slice(at, size) : this.#overflow(this.#number(at), size)
    this.#found.set(key, value)
  }

  #overflow(page: number, size: number): Uint8Array {
    const start = page * this.#pageSize
    if ((this.#u16(start + this.#word + 2) & OVERFLOW) === 0) throw damaged('overflow')
    return this.#slice(start + this.#header, size)
  }

  #slice(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw damaged('short')
    return this.#bytes.slice(at, at + length)
  }

  #u16(at: number): number {
    if (at + 2 > this.#bytes.length) throw damaged('short')
    return this.#view.getUint16(at, true)
  }

  #u32(at: number): number {
    if (at + 4 > this.#bytes.length) throw damaged('short')
    return this.#view.getUint32(at, true)
  }

  #number(at: number): number {
    const low = this.#u32(at)
    const value = this.#word === 8 ? low + this.#u32(at + 4) * 0x1_0000_0000 : low
    // "No page" is all ones, and lies beyond every file.
    return Math.min(value, Number.MAX_SAFE_INTEGER)
  }
}

function damaged(reason: string): AppError {
  return new AppError('device.bad-frame', { detail: { what: 'mender-store', reason } })
}
