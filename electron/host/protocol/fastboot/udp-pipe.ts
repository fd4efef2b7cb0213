import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { DatagramLink } from '../../link/link.ts'
import { within } from '../../link/waiting.ts'
import type { FastbootPipe } from './pipe.ts'
import {
  agreedPacket,
  encodePacket,
  initData,
  nextSequence,
  parsePacket,
  queryAnswer,
  UDP_HEADER,
  type UdpPacket,
} from './udp-packet.ts'

/** ms */
export interface UdpPatience {
  /** After which a packet is sent again. The same bytes: the device repeats its answer and does nothing twice. */
  readonly resend: number
  /** For a packet that costs the device nothing. */
  readonly answer: number
}

/** AOSP fastboot README: "The host should re-transmit after at least 500 ms". */
export const UDP_PATIENCE: UdpPatience = { resend: 500, answer: 5000 }

const NOTHING = new Uint8Array(0)

/** Every packet has exactly one answer with its number; nothing else is under way meanwhile. */
export class UdpPipe implements FastbootPipe {
  readonly #link: DatagramLink
  readonly #clock: Clock
  readonly #patience: UdpPatience
  #sequence = 0
  #packet: number

  constructor(link: DatagramLink, clock: Clock, patience: UdpPatience = UDP_PATIENCE) {
    this.#link = link
    this.#clock = clock
    this.#patience = patience
    this.#packet = link.maxPayload
  }

  get stretch(): number {
    return this.#packet - UDP_HEADER
  }

  async open(signal: AbortSignal): Promise<void> {
    const { answer } = this.#patience
    const query = await this.#exchange({ kind: 'query', continues: false, sequence: 0, data: NOTHING }, answer, signal)
    this.#sequence = queryAnswer(query)
    const ours = this.#link.maxPayload
    const init = await this.#next('init', false, initData(ours), answer, signal)
    this.#packet = agreedPacket(init, ours)
  }

  async send(bytes: Uint8Array, isLast: boolean, signal: AbortSignal): Promise<void> {
    const { data } = await this.#next('fastboot', !isLast, bytes, this.#patience.answer, signal)
    if (data.length > 0)
      throw new AppError('device.bad-frame', { detail: { protocol: 'fastboot-udp', reason: 'early-answer' } })
  }

  async receive(ms: number, signal: AbortSignal): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let length = 0; length <= this.#link.maxPayload; ) {
      // An empty packet asks for what it has to say.
      const { data, continues } = await this.#next('fastboot', false, NOTHING, ms, signal)
      parts.push(data)
      length += data.length
      if (!continues) return new Uint8Array(Buffer.concat(parts))
    }
    throw new AppError('device.bad-frame', { detail: { protocol: 'fastboot-udp', reason: 'too-long' } })
  }

  /** Nothing: whoever begins anew is not sent data. */
  async abandon(): Promise<void> {}

  async #next(kind: UdpPacket['kind'], continues: boolean, data: Uint8Array, ms: number, signal: AbortSignal) {
    const packet = { kind, continues, sequence: this.#sequence, data }
    const answer = await this.#exchange(packet, ms, signal)
    this.#sequence = nextSequence(this.#sequence)
    return answer
  }

  async #exchange(packet: UdpPacket, ms: number, signal: AbortSignal): Promise<UdpPacket> {
    const bytes = encodePacket(packet)
    const until = this.#clock.monotonic() + ms
    for (let left = ms; left > 0; left = until - this.#clock.monotonic()) {
      await this.#link.send(bytes, signal)
      const answer = await this.#answerTo(packet, Math.min(this.#patience.resend, left), signal)
      if (answer) return answer
    }
    throw new AppError('device.no-answer', { detail: { waitedMs: ms } })
  }

  /** Null: it did not come in time. Late answers to earlier packets are not heard. */
  async #answerTo({ kind, sequence }: UdpPacket, ms: number, signal: AbortSignal): Promise<UdpPacket | null> {
    const until = this.#clock.monotonic() + ms
    for (let left = ms; left > 0; left = until - this.#clock.monotonic()) {
      const bytes = await soon(left, signal, (wait) => this.#link.receive(wait))
      if (!bytes) return null
      const said = tryParse(bytes)
      if (said?.sequence !== sequence) continue
      if (said.kind === kind) return said
      if (said.kind === 'error') {
        const text = Buffer.from(said.data)
          .toString('latin1')
          .replace(/[^\x20-\x7e]/g, '?')
        throw new AppError('device.refused', { detail: { what: 'packet', said: text.slice(0, 100) } })
      }
    }
    return null
  }
}

function tryParse(bytes: Uint8Array): UdpPacket | null {
  try {
    return parsePacket(bytes)
  } catch {
    return null
  }
}

async function soon<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  try {
    return await within(Math.max(1, ms), 'timeout', signal, work)
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'timeout')) throw error
    return null
  }
}
