import { isAppError } from '../../../shared/errors.ts'
import { Inbox } from '../../host/link/inbox.ts'
import { sleep } from '../../host/link/waiting.ts'
import { decodePacket, encodePacket, type Op, type SmpPacket } from '../../host/protocol/smp/packet.ts'
import { type Answer, payload } from './answer.ts'
import type { Channel } from './console-channel.ts'
import type { SmpDevice } from './device.ts'

/** Why a device goes down. */
export type GoingDown = NonNullable<Answer['effect']>

export interface ServeTiming {
  /** ms a packet needs from one end to the other. */
  readonly latencyMs: number
  /** ms the device's one work queue spends on each request. */
  readonly workMs: number
  /** ms between the answer to an order to restart and the restart (Zephyr: 250 by default). */
  readonly restartDelayMs: number
}

/**
 * Runs a device on a channel until it goes down: one work queue, answers in order. `changed` is called after
 * each request. Throws when the signal fires or the channel is gone.
 */
export async function serve(
  device: SmpDevice,
  channel: Channel,
  timing: ServeTiming,
  changed: () => void,
  signal: AbortSignal,
): Promise<GoingDown> {
  const over = new AbortController()
  const session = new Session(device, channel, timing, changed, AbortSignal.any([signal, over.signal]))
  try {
    return await Promise.race([session.receive(), session.work()])
  } finally {
    over.abort()
  }
}

class Session {
  readonly #device: SmpDevice
  readonly #channel: Channel
  readonly #timing: ServeTiming
  readonly #changed: () => void
  readonly #signal: AbortSignal
  readonly #queue = new Inbox<SmpPacket>()
  #taken = 0

  constructor(device: SmpDevice, channel: Channel, timing: ServeTiming, changed: () => void, signal: AbortSignal) {
    this.#device = device
    this.#channel = channel
    this.#timing = timing
    this.#changed = changed
    this.#signal = signal
  }

  async receive(): Promise<never> {
    for (;;) {
      const bytes = await this.#channel.receive(this.#signal)
      const packet = bytes.length <= this.#device.bufSize ? parse(bytes) : null
      // Requests and answers share the buffers: when none is free, or it is too small, a packet is lost without a word.
      if (!packet || this.#taken >= this.#device.bufCount) continue
      this.#taken += 1
      void this.#later(() => this.#queue.put(packet))
    }
  }

  async work(): Promise<GoingDown> {
    for (;;) {
      const effect = await this.#one()
      if (effect === 'restart' || effect === 'recovery') await this.#goDown()
      if (effect) return effect
    }
  }

  /** Takes one request and answers it. */
  async #one(): Promise<Answer['effect'] | null> {
    const packet = await this.#queue.take(this.#signal)
    const answer = this.#device.handle(packet)
    const busy = this.#timing.workMs + (answer?.busyMs ?? 0)
    if (busy > 0) await sleep(busy, this.#signal)
    this.#taken -= 1
    this.#changed()
    const body = answer && payload(answer, packet.version)
    if (body) await this.#answer({ ...packet, op: (packet.op + 1) as Op, body })
    return answer?.effect ?? null
  }

  /** Still answers until it goes down: what it says then is the old truth. */
  async #goDown(): Promise<void> {
    const until = performance.now() + this.#timing.restartDelayMs
    const end = sleep(this.#timing.restartDelayMs, this.#signal)
    while (performance.now() < until) await Promise.race([end, this.#one()])
    await end
  }

  async #answer(reply: SmpPacket): Promise<void> {
    if (this.#device.faults.chatter) {
      await this.#channel.print(`[00:00:01.000] <inf> mgmt: group ${reply.group}\r\n`, this.#signal)
    }
    void this.#later(() => this.#channel.send(encodePacket(reply), this.#signal))
  }

  /** After the time a packet needs on its way; the way there and back are alike. Lost when the device goes down. */
  async #later(act: () => unknown): Promise<void> {
    try {
      if (this.#timing.latencyMs > 0) await sleep(this.#timing.latencyMs, this.#signal)
      await act()
    } catch (error) {
      if (!isAppError(error)) throw error
    }
  }
}

function parse(bytes: Uint8Array): SmpPacket | null {
  try {
    return decodePacket(bytes)
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}
