import { expect, test } from 'vitest'
import { encodeBatchEnd, encodeBlock, encodeHeader } from '../../../electron/host/protocol/ymodem/blocks.ts'

const tail = (block: Uint8Array) => Buffer.from(block.subarray(-2)).readUInt16BE()
const start = (block: Uint8Array) => Buffer.from(block.subarray(0, 3)).toString('hex')

// Each CRC was computed twice, by independent implementations (facts of the protocol sheet, 3).
test('block 0 names the file and its length', () => {
  const header = encodeHeader('foo.bin', 1234, 'crc')
  expect(header).toHaveLength(133)
  expect(start(header)).toBe('0100ff')
  expect(Buffer.from(header.subarray(3, 17)).toString('latin1')).toBe('foo.bin\x001234\0\0')
  expect(tail(header)).toBe(0x8c00)
})

test('data blocks: number and its complement, padding, CRC', () => {
  const small = encodeBlock(1, Buffer.from('hello'), 128, 'crc')
  expect(start(small)).toBe('0101fe')
  expect(small[3 + 127]).toBe(0x1a)
  expect(tail(small)).toBe(0x7490)
  const ramp = Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff)
  const large = encodeBlock(1, ramp, 1024, 'crc')
  expect(large).toHaveLength(1029)
  expect(start(large)).toBe('0201fe')
  expect(tail(large)).toBe(0xc2e0)
  expect(start(encodeBlock(256, ramp, 1024, 'crc'))).toBe('0200ff')
})

test('a receiver that asks with NAK gets a one-byte sum', () => {
  const block = encodeBlock(2, Uint8Array.of(1, 2, 3), 128, 'sum')
  expect(block).toHaveLength(132)
  expect(block.at(-1)).toBe((6 + 125 * 0x1a) & 0xff)
})

test('the end of the batch is all zeros but for its start', () => {
  const end = encodeBatchEnd('crc')
  expect(start(end)).toBe('0100ff')
  expect(end.subarray(3).every((byte) => byte === 0)).toBe(true)
})

test.for(['', 'a b', '../x', 'a'.repeat(65), 'a\0b'])('a name that no block can carry: %j', (name) => {
  expect(() => encodeHeader(name, 1, 'crc')).toThrow('internal')
})
