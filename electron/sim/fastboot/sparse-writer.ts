import { SPARSE } from '../../host/protocol/fastboot/sparse.ts'

/** Whether a download is a sparse image. */
export function isSparse(bytes: Uint8Array): boolean {
  return bytes.length >= SPARSE.header && view(bytes).getUint32(0, true) === SPARSE.magic
}

/** Puts a sparse image over what a partition holds, as a boot loader does. Null: it is damaged. */
export function writeSparse(before: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  const from = view(bytes)
  const block = from.getUint32(12, true)
  const total = from.getUint32(16, true)
  const after = new Uint8Array(Math.max(before.length, total * block))
  after.set(before)
  let [at, done] = [from.getUint16(8, true), 0]
  for (let left = from.getUint32(20, true); left > 0; left -= 1) {
    if (at + SPARSE.chunk > bytes.length) return null
    const [type, blocks, length] = [
      from.getUint16(at, true),
      from.getUint32(at + 4, true),
      from.getUint32(at + 8, true),
    ]
    const data = bytes.subarray(at + SPARSE.chunk, at + length)
    if (type === SPARSE.raw && data.length === blocks * block) after.set(data, done * block)
    else if (type === SPARSE.fill && data.length === 4)
      fill(after.subarray(done * block, (done + blocks) * block), data)
    else if (type !== SPARSE.skip || data.length > 0) return null
    done += blocks
    at += length
  }
  return done === total && at === bytes.length ? after : null
}

function fill(into: Uint8Array, word: Uint8Array): void {
  for (let at = 0; at < into.length; at += word.length) into.set(word, at)
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
