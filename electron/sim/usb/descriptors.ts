/** Descriptors of a device with one DFU interface. USB 2.0 9.6, USB DFU 1.1 4. */
export interface Faceplate {
  readonly vid: number
  readonly pid: number
  /** `bcdDevice` */
  readonly release: number
  readonly strings: readonly string[]
  /** 1 in the application, 2 in DFU mode; none for an application without a DFU interface. */
  readonly protocol: 1 | 2 | null
  /** Names of the alternate settings. */
  readonly memories: readonly string[]
  readonly attributes: number
  readonly transferSize: number
  readonly version: number
}

const u16 = (n: number) => [n & 0xff, (n >> 8) & 0xff]

export function deviceDescriptor({ vid, pid, release }: Faceplate): Uint8Array {
  return Uint8Array.from([18, 1, ...u16(0x0200), 0, 0, 0, 64, ...u16(vid), ...u16(pid), ...u16(release), 1, 2, 3, 1])
}

export function configurationDescriptor(face: Faceplate): Uint8Array {
  const { protocol, memories, attributes, transferSize, version } = face
  // The strings of the memories follow those of the device.
  const interfaces = memories.flatMap((_, at) => [9, 4, 0, at, 0, 0xfe, 1, protocol ?? 0, 4 + at])
  const functional = [9, 0x21, attributes, ...u16(1000), ...u16(transferSize), ...u16(version)]
  const body = protocol === null ? [9, 4, 0, 0, 0, 0xff, 0, 0, 0] : [...interfaces, ...functional]
  return Uint8Array.from([9, 2, ...u16(9 + body.length), 1, 1, 0, 0x80, 50, ...body])
}

/** Null: there is no such string. */
export function stringDescriptor({ strings, memories }: Faceplate, index: number): Uint8Array | null {
  if (index === 0) return Uint8Array.from([4, 3, 0x09, 0x04])
  const text = [...strings, ...memories][index - 1]
  if (text === undefined) return null
  const body = Buffer.from(text, 'utf16le')
  return Uint8Array.from([2 + body.length, 3, ...body])
}
