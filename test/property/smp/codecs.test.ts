import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBody } from '../../../electron/host/protocol/smp/body.ts'
import { ConsoleDecoder, encodeConsole } from '../../../electron/host/protocol/smp/console-framing.ts'
import { slotsOf } from '../../../electron/host/protocol/smp/image.ts'
import { decodePacket, encodePacket, splitPacket } from '../../../electron/host/protocol/smp/packet.ts'
import { refusalError, refusalIn } from '../../../electron/host/protocol/smp/refusal.ts'
import { codedOrFine } from '../../fixtures/coded-or-fine.ts'

const body = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.uint8Array({ maxLength: 40 })),
  { maxKeys: 6 },
)

test('what is encoded is what is decoded', () => {
  fc.assert(
    fc.property(
      fc.record({
        version: fc.constantFrom(1 as const, 2 as const),
        op: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
        group: fc.nat(0xffff),
        seq: fc.nat(255),
        id: fc.nat(255),
        body,
      }),
      (packet) => {
        const decoded = decodePacket(encodePacket(packet))
        expect({ ...decoded, body: { ...decoded.body } }).toEqual({ ...packet, body: { ...packet.body } })
      },
    ),
  )
})

test('any bytes are a value or a coded error', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(fc.property(bytes, (raw) => codedOrFine(() => decodePacket(raw))))
  fc.assert(fc.property(bytes, (raw) => codedOrFine(() => splitPacket(raw))))
  fc.assert(
    fc.property(bytes, (raw) =>
      codedOrFine(() => {
        const decoded = decodeBody(raw)
        const refusal = refusalIn(decoded)
        if (refusal) refusalError(refusal, { group: 1, id: 1 })
        slotsOf(decoded)
      }),
    ),
  )
})

test('any map is an image list or a coded error', () => {
  const value = fc.oneof(fc.anything({ maxDepth: 2 }), fc.uint8Array({ maxLength: 40 }))
  const image = fc.dictionary(fc.constantFrom('image', 'slot', 'version', 'hash', 'active', 'pending'), value)
  fc.assert(fc.property(fc.array(image, { maxLength: 4 }), (images) => codedOrFine(() => slotsOf({ images }))))
})

const log = fc
  .string({ unit: 'grapheme-ascii', maxLength: 60 })
  .map((line) => line.replaceAll(/[\n\r]/g, ''))
  .filter((line) => line !== '')

test('packets survive log noise between frames, prompts before them, and pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ packet: fc.uint8Array({ maxLength: 400 }), logs: fc.array(log, { maxLength: 2 }), prompt: log }),
      ),
      fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
      fc.boolean(),
      (items, sizes, crlf) => {
        const wire: Buffer[] = []
        const lines: string[] = []
        for (const { packet, logs, prompt } of items) {
          for (const line of logs) wire.push(Buffer.from(`${line}\r\n`))
          const frames = Buffer.from(encodeConsole(packet)).toString('latin1')
          // A log line may also stand between two frames of one packet.
          const noisy = frames.replace('\n', () => `\n${prompt}\n`)
          wire.push(Buffer.from(`${prompt}${crlf ? noisy.replaceAll('\n', '\r\n') : noisy}`, 'latin1'))
          lines.push(...logs, prompt, prompt)
        }
        const bytes = Buffer.concat(wire)
        const decoder = new ConsoleDecoder()
        const [packets, text]: [Uint8Array[], string[]] = [[], []]
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value ?? 1
          const out = decoder.push(bytes.subarray(at, at + size))
          packets.push(...out.packets)
          text.push(...out.text)
          at += size
        }
        expect(packets.map((p) => Buffer.from(p).toString('hex'))).toEqual(
          items.map(({ packet }) => Buffer.from(packet).toString('hex')),
        )
        expect(text).toEqual(lines)
      },
    ),
  )
})

test('a damaged frame never becomes another packet', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (packet, at, flip) => {
        const wire = encodeConsole(packet)
        const index = at % wire.length
        wire[index] = (wire[index] ?? 0) ^ flip
        const { packets } = new ConsoleDecoder().push(Buffer.concat([wire, Buffer.from('\n')]))
        for (const got of packets) expect(Buffer.from(got).equals(Buffer.from(packet))).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

test('any bytes on the console are text or packets, and the decoder recovers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6000 }), (noise) => {
      const decoder = new ConsoleDecoder()
      decoder.push(noise)
      const packet = Uint8Array.of(1, 2, 3)
      const out = decoder.push(Buffer.concat([Buffer.from('\n'), encodeConsole(packet)]))
      expect(out.packets.at(-1)).toEqual(packet)
    }),
  )
})
