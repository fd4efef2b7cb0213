import { AppError } from '../../../../shared/errors.ts'

/** A stretch of equal sectors of a DfuSe memory. */
export interface Sectors {
  readonly from: number
  readonly count: number
  /** Bytes a sector. */
  readonly size: number
  readonly readable: boolean
  readonly erasable: boolean
  readonly writable: boolean
}

const MAX_END = 2 ** 32
const UNIT: Readonly<Record<string, number>> = { '': 1, ' ': 1, B: 1, K: 1024, M: 1024 * 1024 }
const ZONE = /^0x([0-9a-f]{1,8})$/i
const RUN = /^(\d{1,3})\*(\d{1,4})([BKM ]?)([a-g])$/

/**
 * The memory that the name of a DfuSe alternate setting describes (UM0424):
 * `@Internal Flash  /0x08000000/04*016Kg,01*064Kg`. Throws `device.bad-frame` for names that describe none.
 */
export function parseLayout(name: string): readonly Sectors[] {
  const [, ...parts] = name.split('/')
  if (!name.startsWith('@') || parts.length < 2 || parts.length % 2 !== 0) throw bad(name)
  const found: Sectors[] = []
  for (let at = 0; at < parts.length; at += 2) {
    const base = ZONE.exec((parts[at] ?? '').trim())?.[1]
    if (base === undefined) throw bad(name)
    let from = Number.parseInt(base, 16)
    for (const text of (parts[at + 1] ?? '').split(',')) {
      const [, count, size, unit = '', kind = ''] = RUN.exec(text.trim()) ?? []
      const sectors = { count: Number(count), size: Number(size) * (UNIT[unit] ?? 0) }
      // Not a number where the text was none: every comparison with it is false.
      if (!(sectors.count > 0 && sectors.size > 0)) throw bad(name)
      const end = from + sectors.count * sectors.size
      if (end > MAX_END) throw bad(name)
      // a..g: bit 0 read, bit 1 erase, bit 2 write.
      const bits = kind.charCodeAt(0) - 0x60
      found.push({
        from,
        ...sectors,
        readable: (bits & 1) !== 0,
        erasable: (bits & 2) !== 0,
        writable: (bits & 4) !== 0,
      })
      from = end
    }
  }
  return found
}

/** What a write needs of the memory. */
export interface Ground {
  /** First bytes of the sectors to erase, ascending. */
  readonly erase: readonly number[]
  /** All of it can be read back. */
  readonly readable: boolean
}

/**
 * What must be erased before `length` bytes can be written at `address`. Throws `device.image-rejected` where they do
 * not fit, or where the memory cannot be written.
 */
export function groundFor(layout: readonly Sectors[], address: number, length: number): Ground {
  const end = address + length
  const erase: number[] = []
  let readable = true
  let covered = address
  for (const zone of [...layout].sort((a, b) => a.from - b.from)) {
    const zoneEnd = zone.from + zone.count * zone.size
    if (zoneEnd <= covered || zone.from >= end) continue
    if (zone.from > covered) break
    if (!zone.writable) throw rejected('not-writable', Math.max(zone.from, address))
    readable &&= zone.readable
    const first = Math.floor((covered - zone.from) / zone.size)
    const last = Math.ceil((Math.min(end, zoneEnd) - zone.from) / zone.size)
    for (let sector = first; zone.erasable && sector < last; sector += 1) erase.push(zone.from + sector * zone.size)
    covered = zoneEnd
  }
  if (covered < end) throw rejected('outside-memory', covered)
  return { erase, readable }
}

/** First byte of the memory. */
export function startOf(layout: readonly Sectors[]): number {
  return Math.min(...layout.map(({ from }) => from))
}

function rejected(reason: string, address: number): AppError {
  return new AppError('device.image-rejected', { detail: { reason, address: `0x${address.toString(16)}` } })
}

function bad(name: string): AppError {
  return new AppError('device.bad-frame', { detail: { what: 'memory-layout', name: name.slice(0, 100) } })
}
