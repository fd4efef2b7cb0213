import { badDelta } from './bad-delta.ts'

/** Appends numbers in seven bits a byte (LEB128). */
export class VarintWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  /** `0 <= value <= 2^53 - 1` */
  uint(value: number): void {
    let left = value
    while (left >= 0x80) {
      this.#byte((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    this.#byte(left)
  }

  /** Small numbers of either sign stay small. */
  int(value: number): void {
    this.uint(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length] = value
    this.#length += 1
  }
}

/** Reads them back. Throws `sync.bad-delta` past the end and above 2^52. */
export class VarintReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  uint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) throw badDelta('short')
      this.#at += 1
      value += (byte & 0x7f) * scale
      if (value > 2 ** 52) throw badDelta('number')
      if (byte < 0x80) return value
      if (scale > 2 ** 45) throw badDelta('number')
    }
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A count of things that take at least one byte each: none of them can be more than what is left. */
  count(): number {
    const count = this.uint()
    if (count > this.left) throw badDelta('count')
    return count
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) throw badDelta('short')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  end(): void {
    if (this.left > 0) throw badDelta('long')
  }
}
