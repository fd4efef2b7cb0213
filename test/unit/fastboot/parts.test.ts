import { expect, test } from 'vitest'
import { slotToWrite } from '../../../electron/host/device/drivers/fastboot/slots.ts'
import { sizeOf } from '../../../electron/host/device/drivers/fastboot/write.ts'
import { encodeCommand, parseReply } from '../../../electron/host/protocol/fastboot/reply.ts'
import {
  agreedPacket,
  encodePacket,
  initData,
  parsePacket,
  queryAnswer,
} from '../../../electron/host/protocol/fastboot/udp-packet.ts'
import { fastbootInterface } from '../../../electron/host/protocol/fastboot/usb-interface.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

test('answers, by the letters in front', () => {
  expect(parseReply(bytes('OKAY0.4'))).toEqual({ kind: 'okay', text: '0.4' })
  expect(parseReply(bytes('OKAY'))).toEqual({ kind: 'okay', text: '' })
  expect(parseReply(bytes('FAILno such \u001bpartition\0\0'))).toEqual({ kind: 'fail', text: 'no such ?partition' })
  expect(parseReply(bytes('INFOerasing'))).toEqual({ kind: 'info', text: 'erasing' })
  expect(parseReply(bytes('TEXTpart'))).toEqual({ kind: 'info', text: 'part' })
  expect(parseReply(bytes('DATA00001234'))).toEqual({ kind: 'data', length: 0x1234 })
  for (const bad of ['', 'OK', 'okay', 'DATA1234', 'DATA0000123g', 'NONE', `OKAY${'x'.repeat(300)}`]) {
    expect(() => parseReply(bytes(bad)), bad).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
  }
  expect(() => encodeCommand(`getvar:${'x'.repeat(60)}`)).toThrow(expect.objectContaining({ code: 'link.unsupported' }))
  expect(() => encodeCommand('flash:a\nreboot')).toThrow(expect.objectContaining({ code: 'link.unsupported' }))
})

test('the packets of the protocol description', () => {
  const nothing = new Uint8Array()
  expect(encodePacket({ kind: 'query', continues: false, sequence: 0, data: nothing })).toEqual(hex('01 00 0000'))
  expect(encodePacket({ kind: 'init', continues: false, sequence: 0x55aa, data: initData(2048) })).toEqual(
    hex('02 00 55aa 0001 0800'),
  )
  expect(encodePacket({ kind: 'fastboot', continues: true, sequence: 3, data: Uint8Array.of(9) })).toEqual(
    hex('03 01 0003 09'),
  )
  expect(queryAnswer(parsePacket(hex('01 00 0000 55aa')))).toBe(0x55aa)
  expect(agreedPacket(parsePacket(hex('02 00 55aa 0002 0400')), 1472)).toBe(1024)
  expect(agreedPacket(parsePacket(hex('02 00 55aa 0001 ffff')), 1472)).toBe(1472)
  for (const [bad, code] of [
    ['02 00 0001 0000 0400', 'device.incompatible'],
    ['02 00 0001 0001 0100', 'device.incompatible'],
    ['02 00 0001 0001', 'device.bad-frame'],
  ] as const) {
    expect(() => agreedPacket(parsePacket(hex(bad)), 1472), bad).toThrow(expect.objectContaining({ code }))
  }
  for (const bad of ['', '03', '03 00 00', '04 00 0000', 'ff 00 0000']) {
    expect(() => parsePacket(hex(bad)), bad).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
  }
})

test('the interface among others, and its endpoints', () => {
  const interfaces =
    '0904 00 00 01 03 00 00 00  07 05 83 03 0800 01  0904 02 00 03 ff 42 03 00  07 05 81 03 0800 01  07 05 82 02 0002 00  07 05 01 02 0002 00'
  const body = hex(interfaces)
  const whole = (length: number) => Uint8Array.of(9, 2, length & 0xff, length >> 8, 2, 1, 0, 0x80, 50, ...body)
  expect(fastbootInterface(whole(9 + body.length))).toEqual({ interfaceNumber: 2, input: 2, output: 1 })
  expect(fastbootInterface(whole(9 + 16))).toBeNull()
  expect(() => fastbootInterface(whole(9 + body.length - 1))).toThrow(
    expect.objectContaining({ code: 'device.bad-frame' }),
  )
  expect(() => fastbootInterface(new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
})

test('the slot that may be written', () => {
  const state = (current: string | null, a: string | null, b: string | null) => ({ current, successful: { a, b } })
  expect(slotToWrite(state('a', 'yes', 'yes'))).toBe('b')
  expect(slotToWrite(state('_b', 'no', 'yes'))).toBe('a')
  // Told to start from b, which has not run yet.
  expect(slotToWrite(state('b', 'yes', 'no'))).toBe('b')
  for (const bad of [
    state(null, 'yes', 'yes'),
    state('a', 'no', 'no'),
    state('a', null, 'yes'),
    state('c', 'yes', 'yes'),
  ]) {
    expect(() => slotToWrite(bad)).toThrow(expect.objectContaining({ code: 'device.no-slot' }))
  }
})

test('sizes as devices write them', () => {
  expect(['0x0000000010000000', '4000', '0X10', '', null, 'unknown', '0x0', '-1'].map(sizeOf)).toEqual([
    0x1000_0000,
    0x4000,
    16,
    null,
    null,
    null,
    null,
    null,
  ])
})
