import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareMemory, eraseMemory, writeMemory } from '../../../electron/host/protocol/dfu/dfuse.ts'
import { compareImage, manifest, sendImage } from '../../../electron/host/protocol/dfu/download.ts'
import { type DfuTraits, type Flow, type Reply, type Step, toIdle } from '../../../electron/host/protocol/dfu/flow.ts'
import { parseStatus } from '../../../electron/host/protocol/dfu/status.ts'
import { DfuFunction, NO_DFU_FAULTS } from '../../../electron/sim/usb/dfu-function.ts'
import { Flash } from '../../../electron/sim/usb/flash.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'

const TRAITS: DfuTraits = {
  dfuse: false,
  transferSize: 64,
  ownAddresses: false,
  canUpload: true,
  manifestationTolerant: true,
  willDetach: true,
  pollMs: null,
  manifestMs: 0,
  massErase: false,
  ascending: false,
  clearStuckBusy: false,
  leaveBlock: 2,
}
const BASE = 0x0800_0000

/** A flow and a device, without clock and link between them: time passes when the flow waits. */
function drive<T>(flow: Flow<T>, answer: (step: Step) => Reply, most = 100_000): { value: T; steps: Step[] } {
  const steps: Step[] = []
  let next = flow.next()
  while (!next.done) {
    steps.push(next.value)
    expect(steps.length, 'the flow goes on for ever').toBeLessThan(most)
    next = flow.next(answer(next.value))
  }
  return { value: next.value, steps }
}

interface Model {
  readonly flash: Flash
  readonly dfu: DfuFunction
  answer(image: Uint8Array): (step: Step) => Reply
}

function model(config: { dfuse: boolean; transferSize: number; pollMs: number; tolerant?: boolean }): Model {
  let now = 0
  const flash = new Flash(BASE, 64, 512)
  const device = { canUpload: true, tolerant: true, eraseMs: 3, manifestMs: 7, ...config }
  const dfu = new DfuFunction(device, flash, 0, {
    now: () => now,
    faults: () => NO_DFU_FAULTS,
    start() {},
    losePower() {},
  })
  const refused: Reply = { ok: false, why: 'stall', error: new AppError('device.refused') }
  const ask = (request: number, value: number, length: number, data: Uint8Array, use: (got: Uint8Array) => Reply) => {
    const got = dfu.control(request, value, length, data)
    return typeof got === 'string' ? refused : use(got)
  }
  const none = new Uint8Array()
  return {
    flash,
    dfu,
    answer: (image) => (step) => {
      switch (step.do) {
        case 'status':
          return ask(3, 0, 6, none, (got) => ({ ok: true, status: parseStatus(got) }))
        case 'clear-status':
          return ask(4, 0, 0, none, () => ({ ok: true }))
        case 'abort':
          return ask(6, 0, 0, none, () => ({ ok: true }))
        case 'command':
          return ask(1, 0, step.bytes.length, step.bytes, () => ({ ok: true }))
        case 'send': {
          const data = image.subarray(step.from, step.from + step.length)
          return ask(1, step.block, data.length, data, () => ({ ok: true }))
        }
        case 'compare':
          return ask(2, step.block, step.length, none, (got) => {
            const wanted = image.subarray(step.from, step.from + step.length)
            const at = got.findIndex((byte, index) => byte !== wanted[index])
            return { ok: true, came: got.length, differsAt: at === -1 ? null : at }
          })
        case 'blank-check':
          return { ok: true, came: 0, differsAt: null }
        case 'wait':
          now += step.ms
          return { ok: true }
        case 'note':
          return { ok: true }
      }
      return step satisfies never
    },
  }
}

const image = fc.uint8Array({ minLength: 1, maxLength: 4000 })
const setting = fc.record({ transferSize: fc.integer({ min: 8, max: 512 }), pollMs: fc.constantFrom(0, 1, 40) })

test('DFU 1.1: any image of any length arrives whole, in any transfer size, and is read back', () => {
  fc.assert(
    fc.property(image, setting, fc.boolean(), (bytes, { transferSize, pollMs }, tolerant) => {
      const device = model({ dfuse: false, transferSize, pollMs, tolerant })
      const traits = { ...TRAITS, transferSize, manifestationTolerant: tolerant }
      const answer = device.answer(bytes)
      drive(sendImage(bytes.length, traits), answer)
      const { value } = drive(manifest(traits), answer)
      expect(value).toBe(tolerant ? 'idle' : 'wants-reset')
      expect(Buffer.compare(device.flash.read(BASE, bytes.length), bytes)).toBe(0)
      const readBack = tolerant && drive(compareImage(bytes.length, traits), answer).value
      expect(readBack).toBe(tolerant && 'same')
    }),
  )
})

test('DfuSe: any image arrives whole anywhere in the memory, written only where it was erased, read back', () => {
  fc.assert(
    fc.property(image, setting, fc.nat(8000), fc.boolean(), fc.boolean(), (bytes, set, offset, ascending, own) => {
      const { transferSize, pollMs } = set
      const device = model({ dfuse: true, transferSize, pollMs })
      // What was there before is not erased: writing over it would fail.
      device.flash.bytes.fill(0x00)
      const traits = { ...TRAITS, dfuse: true, transferSize, ascending, ownAddresses: own }
      const address = BASE + offset
      const first = Math.floor(offset / 512)
      const last = Math.floor((offset + bytes.length - 1) / 512)
      const erase = Array.from({ length: last - first + 1 }, (_, at) => BASE + (first + at) * 512)
      const target = { address, offset: 0, length: bytes.length }
      const answer = device.answer(bytes)
      drive(eraseMemory(erase, traits), answer)
      const { steps } = drive(writeMemory(target, traits), answer)
      expect(Buffer.compare(device.flash.read(address, bytes.length), bytes)).toBe(0)
      const sent = steps.filter((step) => step.do === 'send')
      expect(sent.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length)
      // Whatever comes last, an image that was cut off before has no beginning.
      expect(sent.at(ascending ? 0 : -1)?.from).toBe(0)
      expect(drive(compareMemory(target, traits), answer).value).toBe('same')
    }),
  )
})

test('one bit that is not what was sent is found by reading back', () => {
  fc.assert(
    fc.property(image, fc.nat(), fc.nat(7), fc.boolean(), (bytes, where, bit, dfuse) => {
      const device = model({ dfuse, transferSize: 64, pollMs: 0 })
      const traits = { ...TRAITS, dfuse }
      const at = where % bytes.length
      const answer = device.answer(bytes)
      const target = { address: BASE, offset: 0, length: bytes.length }
      if (dfuse) drive(writeMemory(target, traits), answer)
      else {
        drive(sendImage(bytes.length, traits), answer)
        drive(manifest(traits), answer)
      }
      device.flash.bytes[at] = (device.flash.bytes[at] ?? 0) ^ (1 << bit)
      const compare = () => drive(dfuse ? compareMemory(target, traits) : compareImage(bytes.length, traits), answer)
      expect(compare).toThrow(`"reason":"read-back-differs","at":${at}}`)
    }),
  )
})

/** Whatever a device says, in any order. */
const anyReply = fc.oneof(
  fc.record({
    ok: fc.constant(true as const),
    status: fc.record({
      status: fc.nat(15),
      pollMs: fc.constantFrom(0, 1, 500, 0xffffff),
      state: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) as fc.Arbitrary<2>,
    }),
  }),
  fc.record({
    ok: fc.constant(false as const),
    why: fc.constantFrom('stall' as const, 'silent' as const, 'gone' as const),
    error: fc.constantFrom(new AppError('link.lost'), new AppError('device.refused'), new AppError('link.timeout')),
  }),
)

test('a device that says anything ends every flow in a value or a coded error, in bounded time and steps', () => {
  const flows = (length: number, traits: DfuTraits): readonly (() => Flow<unknown>)[] => {
    const target = { address: BASE, offset: 0, length }
    return [
      () => toIdle(traits),
      () => sendImage(length, traits),
      () => manifest(traits),
      () => compareImage(length, traits),
      () => eraseMemory([BASE, BASE + 512], { ...traits, dfuse: true }),
      () => writeMemory(target, { ...traits, dfuse: true }),
      () => compareMemory(target, { ...traits, dfuse: true }),
    ]
  }
  fc.assert(
    fc.property(
      fc.array(anyReply, { minLength: 1, maxLength: 40 }),
      fc.nat(6),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (script, which, length, clearStuckBusy) => {
        let [at, waited] = [0, 0]
        const say = (step: Step): Reply => {
          if (step.do === 'wait') waited += step.ms
          if (step.do === 'wait' || step.do === 'note') return { ok: true }
          if (step.do === 'compare') return { ok: true, came: step.length, differsAt: null }
          const reply = script[at % script.length]
          at += 1
          if (!reply) return { ok: true }
          return reply.ok && step.do !== 'status' ? { ok: true } : reply
        }
        try {
          drive(flows(length, { ...TRAITS, clearStuckBusy })[which]?.() ?? toIdle(TRAITS), say)
        } catch (error) {
          if (!isAppError(error)) throw error
        }
        // Blocks, erases and the way to idle each have their limit.
        expect(waited).toBeLessThan((length / 64 + 6) * 200_000)
      },
    ),
    { numRuns: 3000 },
  )
})

test('a memory of more blocks than a request can number gets a new address on the way', () => {
  const traits = { ...TRAITS, dfuse: true, transferSize: 8 }
  const length = 8 * 70_000
  const target = { address: BASE, offset: 0, length }
  let [pointer, highest, state] = [0, 0, 2]
  const seen = new Uint8Array(70_000)
  const wrong: Step[] = []
  const take = (step: Step): Reply => {
    if (step.do === 'command') {
      pointer = new DataView(step.bytes.buffer).getUint32(1, true)
      state = 5
    }
    if (step.do === 'send') {
      highest = Math.max(highest, step.block)
      if (pointer + (step.block - 2) * 8 !== BASE + step.from) wrong.push(step)
      seen[step.from / 8] = 1
      state = 5
    }
    if (step.do === 'status') return { ok: true, status: { status: 0, pollMs: 0, state: state as 2 } }
    return { ok: true }
  }
  drive(writeMemory(target, traits), take, 1_000_000)
  expect(wrong).toEqual([])
  expect(highest).toBe(0xffff)
  expect(seen.every((one) => one === 1)).toBe(true)
})
