import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memoriesIn, type RecordKind } from '../../../electron/host/artifact/records/inspect.ts'
import {
  flatten,
  gapsIn,
  MemoryBuilder,
  type MemoryImage,
} from '../../../electron/host/artifact/records/memory-image.ts'
import type { Uf2Family } from '../../../electron/host/artifact/records/uf2.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import { makeUf2 } from '../../fixtures/artifacts/makers.ts'
import { sample } from '../../fixtures/artifacts/samples.ts'

const text = (...lines: readonly string[]) => memorySource(Buffer.from(`${lines.join('\n')}\n`))
const END = ':00000001FF'

async function memory(source: ReturnType<typeof memorySource>, kind: RecordKind): Promise<MemoryImage> {
  const { families } = await memoriesIn(source, kind)
  return (families[0] as Uf2Family).memory
}
const addresses = ({ segments }: MemoryImage) => segments.map(({ address, bytes }) => [address, bytes.length])

test('both hex formats of one file hold the same memory', async () => {
  const [srec, hex] = await Promise.all([
    memory(memorySource(sample('gap.srec')), 'srec'),
    memory(memorySource(sample('gap.hex')), 'intel-hex'),
  ])
  expect(srec).toEqual(hex)
  expect(addresses(srec)).toEqual([
    [0x8000, 300],
    [0x18000, 300],
  ])
  expect(gapsIn(srec)).toEqual([{ address: 0x812c, length: 0xfed4 }])
  const { address, bytes } = flatten(srec)
  expect([address, bytes.length]).toEqual([0x8000, 0x10000 + 300])
  expect(Buffer.from(bytes.subarray(0, 300)).equals(sample('payload.bin'))).toBe(true)
  expect(bytes[400]).toBe(0xff)
  expect(Buffer.from(bytes.subarray(0x10000)).equals(sample('payload.bin'))).toBe(true)
})

test('Intel HEX: segment and linear addresses, CR LF, records out of order', async () => {
  const source = text(
    ':020000021000EC\r',
    ':0200000001 02FB'.replace(' ', ''),
    ':020000040001F9',
    ':02001000AABB89',
    ':02000E00CCDD47',
    END,
  )
  expect(addresses(await memory(source, 'intel-hex'))).toEqual([
    [0x10000, 2],
    [0x1000e, 4],
  ])
})

test.each([
  ['a checksum', [':0100000001FF', END], 'artifact.corrupt', undefined],
  ['no end', [':0100000001FE'], 'artifact.unreadable', 'no-end-record'],
  ['records behind the end', [END, ':0100000001FE'], 'artifact.unreadable', 'after-end'],
  ['another type', [':00000006FA', END], 'artifact.unreadable', 'record-type'],
  ['a record beyond 64 KiB', [':02FFFF0001 02FD'.replace(' ', ''), END], 'artifact.unreadable', 'record-crosses-64k'],
  ['a length that is not so', [':0200000001FD', END], 'artifact.unreadable', 'record-length'],
  ['digits that are none', [':01000000GGFE', END], 'artifact.unreadable', 'not-hex'],
  ['two records for one address', [':0100000001FE', ':0100000001FE', END], 'artifact.unreadable', 'records-overlap'],
  ['no data', [END], 'artifact.unreadable', 'no-data'],
  ['an endless line', [`:${'0'.repeat(5000)}`], 'artifact.unreadable', 'line-too-long'],
] as const)('Intel HEX is refused for %s', async (_, lines, code, reason) => {
  const error = { code, ...(reason && { detail: { reason } }) }
  await expect(inspect(text(...lines), 'intel-hex', [])).rejects.toMatchObject(error)
})

test('S-records: header, three widths of address, count, start', async () => {
  const source = text(
    'S00600004844521B',
    'S10500000102F7',
    'S206010000AABB93',
    'S30702000000CCDD4D',
    'S5030003F9',
    'S804000010EB',
  )
  const { families, header } = await memoriesIn(source, 'srec')
  expect(header).toBe('HDR')
  expect(families[0]?.memory.start).toBe(0x10)
  expect(addresses((families[0] as Uf2Family).memory)).toEqual([
    [0, 2],
    [0x10000, 2],
    [0x2000000, 2],
  ])
})

test.each([
  ['a checksum', ['S10500000102F8', 'S9030000FC'], 'artifact.corrupt', undefined],
  ['a lost record', ['S10500000102F7', 'S5030002FA'], 'artifact.corrupt', undefined],
  ['no count and no end', ['S10500000102F7'], 'artifact.unreadable', 'no-end-record'],
  ['the type that does not exist', ['S4030000FC'], 'artifact.unreadable', 'not-srec'],
  ['records behind the end', ['S10500000102F7', 'S9030000FC', 'S10500020102F5'], 'artifact.unreadable', 'after-end'],
] as const)('S-records are refused for %s', async (_, lines, code, reason) => {
  const error = { code, ...(reason && { detail: { reason } }) }
  await expect(inspect(text(...lines), 'srec', [])).rejects.toMatchObject(error)
})

const block = Buffer.alloc(256, 7)

test('UF2: blocks in any order, and other blocks than flash', async () => {
  const bytes = makeUf2([
    { address: 0x10000100, bytes: block, family: 0xe48bff56, index: 1, of: 3 },
    { address: 0x10000000, bytes: block, family: 0xe48bff56, index: 0, of: 3 },
    { address: 0, bytes: block, family: 0xe48bff56, index: 2, of: 3, flags: 1 },
  ])
  expect(addresses(await memory(memorySource(bytes), 'uf2'))).toEqual([[0x10000000, 512]])
  expect((await inspect(memorySource(bytes), 'uf2', [])).facts).toEqual([
    { name: 'family', value: '0xe48bff56' },
    { name: 'memory-area', value: '0x10000000 + 512 B' },
  ])
})

test('UF2 for two families is two memories', async () => {
  const [a, b] = [1, 2].map((family) => makeUf2([{ address: 0, bytes: block, family }])) as [Buffer, Buffer]
  const { families } = await memoriesIn(memorySource(Buffer.concat([a, b])), 'uf2')
  expect(families.map(({ id }) => id)).toEqual([1, 2])
})

test.each([
  ['a missing block', makeUf2([{ address: 0, bytes: block, of: 2 }]), 'uf2-blocks-missing'],
  [
    'a block that comes twice',
    makeUf2([
      { address: 0, bytes: block, of: 2 },
      { address: 256, bytes: block, index: 0 },
    ]),
    'uf2-block',
  ],
  ['half a block', makeUf2([{ address: 0, bytes: block }]).subarray(0, 500), 'uf2-length'],
  ['a container of files', makeUf2([{ address: 0, bytes: block, flags: 0x1000 }]), 'uf2-files'],
  ['nothing', Buffer.alloc(0), 'uf2-length'],
] as const)('UF2 is refused for %s', async (_, bytes, reason) => {
  await expect(inspect(memorySource(bytes), 'uf2', [])).rejects.toMatchObject({ detail: { reason } })
})

test('an MCUboot image in UF2 tells its version', async () => {
  const image = makeMcuboot({ version: '1.2.3', body: Buffer.alloc(100) })
  expect(await inspect(memorySource(makeUf2([{ address: 0xc000, bytes: image }])), 'uf2', [])).toMatchObject({
    version: '1.2.3',
  })
})

test('a gap that is wider than any memory is not filled', () => {
  const builder = new MemoryBuilder()
  builder.add(0, Uint8Array.of(1))
  builder.add(0x80000000, Uint8Array.of(2))
  expect(() => flatten(builder.image(null))).toThrow(/gaps-too-wide/)
})

test('whatever the order of records, memory holds each byte where it was sent', () => {
  const piece = fc.record({ slot: fc.nat(40), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) })
  fc.assert(
    fc.property(fc.uniqueArray(piece, { selector: ({ slot }) => slot, minLength: 1 }), (pieces) => {
      const builder = new MemoryBuilder()
      for (const { slot, bytes } of pieces) builder.add(slot * 64, bytes)
      const image = builder.image(null)
      const { address, bytes } = flatten(image, 0xee)
      const expected = new Map(pieces.flatMap((each) => [...each.bytes].map((byte, at) => [each.slot * 64 + at, byte])))
      const covered = image.segments.reduce((sum, segment) => sum + segment.bytes.length, 0)
      const gaps = gapsIn(image).reduce((sum, gap) => sum + gap.length, 0)
      return (
        covered === expected.size &&
        covered + gaps === bytes.length &&
        bytes.every((byte, at) => byte === (expected.get(address + at) ?? 0xee))
      )
    }),
  )
})
