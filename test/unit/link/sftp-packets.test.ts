import { expect, test } from 'vitest'
import { freeOf, parseSftpAnswer, sftpPacket, sftpSplitter } from '../../../electron/host/link/sftp-packets.ts'

const bodyOf = (type: number, ...fields: Parameters<typeof sftpPacket>[1]) => sftpPacket(type, fields).subarray(4)

test('answers come in whatever pieces the line makes of them', () => {
  const packets = [
    bodyOf(101, 7, 0, 'Success', ''),
    bodyOf(102, 8, Buffer.from('h')),
    bodyOf(105, 9, 1, 4_294_967_296n),
  ]
  const bytes = Buffer.concat([
    sftpPacket(101, [7, 0, 'Success', '']),
    sftpPacket(102, [8, Buffer.from('h')]),
    sftpPacket(105, [9, 1, 4_294_967_296n]),
  ])
  for (const step of [1, 3, 5, 1000]) {
    const split = sftpSplitter()
    const came: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += step) came.push(...split(bytes.subarray(at, at + step)))
    expect(came.map((packet) => Buffer.from(packet))).toEqual(packets)
  }
  expect(packets.map(parseSftpAnswer)).toEqual([
    { type: 'status', id: 7, code: 0, message: 'Success' },
    { type: 'handle', id: 8, handle: new Uint8Array([104]) },
    { type: 'attrs', id: 9, size: 4_294_967_296 },
  ])
})

test('a server says what it has beyond the standard, or nothing', () => {
  expect(parseSftpAnswer(bodyOf(2, 3, 'fsync@openssh.com', '1'))).toEqual({
    type: 'version',
    extensions: new Set(['fsync@openssh.com']),
  })
  expect(parseSftpAnswer(bodyOf(2, 3))).toEqual({ type: 'version', extensions: new Set() })
  // statvfs: blocks of 4096, of which 5 are free for us; 9 for the system itself.
  const numbers = [1024n, 4096n, 100n, 9n, 5n, 1n, 1n, 1n, 0n, 0n, 255n]
  expect(freeOf(bodyOf(201, ...numbers).subarray(1))).toBe(5 * 4096)
})

test.each([
  ['an answer without its end', bodyOf(101, 1, 0, 'Success').subarray(0, 12)],
  ['a version that is older than ours', bodyOf(2, 2)],
  ['a size without its bytes', bodyOf(105, 1, 1)],
])('%s is no answer', (_, packet) => {
  expect(() => parseSftpAnswer(packet)).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
})

test('an answer longer than any is not waited for', () => {
  expect(() => sftpSplitter()(Buffer.from('SSH-'))).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
  expect(() => sftpSplitter()(Buffer.alloc(4))).toThrow(expect.objectContaining({ code: 'device.bad-frame' }))
})
