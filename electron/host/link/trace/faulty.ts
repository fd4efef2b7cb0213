import { AppError } from '../../../../shared/errors.ts'
import { Inbox } from '../inbox.ts'
import type { ByteLink, ControlLink, DatagramLink, Link } from '../link.ts'
import { sleep } from '../waiting.ts'
import { BadLine, type Fault, type FaultOptions } from './bad-line.ts'
import { faultyHttp } from './faulty-http.ts'
import { faultySsh } from './faulty-ssh.ts'

/** The same link, over a bad cable. A link that was unplugged is lost until it is opened anew. */
export function faultyLink(link: Link, options: FaultOptions): Link {
  const line = new BadLine(link.address, options)
  switch (link.kind) {
    case 'serial':
    case 'memory':
      return faultyBytes(link, line)
    case 'udp':
      return faultyDatagrams(link, line)
    case 'usb':
      return faultyControl(link, line)
    case 'http':
      return faultyHttp(link, line)
    case 'ssh':
      return faultySsh(link, line)
  }
}

/** What passes in one direction, a piece at a time. */
class Passage {
  readonly #line: BadLine
  #held: Uint8Array | null = null

  constructor(line: BadLine) {
    this.#line = line
  }

  /** What arrives for this piece, in order. */
  async pass(bytes: Uint8Array, signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const fate = this.#line.fate()
    const held = this.#held === null ? [] : [this.#held]
    if (fate === 'reorder' && this.#held === null) {
      this.#held = bytes.slice()
      return []
    }
    this.#held = null
    if (fate === 'stall') await this.#line.pause(signal)
    if (fate === 'drop') return held
    if (fate === 'duplicate') return [bytes, bytes, ...held]
    return [fate === 'truncate' ? this.#line.cut(bytes) : bytes, ...held].filter(({ length }) => length > 0)
  }
}

/** Both directions of a link that carries pieces. */
function bothWays(line: BadLine, read: (signal: AbortSignal) => Promise<Uint8Array>) {
  const [there, back] = [new Passage(line), new Passage(line)]
  const inbox = new Inbox<Uint8Array>()
  const stop = new AbortController()
  const pump = async () => {
    const signal = AbortSignal.any([stop.signal, line.unplugged])
    for (;;) for (const bytes of await back.pass(await read(signal), signal)) inbox.put(bytes)
  }
  pump().catch((error: unknown) =>
    inbox.end(error instanceof AppError && error.code !== 'cancelled' ? error : line.lost()),
  )
  return { there, inbox, stop }
}

function faultyBytes(link: ByteLink, line: BadLine): ByteLink {
  const { there, inbox, stop } = bothWays(line, (signal) => link.read(signal))
  return {
    kind: link.kind,
    address: link.address,
    read: (signal) => inbox.take(signal),
    async write(bytes, signal) {
      for (const piece of await there.pass(bytes, signal)) await link.write(piece, signal)
    },
    ...(link.setBaud && { setBaud: link.setBaud }),
    async discardInput() {
      inbox.clear()
      await link.discardInput()
    },
    async close() {
      stop.abort()
      await link.close()
    },
  }
}

function faultyDatagrams(link: DatagramLink, line: BadLine): DatagramLink {
  const { there, inbox, stop } = bothWays(line, (signal) => link.receive(signal))
  return {
    kind: 'udp',
    address: link.address,
    maxPayload: link.maxPayload,
    receive: (signal) => inbox.take(signal),
    async send(bytes, signal) {
      for (const piece of await there.pass(bytes, signal)) await link.send(piece, signal)
    },
    async close() {
      stop.abort()
      await link.close()
    },
  }
}

/** The bus itself sees to it that bulk data comes whole and once, or not at all (USB 2.0 5.8.5). */
const BULK = ['drop', 'stall', 'unplug'] as const

/** A bus that loses a request does not tell the device; one that loses the answer does not tell us that it was done. */
function faultyControl(link: ControlLink, line: BadLine): ControlLink {
  const silent = async (ms: number, signal: AbortSignal): Promise<never> => {
    await sleep(ms, AbortSignal.any([signal, line.unplugged]))
    throw new AppError('link.timeout', { detail: { address: link.address } })
  }
  const around = async <T>(
    ms: number,
    signal: AbortSignal,
    ask: () => Promise<T>,
    cut: (answer: T) => T,
    fates: readonly Fault[] = ['drop', 'duplicate', 'stall', 'truncate', 'unplug'],
  ): Promise<T> => {
    const fate = line.fate(fates)
    if (fate === 'drop') return silent(ms, signal)
    if (fate === 'stall') await line.pause(signal)
    if (fate === 'duplicate') await ask()
    const answer = await ask()
    line.check()
    // The answer is lost where the request was not: nobody knows what the device has done.
    if (fate === 'truncate' && !(answer instanceof Uint8Array)) return silent(ms, signal)
    return fate === 'truncate' ? cut(answer) : answer
  }
  const same = <T>(answer: T) => answer
  return {
    kind: 'usb',
    address: link.address,
    face: link.face,
    claim: (number, signal) => link.claim(number, signal),
    select: (number, alternate, signal) => link.select(number, alternate, signal),
    in: (setup, length, ms, signal) =>
      around(
        ms,
        signal,
        () => link.in(setup, length, ms, signal),
        (answer) => line.cut(answer),
      ),
    out: (setup, data, ms, signal) => around(ms, signal, () => link.out(setup, data, ms, signal), same),
    bulkIn: (endpoint, length, ms, signal) =>
      around(ms, signal, () => link.bulkIn(endpoint, length, ms, signal), same, BULK),
    bulkOut: (endpoint, data, ms, signal) =>
      around(ms, signal, () => link.bulkOut(endpoint, data, ms, signal), same, BULK),
    reset: (signal) => link.reset(signal),
    close: () => link.close(),
  }
}
