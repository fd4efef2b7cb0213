import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EOT, encodeBatchEnd, encodeBlock, encodeHeader } from '../../../electron/host/protocol/ymodem/blocks.ts'
import {
  acknowledged,
  blockSize,
  type FileProtocol,
  isOver,
  patienceFor,
  SEND_PATIENCE,
  type SendOrder,
  type SendState,
  startSend,
  stepSend,
} from '../../../electron/host/protocol/ymodem/sender.ts'
import { ModemReceiver, type ReceiverOptions } from '../../../electron/sim/boot/modem-receiver.ts'

/** What the line does to one thing that is sent, or to the answer to it. */
type Fate = 'arrives' | 'lost' | 'flipped' | 'cut' | 'answer-lost' | 'noise-before-answer'

const bytesOf = (order: SendOrder, state: SendState, file: Uint8Array): Uint8Array => {
  const size = blockSize(state)
  switch (order) {
    case 'header':
      return encodeHeader('a.bin', file.length, state.check)
    case 'block':
      return encodeBlock(state.number, file.subarray(state.offset, state.offset + size), size, state.check)
    case 'eot':
      return Uint8Array.of(EOT)
    case 'end':
      return encodeBatchEnd(state.check)
  }
}

/** Console text without letters that mean something to a sender. */
const NOISE = Buffer.from('\r\n[ 12.5] usb 1-1: new device\r\n')

/** One transfer without time: whoever would lose patience first speaks next. */
function transfer(file: Uint8Array, protocol: FileProtocol, options: ReceiverOptions, fates: Iterator<Fate>) {
  const receiver = new ModemReceiver(options)
  let state = startSend(protocol, file.length)
  let toSender: number[] = []
  for (let steps = 0; steps < 100_000 && !isOver(state); steps += 1) {
    let byte = toSender.shift()
    // The receiver's own patience is 2 s; the sender has less while it settles, and more otherwise.
    if (byte === undefined && patienceFor(state, SEND_PATIENCE) > 2000 && !receiver.over) {
      toSender = [...receiver.silence()]
      byte = toSender.shift()
    }
    const step = stepSend(state, byte === undefined ? { type: 'silence' } : { type: 'byte', byte, early: false })
    state = step.state
    if (!step.order) continue
    const fate = fates.next().value as Fate
    const sent = Uint8Array.from(bytesOf(step.order, state, file))
    if (fate === 'flipped') sent[Math.floor(sent.length / 2)] = (sent[Math.floor(sent.length / 2)] ?? 0) ^ 0x10
    const arriving = fate === 'lost' ? [] : fate === 'cut' ? sent.subarray(0, sent.length / 2) : sent
    const answers = [...arriving].flatMap((one) => [...receiver.take(one)])
    toSender = fate === 'answer-lost' ? [] : fate === 'noise-before-answer' ? [...NOISE, ...answers] : answers
  }
  return { state, receiver }
}

// The large ones make block numbers start again from 0.
const files = fc.oneof(
  { weight: 30, arbitrary: fc.uint8Array({ maxLength: 5000 }) },
  { weight: 1, arbitrary: fc.nat(3000).map((more) => new Uint8Array(262_000 + more).map((_, at) => at % 251)) },
)
const receivers = fc.record({
  habits: fc.constantFrom('u-boot' as const, 'lrzsz' as const, 'strict' as const),
  check: fc.constantFrom('crc' as const, 'sum' as const),
})
const protocols = fc.constantFrom('xmodem' as const, 'xmodem-1k' as const, 'ymodem' as const)
const fate = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Fate>('arrives') },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('lost', 'flipped', 'cut', 'answer-lost', 'noise-before-answer') },
)

const received = (protocol: FileProtocol, receiver: ModemReceiver, file: Uint8Array) =>
  Buffer.from(protocol === 'ymodem' ? receiver.file() : receiver.file().subarray(0, file.length))

test('what the sender calls done is what the receiver holds, byte for byte, whatever the line did', () => {
  fc.assert(
    fc.property(files, protocols, receivers, fc.infiniteStream(fate), (file, protocol, habits, fates) => {
      const { state, receiver } = transfer(file, protocol, { batch: protocol === 'ymodem', ...habits }, fates)
      expect(isOver(state)).toBe(true)
      if (state.phase !== 'done') return
      expect(received(protocol, receiver, file).equals(Buffer.from(file))).toBe(true)
      expect(acknowledged(state)).toBe(file.length)
    }),
    { numRuns: 100 },
  )
})

test('a line that loses something now and then still carries every file to its end', () => {
  const few = fc.array(fc.constantFrom<Fate>('lost', 'flipped', 'cut', 'answer-lost'), { maxLength: 2 })
  fc.assert(
    fc.property(files, protocols, receivers, few, fc.nat(40), (file, protocol, habits, bad, at) => {
      const fates = (function* () {
        for (let sent = 0; ; sent += 1) yield bad[sent - at] ?? 'arrives'
      })() as Iterator<Fate>
      const { state, receiver } = transfer(file, protocol, { batch: protocol === 'ymodem', ...habits }, fates)
      expect(state).toMatchObject({ phase: 'done', failure: null })
      expect(received(protocol, receiver, file).equals(Buffer.from(file))).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('whatever a receiver says, the transfer ends, and is done only when every block was acknowledged', () => {
  const anything = fc.array(
    fc.oneof(
      fc.constantFrom(0x06, 0x06, 0x06, 0x15, 0x43, 0x18, 0x47).map((byte) => ({ byte })),
      fc.nat(255).map((byte) => ({ byte })),
      fc.constant(null),
    ),
    { maxLength: 400 },
  )
  fc.assert(
    fc.property(anything, protocols, fc.nat(20_000), (said, protocol, length) => {
      let state = startSend(protocol, length)
      let [acks, last] = [0, 0]
      for (const one of said) {
        if (one?.byte === 0x06) acks += 1
        const event = one ? { type: 'byte' as const, byte: one.byte, early: false } : { type: 'silence' as const }
        const step = stepSend(state, event)
        state = step.state
        expect(acknowledged(state)).toBeGreaterThanOrEqual(last)
        expect(acknowledged(state)).toBeLessThanOrEqual(length)
        last = acknowledged(state)
      }
      expect(state.phase !== 'done' || acks > length / 1024).toBe(true)
      for (let more = 0; more < 20 && !isOver(state); more += 1) state = stepSend(state, { type: 'silence' }).state
      expect(isOver(state)).toBe(true)
    }),
  )
})
