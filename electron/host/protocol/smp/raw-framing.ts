import { HEADER_SIZE } from './packet.ts'

/** Bits of the first byte that every server leaves at 0, and the highest operation and version in the others. */
const RESERVED = 0b1110_0000
const MAX_OP = 3
const MAX_VERSION = 1

/**
 * Cuts a stream of bare packets: header, payload, next header. Without marks a byte that is lost or added cannot be
 * told from a packet, only be noticed when a header is none; what is left of it is dropped by {@link forget}.
 */
export class RawDecoder {
  #bytes = Buffer.alloc(0)

  push(bytes: Uint8Array): readonly Uint8Array[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    const packets: Uint8Array[] = []
    for (;;) {
      this.#skipNonsense()
      const end =
        this.#bytes.length < HEADER_SIZE ? Number.POSITIVE_INFINITY : HEADER_SIZE + this.#bytes.readUInt16BE(2)
      if (this.#bytes.length < end) return packets
      packets.push(new Uint8Array(this.#bytes.subarray(0, end)))
      this.#bytes = Buffer.from(this.#bytes.subarray(end))
    }
  }

  /** Nobody answers: half a packet will not become a whole one. */
  forget(): void {
    this.#bytes = Buffer.alloc(0)
  }

  #skipNonsense(): void {
    let at = 0
    while (at < this.#bytes.length && !mayBegin(this.#bytes, at)) at += 1
    if (at > 0) this.#bytes = Buffer.from(this.#bytes.subarray(at))
  }
}

function mayBegin(bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0
  const isHead = (first & RESERVED) === 0 && (first & 0b111) <= MAX_OP && first >> 3 <= MAX_VERSION
  // The flags are always 0.
  return isHead && (at + 1 >= bytes.length || bytes[at + 1] === 0)
}
