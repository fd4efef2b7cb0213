import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readDfuse } from '../../../electron/host/artifact/dfu/dfuse.ts'
import { type DfuSuffix, readDfuSuffix } from '../../../electron/host/artifact/dfu/suffix.ts'
import { identify } from '../../../electron/host/artifact/identify.ts'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import { makeDfu, makeDfuse } from '../../fixtures/artifacts/makers.ts'
import { mendDfu } from '../../fixtures/artifacts/mend.ts'

const data = Buffer.from('deadbeef', 'hex')
const one = makeDfuse([{ alternate: 0, name: 'ST...', elements: [{ address: 0x08000000, bytes: data }] }])

test('the suffixes of the protocol sheet, to the byte', async () => {
  expect(makeDfu(Buffer.alloc(0)).toString('hex')).toBe('ffff11df83040001554644107ca427be')
  expect(makeDfu(Buffer.from('123456789')).toString('hex').slice(-10)).toBe('108b1e3939')
  expect(await readDfuSuffix(memorySource(makeDfu(Buffer.alloc(16))))).toEqual({
    device: 0xffff,
    product: 0xdf11,
    vendor: 0x0483,
    dfuVersion: 0x0100,
    length: 16,
    crc: 0x458215fa,
  })
})

test('the DfuSe file of the protocol sheet', async () => {
  expect(one).toHaveLength(313)
  expect(createHash('sha256').update(one).digest('hex')).toBe(
    '8eacb51f1ff46839b8e87c3d461c05c9c77da5ef542133aa4869d82222e6b697',
  )
  const source = memorySource(one)
  const suffix = await readDfuSuffix(source)
  expect(await readDfuse(source, suffix as DfuSuffix)).toEqual([
    { alternate: 0, name: 'ST...', elements: [{ address: 0x08000000, offset: 293, length: 4 }] },
  ])
  expect(await identify(source)).toBe('dfuse')
  expect((await inspect(source, 'dfuse', [])).facts).toEqual([
    { name: 'usb-id', value: '0483:df11' },
    { name: 'dfu-version', value: '1.1a' },
    { name: 'target', value: '0 ST...' },
    { name: 'memory-area', value: '0x08000000 + 4 B' },
  ])
})

test('a turned bit fails the CRC', async () => {
  const bytes = makeDfu(Buffer.alloc(100))
  bytes[50] = 1
  await expect(inspect(memorySource(bytes), 'dfu', [])).rejects.toMatchObject({ code: 'artifact.corrupt' })
})

test('the image inside tells its version', async () => {
  const image = makeMcuboot({ version: '3.1.4', body: Buffer.alloc(100) })
  for (const [kind, bytes] of [
    ['dfu', makeDfu(image)],
    ['dfuse', makeDfuse([{ alternate: 0, name: '', elements: [{ address: 0, bytes: image }] }])],
  ] as const) {
    expect(await inspect(memorySource(bytes), kind, [])).toMatchObject({ kind, version: '3.1.4' })
  }
})

test('bytes that only start like an image are told as such', async () => {
  const dump = Buffer.concat([makeMcuboot({ version: '1.0.0', body: Buffer.alloc(10) }), Buffer.alloc(100, 0xff)])
  expect((await inspect(memorySource(makeDfu(dump)), 'dfu', [])).facts).toContainEqual({
    name: 'unread',
    value: 'mcuboot: bytes-after-image',
  })
})

/** [what is wrong, where, value, reason] */
test.each([
  ['the length of the whole', 6, 400, 'dfuse-length'],
  ['the length of a target', 11 + 266, 11, 'dfuse-element'],
  ['the length of a target, too long', 11 + 266, 0xfffffff0, 'dfuse-target'],
  ['more elements than there are', 11 + 270, 2, 'dfuse-element'],
  ['endlessly many elements', 11 + 270, 0xffffffff, 'dfuse-target'],
  ['the length of an element', 11 + 274 + 4, 5, 'dfuse-element'],
  ['an address beyond the end of memory', 11 + 274, 0xffffffff, 'dfuse-element'],
] as const)('DfuSe: %s', async (_, at, value, reason) => {
  const bytes = Buffer.from(one)
  bytes.writeUInt32LE(value, at)
  await expect(inspect(memorySource(mendDfu(bytes)), 'dfuse', [])).rejects.toMatchObject({
    code: 'artifact.unreadable',
    detail: { reason },
  })
})
