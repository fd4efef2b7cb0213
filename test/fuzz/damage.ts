/** Where numbers end, and just beyond. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]
/** Longest stretch that is cut out or doubled, bytes. */
const STRETCH = 600

/** A few wounds: bytes, bits, numbers, cuts, and stretches that stand twice. `upTo(n)`: 0 <= it < n. */
export function damage(seed: Buffer, upTo: (limit: number) => number): Buffer {
  let bytes = Buffer.from(seed)
  for (let left = 1 + upTo(4); left > 0; left -= 1) bytes = wound(bytes, upTo)
  return bytes
}

function wound(bytes: Buffer<ArrayBuffer>, upTo: (limit: number) => number): Buffer<ArrayBuffer> {
  const at = upTo(Math.max(1, bytes.length))
  const edge = EDGES[upTo(EDGES.length)] ?? 0
  switch (upTo(7)) {
    case 0:
      bytes[at] = upTo(256)
      return bytes
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(8))
      return bytes
    case 2:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(edge, at)
      return bytes
    case 3:
      if (at + 4 <= bytes.length) bytes.writeUInt32BE(edge, at)
      return bytes
    case 4:
      return bytes.subarray(0, at)
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + upTo(STRETCH))])
    default: {
      const from = upTo(Math.max(1, bytes.length))
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + upTo(STRETCH)), bytes.subarray(at)])
    }
  }
}
