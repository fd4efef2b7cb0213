import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import type { ByteLink } from '../../electron/host/link/link.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { type ModemFile, sendFile } from '../../electron/host/protocol/ymodem/send.ts'
import { SEND_PATIENCE } from '../../electron/host/protocol/ymodem/sender.ts'
import { openPtyPair } from '../../electron/sim/pty.ts'
import { AppError } from '../../shared/errors.ts'
import { clock, never } from '../fixtures/devices/bench.ts'
import { needsAll } from '../fixtures/needs.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

/** Our sender against the receivers of lrzsz, over a pseudo-terminal and the real serial port package. */
const needsLrzsz = (context: TestContext) => needsAll(context, ['rb', 'rx', 'socat'], 'apt install lrzsz socat')

/** At its end lrzsz restores the terminal, and may throw its own last acknowledgement away with that. */
const PATIENCE = { ...SEND_PATIENCE, eot: 1500, next: 1500 }
const DATA = Buffer.from(Uint8Array.from({ length: 40_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff))

async function bench(program: string, args: readonly string[]) {
  const dir = tempDir()
  const cable = await openPtyPair(dir, 'modem')
  onTestFinished(() => cable.close())
  const terminal = openSync(cable.device, 'r+')
  const receiver = spawn(program, args, { stdio: [terminal, terminal, 'ignore'], cwd: dir })
  closeSync(terminal)
  const ended = new Promise<number | null>((resolve) => receiver.once('exit', resolve))
  onTestFinished(() => void receiver.kill('SIGKILL'))
  const link = (await serialOpener().open(`serial:${cable.host}`, { baud: 115_200 }, never)) as ByteLink
  onTestFinished(() => link.close())
  const line = {
    read: (signal: AbortSignal) => link.read(signal),
    write: (bytes: Uint8Array, signal: AbortSignal) => link.write(bytes, signal),
    unread() {},
  }
  const send = (change: Partial<ModemFile> = {}) =>
    sendFile(
      line,
      {
        protocol: 'ymodem',
        name: 'image.bin',
        length: DATA.length,
        read: async (offset, length) => DATA.subarray(offset, offset + length),
        byteMs: 0,
        patience: PATIENCE,
        clock,
        progress() {},
        between: async () => {},
        ...change,
      },
      never,
    )
  return { send, ended, received: (name: string) => readFileSync(join(dir, name)) }
}

test.for([
  { small: false, length: 40_000 },
  { small: true, length: 40_000 },
  { small: false, length: 0 },
  { small: false, length: 1024 },
  { small: false, length: 1 },
])('rb receives $length bytes by YMODEM (small blocks: $small)', async ({ small, length }, context) => {
  needsLrzsz(context)
  const { send, ended, received } = await bench('rb', ['-q'])
  await send({ small, length })
  expect(await ended).toBe(0)
  expect(received('image.bin').equals(DATA.subarray(0, length))).toBe(true)
})

test.for([
  { protocol: 'xmodem', args: ['-q'] },
  { protocol: 'xmodem', args: ['-q', '-c'] },
  { protocol: 'xmodem-1k', args: ['-q', '-c'] },
] as const)('rx $args receives by $protocol, padded', async ({ protocol, args }, context) => {
  needsLrzsz(context)
  const { send, ended, received } = await bench('rx', [...args, 'image.bin'])
  await send({ protocol })
  expect(await ended).toBe(0)
  const got = received('image.bin')
  expect(got.subarray(0, DATA.length).equals(DATA)).toBe(true)
  expect(got.length - DATA.length).toBeLessThan(128)
})

test('a transfer that we stop ends rb too, at once and with an error', async (context) => {
  needsLrzsz(context)
  const { send, ended } = await bench('rb', ['-q'])
  const stopped = new AppError('condition.changed-while-writing')
  const between = async () => {
    throw stopped
  }
  // Slow enough that somebody looks while it goes on.
  const read = async (offset: number, length: number) => {
    await new Promise((resolve) => setTimeout(resolve, 450))
    return DATA.subarray(offset, offset + length)
  }
  await expect(send({ between, read })).rejects.toBe(stopped)
  expect(await ended).not.toBe(0)
})
