import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ByteLink } from '../../../electron/host/link/link.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { type ModemFile, sendFile } from '../../../electron/host/protocol/ymodem/send.ts'
import { SEND_PATIENCE } from '../../../electron/host/protocol/ymodem/sender.ts'
import type { ModemReceiver, ReceiverOptions } from '../../../electron/sim/boot/modem-receiver.ts'
import { AppError } from '../../../shared/errors.ts'
import { clock, never } from '../../fixtures/devices/bench.ts'
import { receiveFile } from '../../fixtures/serial/modem-peer.ts'

const PATIENCE = { ...SEND_PATIENCE, start: 400, reply: 200, go: 20, eot: 200, next: 100, settle: 5 }
const DATA = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) & 0xff)
const U_BOOT: ReceiverOptions = { batch: true, habits: 'u-boot', check: 'crc' }

let stop = new AbortController()
beforeEach(() => {
  stop = new AbortController()
})
afterEach(() => stop.abort())

function fileOf(change: Partial<ModemFile> = {}): ModemFile & { readonly seen: number[] } {
  const seen: number[] = []
  return {
    protocol: 'ymodem',
    name: 'app.bin',
    length: DATA.length,
    read: async (offset, length) => DATA.subarray(offset, offset + length),
    byteMs: 0,
    patience: PATIENCE,
    clock,
    progress: (done) => seen.push(done),
    between: async () => {},
    seen,
    ...change,
  }
}

/** What the sender gave back unread is in `rest`. */
function lineOf(link: ByteLink) {
  const rest: number[] = []
  return {
    rest,
    read: (signal: AbortSignal) => link.read(signal),
    unread: (bytes: Uint8Array) => void rest.push(...bytes),
    write: (bytes: Uint8Array, signal: AbortSignal) => link.write(bytes, signal),
  }
}

function pair(options: ReceiverOptions = U_BOOT): {
  line: ReturnType<typeof lineOf>
  receiver: Promise<ModemReceiver>
  device: ByteLink
} {
  const [host, device] = memoryBytePair('sim:modem')
  return { line: lineOf(host), receiver: receiveFile(device, options, 60, stop.signal), device }
}

const RECEIVERS: ReceiverOptions[] = [
  U_BOOT,
  { batch: true, habits: 'lrzsz', check: 'crc' },
  { batch: true, habits: 'strict', check: 'sum' },
]

test.for(RECEIVERS)(
  'a YMODEM batch of one to a receiver with habits of $habits, checked by $check',
  async (options) => {
    const { line, receiver } = pair(options)
    const file = fileOf()
    await sendFile(line, file, never)
    const got = await receiver
    expect(got.state).toBe('done')
    expect([got.name, got.length]).toEqual(['app.bin', DATA.length])
    expect(Buffer.from(got.file()).equals(Buffer.from(DATA))).toBe(true)
    expect(file.seen.at(-1)).toBe(DATA.length)
  },
)

test.for(['xmodem', 'xmodem-1k'] as const)('%s pads the last block and nothing else', async (protocol) => {
  const { line, receiver } = pair({ batch: false, habits: 'u-boot', check: 'crc' })
  await sendFile(line, fileOf({ protocol }), never)
  const got = Buffer.from((await receiver).file())
  expect(got.subarray(0, DATA.length).equals(Buffer.from(DATA))).toBe(true)
  expect(got.length - DATA.length).toBeLessThan(128)
  expect(got.subarray(DATA.length).every((byte) => byte === 0x1a)).toBe(true)
})

test('console text before the start is no request, whatever letters it holds', async () => {
  const [host, device] = memoryBytePair('sim:modem')
  await device.write(Buffer.from('## Ready for BINARY (CG) download to 0x41000000 at 115200 bpS...C\r\nC'), never)
  await device.write(Buffer.from('onsole says more\r\n'), never)
  const receiver = wait(30).then(() => receiveFile(device, U_BOOT, 60, stop.signal))
  await sendFile(lineOf(host), fileOf(), never)
  expect((await receiver).file()).toHaveLength(DATA.length)
})

test('what follows the last acknowledgement is left for whoever reads the console next', async () => {
  const { line, receiver, device } = pair()
  void receiver.then(() => device.write(Buffer.from('## Total Size\r\n=> '), never))
  await sendFile(line, fileOf(), never)
  await receiver
  const later = Buffer.from(await line.read(AbortSignal.timeout(500)))
  expect(Buffer.concat([Buffer.from(line.rest), later]).toString()).toContain('=> ')
})

test('a look at the machine that says no cancels the transfer on the device too', async () => {
  const { line, receiver } = pair()
  const stopped = new AppError('condition.changed-while-writing')
  const file = fileOf({
    read: async (offset, length) => {
      await wait(450)
      return DATA.subarray(offset, offset + length)
    },
    between: async () => {
      throw stopped
    },
  })
  await expect(sendFile(line, file, never)).rejects.toBe(stopped)
  expect((await receiver).state).toBe('cancelled')
})

test('an abort cancels the transfer on the device too', async () => {
  const { line, receiver } = pair()
  const abort = new AbortController()
  const file = fileOf({ progress: () => abort.abort() })
  await expect(sendFile(line, file, abort.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect((await receiver).state).toBe('cancelled')
})

test('two CANs in a row are the device that stops; one is noise', async () => {
  const [host, device] = memoryBytePair('sim:modem')
  const said: number[] = []
  const talk = (async () => {
    await device.write(Buffer.from('C'), never)
    for (const answer of [
      [0x18, 0x06, 0x43],
      [0x15, 0x18, 0x18],
    ]) {
      said.push((await device.read(never))[0] ?? 0)
      await device.write(Uint8Array.from(answer), never)
    }
  })()
  await expect(sendFile(lineOf(host), fileOf(), never)).rejects.toMatchObject({
    code: 'device.cancelled',
    detail: { at: 0, total: DATA.length },
  })
  await talk
  expect(said).toEqual([1, 2])
})

test('nobody asks; somebody falls silent; somebody only complains', async () => {
  const [host, device] = memoryBytePair('sim:modem')
  await expect(sendFile(lineOf(host), fileOf(), never)).rejects.toMatchObject({
    code: 'device.no-answer',
    detail: { reason: 'never-asked' },
  })
  await device.write(Buffer.from('C'), never)
  await expect(sendFile(lineOf(host), fileOf(), never)).rejects.toMatchObject({
    code: 'device.no-answer',
    detail: { reason: 'silent' },
  })
  await device.discardInput()
  const complain = (async () => {
    await device.write(Buffer.from('C'), never)
    while (!stop.signal.aborted) {
      const [first] = await device.read(stop.signal)
      if (first === 0x18) return
      await device.write(Uint8Array.of(0x15), never)
    }
  })()
  await expect(sendFile(lineOf(host), fileOf(), never)).rejects.toMatchObject({
    code: 'device.write-failed',
    detail: { reason: 'rejected' },
  })
  await complain
})

test('a C that was under way before the block is no complaint about it', async () => {
  const [host, device] = memoryBytePair('sim:modem')
  const blocks: number[] = []
  const talk = (async () => {
    await device.write(Buffer.from('C'), never)
    blocks.push((await device.read(never)).length)
    // An old request, read before 133 bytes can have passed a line of 1 ms a byte.
    await device.write(Buffer.from('C'), never)
    await wait(150)
    await device.write(Uint8Array.of(0x06, 0x43), never)
    blocks.push((await device.read(never)).length)
    await device.write(Uint8Array.of(0x18, 0x18), never)
  })()
  await expect(sendFile(lineOf(host), fileOf({ byteMs: 1 }), never)).rejects.toMatchObject({ code: 'device.cancelled' })
  await talk
  expect(blocks).toEqual([133, 1029])
})

test('bytes that are not all there are never sent as if they were', async () => {
  const { line, receiver } = pair()
  const file = fileOf({ read: async (offset) => DATA.subarray(offset, offset + 10) })
  await expect(sendFile(line, file, never)).rejects.toMatchObject({ code: 'artifact.corrupt' })
  expect((await receiver).state).toBe('cancelled')
})
