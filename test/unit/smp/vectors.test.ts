import { expect, test } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { crc16 } from '../../../electron/host/protocol/crc16.ts'
import { decodeBody } from '../../../electron/host/protocol/smp/body.ts'
import { chunkSize } from '../../../electron/host/protocol/smp/chunk.ts'
import { ConsoleDecoder, encodeConsole } from '../../../electron/host/protocol/smp/console-framing.ts'
import { decodePacket, encodePacket, type SmpPacket } from '../../../electron/host/protocol/smp/packet.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('CRC-16/XMODEM check value', () => {
  expect(crc16(Buffer.from('123456789'))).toBe(0x31c3)
})

// Each was computed twice, by independent implementations (facts of the protocol sheet, 1.10).
const VECTORS: [name: string, packet: SmpPacket, bytes: string, crc: number, base64: string | null][] = [
  [
    'echo, version 1',
    { version: 1, op: 2, group: 0, seq: 1, id: 0, body: { d: 'hello' } },
    '0200000900000100 a161646568656c6c6f',
    0xfd26,
    'ABMCAAAJAAABAKFhZGVoZWxsb/0m',
  ],
  [
    'echo, version 2',
    { version: 2, op: 2, group: 0, seq: 1, id: 0, body: { d: 'hello' } },
    '0a00000900000100 a161646568656c6c6f',
    0x7a36,
    'ABMKAAAJAAABAKFhZGVoZWxsb3o2',
  ],
  [
    'params',
    { version: 2, op: 0, group: 0, seq: 0x42, id: 6, body: {} },
    '0800000100004206 a0',
    0x00de,
    'AAsIAAABAABCBqAA3g==',
  ],
  [
    'image list',
    { version: 1, op: 0, group: 1, seq: 7, id: 0, body: {} },
    '0000000100010700 a0',
    0x036e,
    'AAsAAAABAAEHAKADbg==',
  ],
  ['reset', { version: 2, op: 2, group: 0, seq: 0, id: 5, body: {} }, '0a00000100000005 a0', 0xe027, null],
]

test.each(VECTORS)('%s', (_, packet, bytes, crc, base64) => {
  const encoded = encodePacket(packet)
  expect(toHex(encoded)).toBe(toHex(hex(bytes)))
  expect(crc16(encoded)).toBe(crc)
  expect(decodePacket(encoded)).toEqual(packet)
  if (base64 === null) return
  expect(toHex(encodeConsole(encoded))).toBe(`0609${Buffer.from(base64).toString('hex')}0a`)
})

test('a packet of 100 bytes takes two lines', () => {
  const packet = Buffer.concat([hex('0200005c00010001'), Uint8Array.from({ length: 92 }, (_, i) => i)])
  expect(crc16(packet)).toBe(0x1987)
  const wire = encodeConsole(packet)
  expect(wire.length).toBe(146)
  expect(sha256Hex(wire)).toBe('c1159ad99a787b190af9b6677a39adc8d9c4457d9830361e8756d81197455c57')
  const lines = Buffer.from(wire).toString('latin1').split('\n')
  expect(lines[1]).toBe('\u0004\u0014U1RVVldYWVpbGYc=')
  expect(Math.max(...lines.map((line) => line.length + 1))).toBeLessThanOrEqual(127)
  expect(new ConsoleDecoder().push(wire).packets.map(toHex)).toEqual([toHex(packet)])
})

test('a map of indefinite length, as Zephyr sends it', () => {
  expect(decodeBody(hex('bf62726308ff'))).toEqual({ rc: 8 })
})

test('a key that comes twice is refused', () => {
  expect(() => decodeBody(hex('a2 627263 00 627263 08'))).toThrowError(/bad-frame/)
})

test('nesting that would exhaust the stack is refused', () => {
  const deep = new Uint8Array(60_000).fill(0x81)
  expect(() => decodeBody(deep)).toThrowError(/bad-frame/)
})

test('a key named __proto__ is a key', () => {
  const body = decodeBody(hex('a1 69 5f5f70726f746f5f5f a1 61 78 01'))
  expect(Object.keys(body)).toEqual(['__proto__'])
  expect(({} as { x?: number }).x).toBeUndefined()
})

test('chunk sizes follow from the encoding', () => {
  const sha = new Uint8Array(32)
  // 384-byte buffer: 315 bytes fit in chunk 0 and 358 later; offsets stay multiples of 32.
  expect(chunkSize(384, { len: 70_000, off: 0, sha }, 315)).toBe(315)
  expect(chunkSize(384, { len: 70_000, off: 0, sha }, 316)).toBe(288)
  expect(chunkSize(384, { off: 65_536 }, 358)).toBe(358)
  expect(chunkSize(384, { off: 65_536 }, 359)).toBe(352)
  expect(() => chunkSize(90, { len: 70_000, off: 0, sha }, 1000)).toThrowError(/buffer-too-small/)
})

test('every chunk fills its packet as far as whole words go, and never more', () => {
  for (let limit = 120; limit < 2100; limit += 7) {
    const fields = { off: 70_000 }
    const packet = (size: number) =>
      encodePacket({ version: 1, op: 2, group: 1, seq: 0, id: 1, body: { ...fields, data: new Uint8Array(size) } })
    const size = chunkSize(limit, fields, 1_000_000)
    expect(packet(size).length).toBeLessThanOrEqual(limit)
    expect(packet(size + 32).length).toBeGreaterThan(limit)
  }
})
