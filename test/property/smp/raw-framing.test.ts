import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePacket, type Op, splitPacket } from '../../../electron/host/protocol/smp/packet.ts'
import { RawDecoder } from '../../../electron/host/protocol/smp/raw-framing.ts'

const packet = fc
  .record({
    version: fc.constantFrom(1 as const, 2 as const),
    op: fc.constantFrom<Op>(0, 1, 2, 3),
    group: fc.nat(0xffff),
    seq: fc.nat(0xff),
    id: fc.nat(0xff),
    body: fc.record({ d: fc.uint8Array({ maxLength: 600 }) }),
  })
  .map(encodePacket)

test('packets come out as they went in, in pieces of any size', () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), pieces, (packets, sizes) => {
      const wire = Buffer.concat(packets)
      const decoder = new RawDecoder()
      const out: Uint8Array[] = []
      for (let at = 0, turn = 0; at < wire.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1
        out.push(...decoder.push(wire.subarray(at, at + size)))
        at += size
      }
      expect(out.map((one) => Buffer.from(one).toString('hex'))).toEqual(
        packets.map((one) => Buffer.from(one).toString('hex')),
      )
    }),
  )
})

test('whatever comes: what is let through begins as a packet does, and after silence a good one is found', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), packet, (noise, good) => {
      const decoder = new RawDecoder()
      for (const one of decoder.push(noise)) expect(splitPacket(one)?.rest).toHaveLength(0)
      decoder.forget()
      expect(decoder.push(good).map((one) => [...one])).toEqual([[...good]])
    }),
  )
})
