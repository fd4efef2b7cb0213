import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeData, parseTftp } from '../../../electron/host/protocol/tftp/packets.ts'
import { acknowledgedBytes, TFTP_START, type TftpState, tftpTurn } from '../../../electron/host/protocol/tftp/server.ts'
import { isAppError } from '../../../shared/errors.ts'

const PORT = 2000
const request = (size: number) => new Uint8Array(Buffer.from(`\0\u0001abc\0octet\0blksize\0${size}\0`, 'latin1'))

/** A client that repeats its last word, on a network that loses and doubles. One tick each in turn. */
function transfer(file: Uint8Array, size: number, fates: readonly number[]) {
  const facts = { name: 'abc', length: file.length }
  let state: TftpState = TFTP_START
  let next = 0
  let best = 0
  const fate = () => fates[next++ % fates.length] ?? 1
  const received: Uint8Array[] = []
  let word = request(size)
  let isOver = false
  for (let tick = 0; tick < 5000 && state.phase !== 'done'; tick += 1) {
    const events = [
      ...Array.from({ length: fate() }, () => ({ kind: 'packet', port: PORT, bytes: word }) as const),
      { kind: 'silence' } as const,
    ]
    for (const event of events) {
      const turn = tftpTurn(state, facts, event)
      state = turn.state
      const done = acknowledgedBytes(state, facts)
      expect(done).toBeGreaterThanOrEqual(best)
      best = done
      if (!turn.reply || fate() === 0) continue
      const bytes =
        'bytes' in turn.reply
          ? turn.reply.bytes
          : encodeData(turn.reply.block, file.subarray(turn.reply.offset, turn.reply.offset + turn.reply.length))
      const [, opcode = 0, high = 0, low = 0] = bytes
      if (opcode === 6) word = Uint8Array.of(0, 4, 0, 0)
      if (opcode !== 3) continue
      const block = high * 256 + low
      if (block === ((received.length + 1) & 0xffff) && !isOver) {
        received.push(bytes.slice(4))
        isOver = bytes.length - 4 < size
      }
      word = Uint8Array.of(0, 4, high, low)
    }
  }
  return { state, got: Buffer.concat(received) }
}

test('whatever is lost or doubled, what arrives is the file', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 8, max: 64 }),
      fc
        .array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 40 })
        .filter((fates) => fates.filter((one) => one > 0).length * 2 > fates.length),
      (file, size, fates) => {
        const { state, got } = transfer(file, size, fates)
        if (state.phase !== 'done') return
        expect(got.equals(Buffer.from(file))).toBe(true)
      },
    ),
  )
})

function outcome(packet: Uint8Array): string {
  try {
    parseTftp(packet)
    return 'packet'
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}

test('any bytes at all end in a packet or in device.bad-frame, and harm no transfer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 0, max: 6 }), (bytes, opcode) => {
      const packet = Uint8Array.of(0, opcode, ...bytes)
      expect(['packet', 'device.bad-frame']).toContain(outcome(packet))
      const { state } = tftpTurn(
        TFTP_START,
        { name: 'abc', length: 10 },
        { kind: 'packet', port: 1, bytes: request(8) },
      )
      const after = tftpTurn(state, { name: 'abc', length: 10 }, { kind: 'packet', port: 2, bytes: packet })
      expect(after.state).toEqual(state)
    }),
  )
})
