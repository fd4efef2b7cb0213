import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeVendor } from '../../../electron/host/device/drivers/dfu/read.ts'
import { dfuInterface, stringOf } from '../../../electron/host/protocol/dfu/descriptors.ts'
import { groundFor, parseLayout, type Sectors } from '../../../electron/host/protocol/dfu/layout.ts'
import { parseStatus } from '../../../electron/host/protocol/dfu/status.ts'
import { configurationDescriptor, stringDescriptor } from '../../../electron/sim/usb/descriptors.ts'
import { codedOrFine } from '../../fixtures/coded-or-fine.ts'

const bytes = fc.uint8Array({ maxLength: 300 })
const face = fc.record({
  vid: fc.nat(0xffff),
  pid: fc.nat(0xffff),
  release: fc.nat(0xffff),
  strings: fc.constant(['a', 'b', 'c']),
  protocol: fc.constantFrom(1 as const, 2 as const),
  memories: fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 6 }),
  attributes: fc.nat(15),
  transferSize: fc.integer({ min: 1, max: 0xfffe }),
  version: fc.nat(0xffff),
})

test('a configuration descriptor that a device makes is read as it was meant', () => {
  fc.assert(
    fc.property(face, (made) => {
      const read = dfuInterface(configurationDescriptor(made))
      expect(read).toMatchObject({
        protocol: made.protocol,
        functional: {
          canDownload: (made.attributes & 1) !== 0,
          canUpload: (made.attributes & 2) !== 0,
          manifestationTolerant: (made.attributes & 4) !== 0,
          willDetach: (made.attributes & 8) !== 0,
          transferSize: made.transferSize,
          version: made.version,
        },
      })
      expect(read?.alternates.map(({ alternate }) => alternate)).toEqual(made.memories.map((_, at) => at))
      for (const [at, name] of made.memories.entries()) {
        expect(stringOf(stringDescriptor(made, 4 + at) ?? new Uint8Array())).toBe(name)
      }
    }),
  )
})

test('a descriptor that was cut off or damaged anywhere is a value or a coded error', () => {
  fc.assert(
    fc.property(
      face,
      fc.nat(400),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      (made, cut, hits) => {
        const damaged = configurationDescriptor(made).slice(0, cut)
        for (const [at, byte] of hits) if (at < damaged.length) damaged[at] = byte
        return codedOrFine(() => dfuInterface(damaged))
      },
    ),
  )
})

test('any bytes are a descriptor, a string, a status, a value, or a coded error', () => {
  const runs = { numRuns: 2000 }
  fc.assert(
    fc.property(bytes, (raw) => codedOrFine(() => dfuInterface(raw))),
    runs,
  )
  fc.assert(
    fc.property(bytes, (raw) => codedOrFine(() => dfuInterface(Uint8Array.of(9, 2, ...raw)))),
    runs,
  )
  fc.assert(
    fc.property(bytes, (raw) => codedOrFine(() => stringOf(raw))),
    runs,
  )
  fc.assert(
    fc.property(bytes, (raw) => codedOrFine(() => parseStatus(raw))),
    runs,
  )
  const kinds = fc.constantFrom('text' as const, 'u8' as const, 'i16' as const, 'u32' as const)
  fc.assert(
    fc.property(bytes, kinds, (raw, as) => codedOrFine(() => decodeVendor(raw, as))),
    runs,
  )
})

test('a status is six bytes, with a state and a status that exist', () => {
  const whole = fc.tuple(fc.nat(15), fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(10), fc.nat(255))
  fc.assert(
    fc.property(whole, ([status, low, middle, high, state, text]) => {
      const read = parseStatus(Uint8Array.of(status, low, middle, high, state, text))
      expect(read).toEqual({ status, state, pollMs: low + middle * 256 + high * 65_536 })
    }),
  )
  const other = fc
    .uint8Array({ maxLength: 8 })
    .filter((raw) => raw.length !== 6 || (raw[0] ?? 99) > 15 || (raw[4] ?? 99) > 10)
  fc.assert(
    fc.property(other, (raw) => {
      expect(() => parseStatus(raw)).toThrow('device.bad-frame')
    }),
  )
  expect(parseStatus(Uint8Array.of(0, 0x68, 0, 0, 4, 0))).toEqual({ status: 0, pollMs: 104, state: 4 })
})

const LETTERS = 'abcdefg'
const run = fc.record({
  count: fc.integer({ min: 1, max: 999 }),
  size: fc.integer({ min: 1, max: 999 }),
  unit: fc.constantFrom('', ' ', 'B', 'K'),
  kind: fc.constantFrom(...LETTERS.split('')),
})

test('a layout is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), fc.nat(0x4000_0000), (runs, base) => {
      const text = runs.map(({ count, size, unit, kind }) => `${count}*${size}${unit}${kind}`).join(',')
      const found = parseLayout(`@Internal Flash  /0x${base.toString(16).padStart(8, '0')}/${text}`)
      let from = base
      expect(found).toEqual(
        runs.map(({ count, size, unit, kind }): Sectors => {
          const bits = LETTERS.indexOf(kind) + 1
          const sectors = { from, count, size: size * (unit === 'K' ? 1024 : 1) }
          from += sectors.count * sectors.size
          return {
            ...sectors,
            readable: (bits & 1) !== 0,
            erasable: (bits & 2) !== 0,
            writable: (bits & 4) !== 0,
          }
        }),
      )
    }),
  )
})

test('real names of memories, and names that describe none', () => {
  expect(parseLayout('@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg').map(({ size }) => size)).toEqual([
    16_384, 65_536, 131_072,
  ])
  expect(parseLayout('@OTP Memory /0x1FFF7800/01*512 e,01*016 e')[0]).toMatchObject({ size: 512, erasable: false })
  expect(parseLayout('@Two /0x0/1*1Ka/0x1000/2*2Kg').map(({ from }) => from)).toEqual([0, 0x1000])
  for (const name of [
    '',
    'Firmware',
    '@',
    '@x',
    '@x/0x0',
    '@x/0x0/',
    '@x/0x0/0*1Kg',
    '@x/0x0/1*0Kg',
    '@x/0x0/1*1Kh',
    '@x/0xFFFFFFFF/9*9Mg',
    '@x/0x0/1*1Kg/',
  ]) {
    expect(() => parseLayout(name), name).toThrow('device.bad-frame')
  }
})

test('any text is a layout or a coded error, and soon', () => {
  const piece = fc.constantFrom('@', '/', '0x08000000', '04*016Kg', ',', '*', '999', 'K', 'g', ' ', 'é')
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (name) => codedOrFine(() => parseLayout(name))),
    { numRuns: 3000 },
  )
})

test('what is erased covers what is written, sector by sector, and nothing else', () => {
  const layout = parseLayout('@Flash /0x08000000/04*016Kg,01*064Kg,07*128Kg')
  const total = 4 * 16_384 + 65_536 + 7 * 131_072
  fc.assert(
    fc.property(fc.nat(total - 1), fc.integer({ min: 1, max: total }), (offset, wanted) => {
      const address = 0x0800_0000 + offset
      const length = Math.min(wanted, total - offset)
      expect(() => groundFor(layout, address, total - offset + 1)).toThrow('outside-memory')
      const { erase } = groundFor(layout, address, length)
      const all = layout.flatMap(({ from, count, size }) =>
        Array.from({ length: count }, (_, at) => ({ from: from + at * size, to: from + (at + 1) * size })),
      )
      expect(erase).toEqual(
        all.filter(({ from, to }) => to > address && from < address + length).map(({ from }) => from),
      )
    }),
  )
})

test('memory that cannot be written, a gap, and memory that need not be erased', () => {
  const layout = parseLayout('@Mixed /0x1000/1*4Ka,1*4Kg/0x4000/1*4Kd')
  expect(() => groundFor(layout, 0x1000, 8)).toThrow('not-writable')
  expect(() => groundFor(layout, 0x2000, 0x1001)).toThrow('outside-memory')
  expect(() => groundFor(layout, 0x0800, 8)).toThrow('outside-memory')
  expect(groundFor(layout, 0x2000, 0x1000)).toEqual({ erase: [0x2000], readable: true })
  expect(groundFor(layout, 0x4000, 8)).toEqual({ erase: [], readable: false })
})
