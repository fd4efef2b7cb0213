import { AppError, isAppError } from '../../../../shared/errors.ts'
import { blockReader, type ReadAt } from '../block-reader.ts'
import type { FastbootPipe } from './pipe.ts'
import { encodeCommand, parseReply } from './reply.ts'

/** How long the device may be silent, ms. Whatever it says gives it as long again. */
export interface FastbootPatience {
  readonly answer: number
  /** While it erases or writes: some say nothing until they are done. */
  readonly work: number
}

export interface Download {
  readonly length: number
  readonly read: ReadAt
  /** Bytes that are in the device's memory. */
  progress(done: number): void
  /** Awaited twice a second at least. Its throw ends the download. */
  between(): Promise<void>
}

/** An old answer, the rest of an old download, and one more for either. */
const MOST_OPENINGS = 4
const BETWEEN_MS = 400
/** A device that talks for ever is ended by this many lines. */
const MOST_LINES = 10_000
const SHOWN = 200

/** The conversation with a device in fastboot mode: one command, its answers. */
export class FastbootClient {
  readonly #pipe: FastbootPipe
  readonly #patience: FastbootPatience
  readonly #now: () => number

  constructor(pipe: FastbootPipe, patience: FastbootPatience, now: () => number) {
    this.#pipe = pipe
    this.#patience = patience
    this.#now = now
  }

  /**
   * Begins anew. A device that was left in the middle of something answers to that first, or takes a command for data:
   * it is asked what every device knows until it says it. Throws `device.no-answer`, `device.bad-frame`, `link.*`.
   */
  async open(signal: AbortSignal): Promise<void> {
    await this.#pipe.open(signal)
    for (let tries = 1; ; tries += 1) {
      try {
        if ((await this.getVar('version', signal)) !== null) return
      } catch (error) {
        if (signal.aborted || !isAppError(error, 'device.bad-frame') || tries >= MOST_OPENINGS) throw error
        continue
      }
      if (tries >= MOST_OPENINGS) throw new AppError('device.bad-frame', { detail: { reason: 'no-version' } })
    }
  }

  /** Null: the device knows no such variable, or nothing of it. */
  async getVar(name: string, signal: AbortSignal): Promise<string | null> {
    await this.#pipe.send(encodeCommand(`getvar:${name}`), true, signal)
    const { kind, text } = await this.#verdict(this.#patience.answer, signal)
    return kind === 'okay' && text !== '' ? text.trim() : null
  }

  /** An order that may take its time. Throws `device.refused` with the device's words. */
  async order(command: string, signal: AbortSignal): Promise<void> {
    await this.#pipe.send(encodeCommand(command), true, signal)
    this.#accept(command, await this.#verdict(this.#patience.work, signal))
  }

  /** An order to leave: its answer may be lost with the device. That it came back as something else is for others to see. */
  async leave(command: string, signal: AbortSignal): Promise<void> {
    await this.#pipe.send(encodeCommand(command), true, signal)
    try {
      this.#accept(command, await this.#verdict(this.#patience.answer, signal))
    } catch (error) {
      if (!isAppError(error, 'device.no-answer') && !isAppError(error, 'link.lost')) throw error
    }
  }

  /**
   * Brings bytes into the device's memory. Throws `device.refused`, `artifact.corrupt`, or what `between` threw: the
   * conversation then has to begin anew.
   */
  async download(image: Download, signal: AbortSignal): Promise<void> {
    const { length } = image
    const command = `download:${length.toString(16).padStart(8, '0')}`
    await this.#pipe.send(encodeCommand(command), true, signal)
    const ready = await this.#reply(this.#patience.answer, signal)
    if (ready.kind !== 'data') {
      if (ready.kind === 'fail') this.#accept(command, ready)
      throw new AppError('device.bad-frame', { detail: { command, reason: ready.kind } })
    }
    if (ready.length !== length) {
      throw new AppError('device.refused', { detail: { what: command, reason: 'length', takes: ready.length } })
    }
    let done = 0
    try {
      await this.#data(image, signal, (at) => {
        done = at
        image.progress(at)
      })
    } catch (error) {
      const isDeaf = isAppError(error) && (error.code.startsWith('link.') || error.code === 'device.no-answer')
      if (!isDeaf) await this.#pipe.abandon(length - done, AbortSignal.timeout(this.#patience.work)).catch(() => {})
      throw error
    }
    this.#accept(command, await this.#verdict(this.#patience.work, signal))
  }

  async #data(image: Download, signal: AbortSignal, sent: (at: number) => void): Promise<void> {
    const { length } = image
    const read = blockReader((offset, size) => image.read(offset, size), length)
    let looked = this.#now()
    for (let at = 0; at < length; ) {
      if (this.#now() - looked >= BETWEEN_MS) {
        await image.between()
        looked = this.#now()
      }
      const bytes = await read(at, Math.min(this.#pipe.stretch, length - at))
      if (bytes.length === 0) throw new AppError('artifact.corrupt', { detail: { off: at, got: 0 } })
      at += bytes.length
      await this.#pipe.send(bytes, at >= length, signal)
      sent(at)
    }
  }

  #accept(command: string, { kind, text }: { readonly kind: 'okay' | 'fail'; readonly text: string }): void {
    if (kind === 'okay') return
    const [what = ''] = command.split(':')
    throw new AppError('device.refused', { detail: { what, said: text.slice(0, SHOWN) } })
  }

  async #verdict(ms: number, signal: AbortSignal) {
    const reply = await this.#reply(ms, signal)
    if (reply.kind === 'data') throw new AppError('device.bad-frame', { detail: { reason: 'data' } })
    return reply
  }

  /** The answer that counts, behind the lines that do not. */
  async #reply(ms: number, signal: AbortSignal) {
    for (let lines = 0; lines < MOST_LINES; lines += 1) {
      const reply = parseReply(await this.#pipe.receive(ms, signal))
      if (reply.kind === 'data') return reply
      if (reply.kind !== 'info') return { kind: reply.kind, text: reply.text }
    }
    throw new AppError('device.bad-frame', { detail: { reason: 'too-many-lines' } })
  }
}
