import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { ControlLink, UsbSetup } from '../../link/link.ts'
import { sleepExactly } from '../../link/waiting.ts'
import { type DfuAlternate, type DfuInterface, dfuInterface, stringOf } from './descriptors.ts'
import { ANSWER_MS, type Flow, type Reply, SLOW_ANSWER_MS, type Stage, type Step } from './flow.ts'
import { parseStatus } from './status.ts'

/** USB DFU 1.1 3: class requests to the DFU interface. */
const REQUEST = { detach: 0, download: 1, upload: 2, getStatus: 3, clearStatus: 4, abort: 6 } as const
const GET_DESCRIPTOR = 6
const US_ENGLISH = 0x0409
const NOTHING = new Uint8Array(0)
/** Longest that a flow may go between two calls of `between`, ms. */
const BETWEEN_MS = 500

/** The image of a transfer, and who wants to know how it goes. */
export interface Payload {
  read(offset: number, length: number): Promise<Uint8Array>
  progress(stage: Stage, done: number, total: number): void
  /** Awaited between requests, at least once a second. Its throw ends the flow. */
  between(): Promise<void>
}

/** Flows that move no bytes. */
export const NO_PAYLOAD: Payload = {
  read: async () => NOTHING,
  progress() {},
  between: async () => {},
}

/** Requests to one device's DFU interface, one at a time. */
export class DfuClient {
  readonly #link: ControlLink
  readonly #interface: DfuInterface
  readonly #now: () => number

  constructor(link: ControlLink, face: DfuInterface, now: () => number) {
    this.#link = link
    this.#interface = face
    this.#now = now
  }

  get interface(): DfuInterface {
    return this.#interface
  }

  /** Takes the interface and chooses one of its memories. Throws `link.busy`. */
  async choose(alternate: number, signal: AbortSignal): Promise<void> {
    const { interfaceNumber, alternates } = this.#interface
    if (!alternates.some((one) => one.alternate === alternate)) {
      throw new AppError('device.no-slot', { detail: { reason: 'no-such-memory', alternate } })
    }
    await this.#link.claim(interfaceNumber, signal)
    // A device that has only one may stall the question.
    if (alternates.length > 1) await this.#link.select(interfaceNumber, alternate, signal)
  }

  /** The name of a memory, which for DfuSe describes it. Empty: it has none. */
  async nameOf({ nameIndex }: DfuAlternate, signal: AbortSignal): Promise<string> {
    if (nameIndex === 0) return ''
    const setup = { type: 'standard', recipient: 'device', request: GET_DESCRIPTOR, index: US_ENGLISH } as const
    return stringOf(await this.#link.in({ ...setup, value: 0x300 | nameIndex }, 255, ANSWER_MS, signal))
  }

  /** Tells an application to go to DFU mode within `timeoutMs`. Whether it took the order shows in what becomes of it. */
  async detach(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#link.claim(this.#interface.interfaceNumber, signal)
    try {
      await this.#link.out(this.#setup(REQUEST.detach, timeoutMs), NOTHING, ANSWER_MS, signal)
    } catch (error) {
      // Some stall, or are gone before they have answered, and go all the same.
      if (signal.aborted || !isAppError(error)) throw error
    }
  }

  /** Carries a flow out to its end. Throws what the flow throws, `cancelled`, or what the payload throws. */
  async run<T>(flow: Flow<T>, payload: Payload, signal: AbortSignal): Promise<T> {
    let looked = this.#now()
    let next = flow.next()
    while (!next.done) {
      if (next.value.do === 'note') {
        payload.progress(next.value.stage, next.value.done, next.value.total)
        next = flow.next(DONE)
        continue
      }
      if (this.#now() - looked >= BETWEEN_MS) {
        await payload.between()
        looked = this.#now()
      }
      let reply: Reply
      try {
        reply = await this.#perform(next.value, payload, signal)
      } catch (error) {
        reply = refusal(error, signal)
      }
      next = flow.next(reply)
    }
    return next.value
  }

  /** Not one promise more than each step needs: a transfer has thousands of them. */
  #perform(step: Act, payload: Payload, signal: AbortSignal): Promise<Reply> {
    switch (step.do) {
      case 'status':
        return this.#link.in(this.#setup(REQUEST.getStatus), 6, step.timeoutMs, signal).then(statusReply)
      case 'clear-status':
        return this.#order(REQUEST.clearStatus, 0, NOTHING, signal)
      case 'abort':
        return this.#order(REQUEST.abort, 0, NOTHING, signal)
      case 'command':
        return this.#order(REQUEST.download, 0, step.bytes, signal)
      case 'send':
        return this.#send(step, payload, signal)
      case 'compare':
        return this.#compare(step, payload, signal)
      case 'blank-check':
        return this.#upload(step.block, step.length, signal).then((came) =>
          compared(came, new Uint8Array(step.length).fill(0xff)),
        )
      case 'wait':
        return sleepExactly(step.ms, this.#now, signal).then(acted)
    }
    return step satisfies never
  }

  async #send({ block, from, length }: Act & { do: 'send' }, payload: Payload, signal: AbortSignal): Promise<Reply> {
    return this.#order(REQUEST.download, block, await stretch(payload, from, length), signal)
  }

  async #compare({ block, from, length }: Act & { do: 'compare' }, payload: Payload, signal: AbortSignal) {
    const expected = await stretch(payload, from, length)
    return compared(await this.#upload(block, length, signal), expected)
  }

  #upload(block: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#link.in(this.#setup(REQUEST.upload, block), length, SLOW_ANSWER_MS, signal)
  }

  #order(request: number, value: number, data: Uint8Array, signal: AbortSignal): Promise<Reply> {
    return this.#link.out(this.#setup(request, value), data, ANSWER_MS, signal).then(acted)
  }

  #setup(request: number, value = 0): UsbSetup {
    return { type: 'class', recipient: 'interface', request, value, index: this.#interface.interfaceNumber }
  }
}

/** What goes to the device, or takes time. */
type Act = Exclude<Step, { readonly do: 'note' }>

const DONE: Reply = { ok: true }
const acted = (): Reply => DONE
const statusReply = (bytes: Uint8Array): Reply => ({ ok: true, status: parseStatus(bytes) })

/** A step that failed in a way that the flow knows what to do about. Throws the others. */
function refusal(error: unknown, signal: AbortSignal): Reply {
  if (signal.aborted || !isAppError(error)) throw error
  const why = WHY[error.code]
  if (!why || (error.code === 'device.refused' && error.detail.reason !== 'stall')) throw error
  return { ok: false, why, error }
}

const WHY: Partial<Record<AppError['code'], (Reply & { ok: false })['why']>> = {
  'device.refused': 'stall',
  'link.timeout': 'silent',
  'link.lost': 'gone',
}

async function stretch(payload: Payload, from: number, length: number): Promise<Uint8Array> {
  if (length === 0) return NOTHING
  const bytes = await payload.read(from, length)
  if (bytes.length !== length) throw new AppError('artifact.corrupt', { detail: { off: from, got: bytes.length } })
  return bytes
}

function compared(came: Uint8Array, expected: Uint8Array): Reply {
  const both = Math.min(came.length, expected.length)
  if (Buffer.compare(came.subarray(0, both), expected.subarray(0, both)) === 0) {
    return { ok: true, came: came.length, differsAt: null }
  }
  return { ok: true, came: came.length, differsAt: came.findIndex((byte, at) => byte !== expected[at]) }
}

/** The DFU interface of a device, or null when it has none. Throws `device.bad-frame`, `link.*`. */
export async function findInterface(link: ControlLink, signal: AbortSignal): Promise<DfuInterface | null> {
  const setup = { type: 'standard', recipient: 'device', request: GET_DESCRIPTOR, value: 0x200, index: 0 } as const
  return dfuInterface(await link.in(setup, 4096, ANSWER_MS, signal))
}
