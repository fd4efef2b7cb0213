import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseReply } from '../../../electron/host/protocol/fastboot/reply.ts'
import { agreedPacket, parsePacket, queryAnswer } from '../../../electron/host/protocol/fastboot/udp-packet.ts'
import { fastbootInterface } from '../../../electron/host/protocol/fastboot/usb-interface.ts'
import { isAppError } from '../../../shared/errors.ts'

const outcome = (work: () => unknown): string => {
  try {
    work()
    return 'fine'
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}
const ENDS = ['fine', 'device.bad-frame', 'device.incompatible']

test('whatever a device says ends in a value or in a coded error', () => {
  const said = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.constantFrom('OKAY', 'FAIL', 'INFO', 'DATA', 'TEXT'), fc.string({ maxLength: 80 }))
      .map(([tag, rest]) => new Uint8Array(Buffer.from(tag + rest, 'latin1'))),
  )
  fc.assert(
    fc.property(said, (bytes) => {
      expect(ENDS).toContain(outcome(() => parseReply(bytes)))
    }),
  )
})

test('and so does every packet', () => {
  const packet = fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.uint8Array({ maxLength: 60 }))
    .map(([id, rest]) => Uint8Array.of(id, ...rest))
  fc.assert(
    fc.property(packet, (bytes) => {
      expect(ENDS).toContain(outcome(() => queryAnswer(parsePacket(bytes))))
      expect(ENDS).toContain(outcome(() => agreedPacket(parsePacket(bytes), 1472)))
    }),
  )
})

test('and every configuration descriptor', () => {
  const body = fc.array(
    fc.oneof(
      fc.constantFrom([9, 4, 0, 0, 2, 255, 66, 3, 0], [7, 5, 129, 2, 0, 2, 0], [7, 5, 1, 2, 0, 2, 0]),
      fc.array(fc.nat(255), { maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(body, fc.nat(100), (parts, cut) => {
      const flat = parts.flat()
      const total = 9 + Math.max(0, flat.length - (cut % 3))
      const bytes = Uint8Array.of(9, 2, total & 0xff, total >> 8, 1, 1, 0, 0x80, 50, ...flat)
      expect(ENDS).toContain(outcome(() => fastbootInterface(bytes)))
    }),
  )
})
