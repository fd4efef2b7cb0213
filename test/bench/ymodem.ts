import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { sendFile } from '../../electron/host/protocol/ymodem/send.ts'
import { SEND_PATIENCE } from '../../electron/host/protocol/ymodem/sender.ts'
import { openPacedLine } from '../fixtures/serial/paced-line.ts'

/**
 * 1 MiB by YMODEM to lrzsz `rb` over a pseudo-terminal held to the speed of a UART, from Slipway and from lrzsz
 * `sb -k`, one after the other. Time from the receiver's start to its end, with the file compared; the median of the
 * pairs' ratios, ours to theirs. The worse of both speeds is the result. `ymodem.ts BYTES BAUD` measures less.
 */
const SIZE = Number(process.argv[2] ?? 1024 * 1024)
const SPEEDS = [
  { baud: 115_200, rounds: 1 },
  { baud: 921_600, rounds: 5 },
].filter(({ baud }) => process.argv[3] === undefined || baud === Number(process.argv[3]))
const never = new AbortController().signal

const dir = mkdtempSync(join(tmpdir(), 'slipway-ymodem-'))
const data = Buffer.from(Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff))
const file = join(dir, 'image.bin')
writeFileSync(file, data)

/** A program with a terminal as its input and output. Resolves with its exit code. */
function onTerminal(program: string, args: readonly string[], terminal: string, cwd: string, signal: AbortSignal) {
  const tty = openSync(terminal, 'r+')
  const child = spawn(program, args, { stdio: [tty, tty, 'ignore'], cwd })
  closeSync(tty)
  signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
  return new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
}

type Send = (terminal: string, signal: AbortSignal) => Promise<unknown>

async function sendOurs(terminal: string, baud: number, signal: AbortSignal): Promise<void> {
  const link = await serialOpener().open(`serial:${terminal}`, { baud }, never)
  if (link.kind !== 'serial') throw new Error('a serial link')
  const line = {
    read: (wait: AbortSignal) => link.read(wait),
    write: (bytes: Uint8Array, wait: AbortSignal) => link.write(bytes, wait),
    unread() {},
  }
  const source = {
    protocol: 'ymodem',
    name: 'image.bin',
    length: data.length,
    read: async (offset: number, length: number) => data.subarray(offset, offset + length),
    byteMs: 10_000 / baud,
    patience: SEND_PATIENCE,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    progress() {},
    between: async () => {},
  } as const
  try {
    await sendFile(line, source, signal)
  } finally {
    await link.close()
  }
}

const theirs: Send = (terminal, signal) => onTerminal('sb', ['-k', '-q', file], terminal, dir, signal)

async function seconds(baud: number, send: Send): Promise<number> {
  const round = mkdtempSync(join(dir, 'round-'))
  const got = join(round, 'got')
  mkdirSync(got)
  const line = await openPacedLine(round, baud)
  try {
    const began = performance.now()
    const received = onTerminal('rb', ['-q'], line.device, got, never)
    const over = new AbortController()
    const sent = send(line.host, over.signal).catch(() => {})
    const status = await received
    const took = (performance.now() - began) / 1000
    if (status !== 0) throw new Error(`rb ended with ${status}`)
    // As rb ends it may throw its last acknowledgement away, and then a sender waits for nothing.
    over.abort()
    await sent
    if (!readFileSync(join(got, 'image.bin')).equals(data)) throw new Error('the file differs')
    return took
  } finally {
    await line.close()
  }
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const ratios: number[] = []
try {
  for (const { baud, rounds } of SPEEDS) {
    const pairs: { readonly ours: number; readonly theirs: number }[] = []
    for (let round = 0; round < rounds; round += 1) {
      const ours = () => seconds(baud, (terminal, signal) => sendOurs(terminal, baud, signal))
      // Who goes first changes: the machine's other work comes and goes.
      const first = round % 2 === 0 ? await ours() : await seconds(baud, theirs)
      const second = round % 2 === 0 ? await seconds(baud, theirs) : await ours()
      pairs.push(round % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first })
    }
    const [mine, sb] = [median(pairs.map((pair) => pair.ours)), median(pairs.map((pair) => pair.theirs))]
    const rate = (took: number) => `${took.toFixed(2)} s (${Math.round(SIZE / took)} B/s)`
    console.log(`${baud} baud: ours ${rate(mine)}, sb -k ${rate(sb)}`)
    ratios.push(median(pairs.map((pair) => pair.ours / pair.theirs)))
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
console.log(`ymodem ratio=${Math.max(...ratios).toFixed(3)}`)
