import { crc32 } from 'node:zlib'

/**
 * `pump.S` as machine code, so that nobody needs an assembler:
 * `aarch64-linux-gnu-as -o pump.o pump.S && aarch64-linux-gnu-objcopy -O binary -j .text pump.o pump.bin`
 */
const CODE = `
EAAAFB8gA9UfIAPVHyAD1QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAANUUABAWAIBSYA4A
EF0AAJQA/v8QWwAAlKAOADBZAACUgA4AEFcAAJQXAIDSYwAAlB80AHEgAQBUH4AAcYv//1T/8gDxSv//VKBqNzj3BgCRVAAAlPb/
/xe/ajc4gAwAMEgAAJT3/f+0oQwAcDsAAJRgAgA1YQwAUDgAAJTgAgA1QQwAUDUAAJRgAwA1IQwAMDIAAJRgBAA14QsAUC8AAJRA
BAA1wQsAECwAAJRgBAA1IAoAcDMAAJTa//8XIAsAcDAAAJQgDgBYLgAAlAAJADAsAACU0///F0ALABApAACUgPf/ECcAAJQgCAAw
JQAAlMz//xcACwAQVgAANGAKADAgAACU4AoAMB4AAJQg9/8QHAAAlMAGADAaAACUwf//FzYAgFICAAAUFgCAUiALAFgWAAC5u///
F6AJABARAACUARtAuT8AHXLB//9UoAkAGAIAANQAAAAU4gMVqkMUQDgkFEA4fwAEa4EAAFSD//81IACAUsADX9YAAIBSwANf1ukD
HqrqAwCqQBVAOGAAADQEAACU/f//F/4DCarAA1/WGCCh0gEbQLk/ABtywf//VAADALnAA1/WGCCh0gEbQLk/ABxywf//VAADQLkA
HAASwANf1g0KQmlsZ2UgcHVtcCBjb250cm9sbGVyIAANCgBwdW1wPiAAd2hhdD8NCgBpZAB2ZXJzaW9uAHN0YXR1cwBvcGVuAGNs
b3NlAHJlYm9vdAB0eXBlPWFjbWUtcHVtcCBoYXJkd2FyZT0xLjIgAHZlcnNpb249AGhhdGNoPW9wZW4AaGF0Y2g9Y2xvc2VkACBz
ZWxmdGVzdD0AcmVzdGFydGluZw0KAAAAAB8gA9UJAACEAAAAAADw/0cAAAAAAOD/RwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
`

/** Where `pump.S` keeps its version and what its self-test says. */
const FIELDS = { version: { at: 16, size: 32 }, selfTest: { at: 48, size: 16 } } as const
const LOAD = 0x4400_0000

/** U-Boot's legacy image header: magic, two checksums, and what to do with the rest. Big-endian. */
const HEADER = 64
const MAGIC = 0x2705_1956
const ARCH_ARM64 = 22
const KINDS = { program: { os: 17, type: 1 }, script: { os: 5, type: 6 } } as const

function legacyImage(kind: keyof typeof KINDS, payload: Uint8Array, load: number): Uint8Array {
  const { os, type } = KINDS[kind]
  const header = Buffer.alloc(HEADER)
  header.writeUInt32BE(MAGIC, 0)
  header.writeUInt32BE(payload.length, 12)
  header.writeUInt32BE(load, 16)
  header.writeUInt32BE(load, 20)
  header.writeUInt32BE(crc32(payload), 24)
  header.set([os, ARCH_ARM64, type, 0], 28)
  header.write('pump', 32, 'latin1')
  header.writeUInt32BE(crc32(header), 4)
  return new Uint8Array(Buffer.concat([header, payload]))
}

/** The pump's application in a version, filled up to about `size` bytes. */
export function makeApp(version: string, size = 0, selfTest: 'pass' | 'fail' = 'pass'): Uint8Array {
  const code = Buffer.from(CODE.replaceAll('\n', ''), 'base64')
  code.write(version, FIELDS.version.at, FIELDS.version.size - 1, 'latin1')
  code.write(selfTest, FIELDS.selfTest.at, FIELDS.selfTest.size - 1, 'latin1')
  const filling = Uint8Array.from(
    { length: Math.max(0, size - code.length - HEADER) },
    (_, at) => (at * 31 + (at >> 8)) & 0xff,
  )
  return legacyImage('program', Buffer.concat([code, filling]), LOAD)
}

/** A script as U-Boot's distribution boot looks for it. */
export function makeScript(text: string): Uint8Array {
  const script = Buffer.from(text, 'latin1')
  const length = Buffer.alloc(8)
  length.writeUInt32BE(script.length, 0)
  return legacyImage('script', Buffer.concat([length, script]), 0)
}
