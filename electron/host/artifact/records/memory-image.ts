import { unreadable } from '../source.ts'

/** Bytes of the device's memory that follow each other. */
export interface Segment {
  readonly address: number
  readonly bytes: Uint8Array
}

/** What a hex file says of the device's memory, in the order of addresses, without overlaps. */
export interface MemoryImage {
  readonly segments: readonly Segment[]
  /** Where to start, if it says so. */
  readonly start: number | null
}

/** Addresses between segments that the file says nothing of. */
export interface Gap {
  readonly address: number
  readonly length: number
}

/** Hex files are for microcontrollers: larger ones are no firmware, and would not be read with flat memory. */
export const MAX_RECORDS_FILE = 96 * 1024 * 1024
export const MAX_MEMORY = 64 * 1024 * 1024
const MAX_SEGMENTS = 16_384
const ADDRESS_END = 2 ** 32

/** Collects records in the order of the file. Each `throws` is `artifact.unreadable`. */
export class MemoryBuilder {
  readonly #parts: { address: number; length: number; bytes: Uint8Array }[] = []
  #total = 0

  add(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (address + bytes.length > ADDRESS_END) throw unreadable('address-too-high', { address })
    this.#total += bytes.length
    if (this.#total > MAX_MEMORY) throw unreadable('too-much-memory')
    const last = this.#parts.at(-1)
    if (last && last.address + last.length === address) {
      append(last, bytes)
      return
    }
    if (this.#parts.length >= MAX_SEGMENTS) throw unreadable('too-many-segments')
    this.#parts.push({ address, length: bytes.length, bytes: bytes.slice() })
  }

  /** Throws when two records are about one address, even when they agree: one of them is a mistake. */
  image(start: number | null): MemoryImage {
    const sorted = this.#parts.toSorted((a, b) => a.address - b.address)
    const merged: { address: number; length: number; bytes: Uint8Array }[] = []
    for (const part of sorted) {
      const last = merged.at(-1)
      const end = last ? last.address + last.length : -1
      if (part.address < end) throw unreadable('records-overlap', { address: part.address })
      if (last && part.address === end) append(last, part.bytes.subarray(0, part.length))
      else merged.push(part)
    }
    if (merged.length === 0) throw unreadable('no-data')
    return {
      segments: merged.map(({ address, length, bytes }) => ({ address, bytes: bytes.subarray(0, length) })),
      start,
    }
  }
}

/** Doubles its room, so that a large file costs no more than twice its size. */
function append(to: { length: number; bytes: Uint8Array }, bytes: Uint8Array): void {
  if (to.length + bytes.length > to.bytes.length) {
    const wider = new Uint8Array(Math.max(2 * to.bytes.length, to.length + bytes.length))
    wider.set(to.bytes.subarray(0, to.length))
    to.bytes = wider
  }
  to.bytes.set(bytes, to.length)
  to.length += bytes.length
}

export function gapsIn({ segments }: MemoryImage): readonly Gap[] {
  return segments.slice(1).map(({ address }, index) => {
    const before = segments[index] as Segment
    const end = before.address + before.bytes.length
    return { address: end, length: address - end }
  })
}

/**
 * From the first address to the last as one stretch, gaps filled: what a driver writes that knows no addresses.
 * Throws `artifact.unreadable` when that would be more than {@link MAX_MEMORY}: two memories, not one with gaps.
 */
export function flatten({ segments }: MemoryImage, fill = 0xff): Segment {
  const [first, last] = [segments[0], segments.at(-1)]
  if (!first || !last) throw unreadable('no-data')
  const length = last.address + last.bytes.length - first.address
  if (length > MAX_MEMORY) throw unreadable('gaps-too-wide', { length })
  const bytes = new Uint8Array(length).fill(fill)
  for (const segment of segments) bytes.set(segment.bytes, segment.address - first.address)
  return { address: first.address, bytes }
}
