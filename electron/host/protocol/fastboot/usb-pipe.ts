import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { ControlLink } from '../../link/link.ts'
import type { FastbootPipe } from './pipe.ts'
import { type FastbootInterface, fastbootInterface } from './usb-interface.ts'

const GET_DESCRIPTOR = 6
const CONFIGURATION = 0x200
/** Longest answer to a question for a descriptor, and to a packet of data, ms. */
const ANSWER_MS = 2000
const DATA_MS = 10_000
/** A device that has something to say says it at once, ms. */
const SILENT_MS = 100
/** Answers that may be left. */
const MOST_OLD = 64
/** Room for an answer, in whole packets of any speed. */
const ROOM = 1024
/**
 * Bytes of data in one transfer: a multiple of every packet size, so that no device takes the end of one for the end of
 * all, and few enough for a wish to stop to be heard.
 */
const STRETCH = 64 * 1024

/** Bulk transfers: an answer belongs to the command before it, and data follows without a frame. */
export class UsbPipe implements FastbootPipe {
  readonly #link: ControlLink
  #interface: FastbootInterface | null = null

  constructor(link: ControlLink) {
    this.#link = link
  }

  readonly stretch = STRETCH

  async open(signal: AbortSignal): Promise<void> {
    if (this.#interface) return
    const setup = {
      type: 'standard',
      recipient: 'device',
      request: GET_DESCRIPTOR,
      value: CONFIGURATION,
      index: 0,
    } as const
    const found = fastbootInterface(await answered(this.#link.in(setup, 4096, ANSWER_MS, signal), ANSWER_MS))
    if (!found) throw new AppError('device.not-mine', { detail: { reason: 'no-fastboot-interface' } })
    await this.#link.claim(found.interfaceNumber, signal)
    this.#interface = found
    await this.#forget(signal)
  }

  /** What an earlier life of the console asked for and did not fetch would be taken for the answer to our first question. */
  async #forget(signal: AbortSignal): Promise<void> {
    for (let left = MOST_OLD; left > 0; left -= 1) {
      try {
        await this.receive(SILENT_MS, signal)
      } catch (error) {
        if (isAppError(error, 'device.no-answer')) return
        throw error
      }
    }
  }

  async send(bytes: Uint8Array, _isLast: boolean, signal: AbortSignal): Promise<void> {
    await answered(this.#link.bulkOut(this.#face().output, bytes, DATA_MS, signal), DATA_MS)
  }

  receive(ms: number, signal: AbortSignal): Promise<Uint8Array> {
    return answered(this.#link.bulkIn(this.#face().input, ROOM, ms, signal), ms)
  }

  /** A device that waits for data takes whatever comes for it: it gets its due, and is not told to write it. */
  async abandon(left: number, signal: AbortSignal): Promise<void> {
    const zeros = new Uint8Array(Math.min(left, STRETCH))
    for (let at = 0; at < left; at += zeros.length) {
      await this.send(zeros.subarray(0, Math.min(zeros.length, left - at)), at + zeros.length >= left, signal)
    }
    await this.receive(DATA_MS, signal)
  }

  #face(): FastbootInterface {
    if (!this.#interface) throw new AppError('link.lost', { detail: { address: this.#link.address } })
    return this.#interface
  }
}

async function answered<T>(work: Promise<T>, ms: number): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isAppError(error, 'link.timeout')) throw error
    throw new AppError('device.no-answer', { detail: { waitedMs: ms }, cause: error })
  }
}
