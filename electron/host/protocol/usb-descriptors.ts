/** USB 2.0 9.6: descriptor types. */
const CONFIGURATION = 2
export const INTERFACE = 4

export interface Descriptor {
  readonly type: number
  /** With its two leading bytes, length and type. */
  readonly body: Uint8Array
  /** Where in the configuration it begins. */
  readonly at: number
}

/**
 * The descriptors inside a configuration descriptor, in order; each as long as it says, an interface's as long as
 * interfaces are. Throws what `bad` makes of bytes that are none, and of where.
 */
export function* descriptorsIn(bytes: Uint8Array, bad: (what: string, at: number) => Error): Iterable<Descriptor> {
  if (bytes.length < 9 || bytes[0] !== 9 || bytes[1] !== CONFIGURATION) throw bad('configuration', bytes.length)
  const end = Math.min((bytes[2] ?? 0) | ((bytes[3] ?? 0) << 8), bytes.length)
  for (let at = 9; at < end; ) {
    const length = bytes[at] ?? 0
    if (length < 2 || at + length > end) throw bad('descriptor', at)
    const body = bytes.subarray(at, at + length)
    const type = body[1] ?? 0
    if (type === INTERFACE && length < 9) throw bad('interface', at)
    yield { type, body, at }
    at += length
  }
}
