import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { ByteLink } from '../../link/link.ts'
import { within } from '../../link/waiting.ts'
import { answerTo, consoleText, promptAtEnd, showedPrompt } from './text.ts'

/** Longest stretch of console output that is kept; older text goes first. */
const MOST = 64 * 1024
/** Enough of the end to hold a prompt and the escapes around it. */
const TAIL = 512
const SHOWN = 120

/** A prompt, and what was said before it. */
export interface Answer<P extends string> {
  readonly prompt: P
  readonly text: string
}

/**
 * The far end of a serial console: a person's side of it. One question at a time. What arrives between questions is
 * kept as {@link Console.heard}: a device that starts by itself says there what it is.
 */
export class Console {
  readonly #link: ByteLink
  readonly #clock: Clock
  #unread: Uint8Array[] = []
  #heard = ''

  constructor(link: ByteLink, clock: Clock) {
    this.#link = link
    this.#clock = clock
  }

  /** What the device said by itself since {@link forget}. */
  get heard(): string {
    return consoleText(this.#heard)
  }

  forget(): void {
    this.#heard = ''
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    return this.#unread.shift() ?? (await this.#link.read(signal))
  }

  /** Gives back what was read too much. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#unread.unshift(bytes)
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#link.write(bytes, signal)
  }

  type(text: string, signal: AbortSignal): Promise<void> {
    return this.#link.write(Buffer.from(text, 'latin1'), signal)
  }

  /** Both ends must do it. Throws `link.unsupported` where the line has one speed only. */
  async setBaud(baud: number, signal: AbortSignal): Promise<void> {
    const { setBaud, address } = this.#link
    if (!setBaud) throw new AppError('link.unsupported', { detail: { address, what: 'speed' } })
    await setBaud(baud, signal)
  }

  /** What has arrived unasked. Empty: nothing. */
  async drain(signal: AbortSignal): Promise<string> {
    return this.listen(1, 1000, () => false, signal)
  }

  /** Listens until nothing came for `quietMs`, `done` is content with the text, or `mostMs` have passed. */
  async listen(quietMs: number, mostMs: number, done: (text: string) => boolean, signal: AbortSignal): Promise<string> {
    let raw = ''
    const until = this.#clock.monotonic() + mostMs
    for (let left = mostMs; left > 0 && !done(consoleText(raw)); left = until - this.#clock.monotonic()) {
      const bytes = await this.#within(Math.min(quietMs, left), signal)
      if (bytes) raw = keep(raw, bytes)
      else if (quietMs <= left) break
    }
    this.#heard = (this.#heard + raw).slice(-MOST)
    return consoleText(raw)
  }

  /**
   * Reads up to `text`, or to one of the prompts; what follows is left unread. Returns all that was said. `text` is
   * looked for as it is, in one piece.
   */
  async readUpTo(text: string, prompts: readonly string[], ms: number, signal: AbortSignal): Promise<string> {
    let raw = ''
    for await (raw of this.#growing(ms, signal)) {
      const at = raw.indexOf(text)
      if (at >= 0) {
        this.unread(Buffer.from(raw.slice(at + text.length), 'latin1'))
        return consoleText(raw.slice(0, at + text.length))
      }
      if (promptAtEnd(consoleText(raw.slice(-TAIL)), prompts) !== null) break
    }
    return consoleText(raw)
  }

  /**
   * Types a command and returns what was said before the next prompt. Throws `device.no-answer` when nothing at all
   * came within `ms`, `device.no-prompt` when text came and no prompt.
   */
  async ask<P extends string>(
    command: string,
    prompts: readonly P[],
    ms: number,
    signal: AbortSignal,
  ): Promise<Answer<P>> {
    await this.drain(signal)
    await this.type(`${command}\r`, signal)
    return this.prompt(command, prompts, ms, signal)
  }

  /** Waits for a prompt behind the echo of `command`; an empty command has none. Throws as {@link ask}. */
  async prompt<P extends string>(
    command: string,
    prompts: readonly P[],
    ms: number,
    signal: AbortSignal,
  ): Promise<Answer<P>> {
    let raw = ''
    for await (raw of this.#growing(ms, signal)) {
      const prompt = promptAtEnd(consoleText(raw.slice(-TAIL)), prompts)
      if (prompt === null) continue
      const text = consoleText(raw)
      const answer = command === '' ? text.slice(0, -prompt.length) : answerTo(command, text, prompt)
      if (answer !== null) return { prompt, text: answer }
    }
    const said = consoleText(raw).slice(-SHOWN).trim()
    if (raw === '') throw new AppError('device.no-answer', { detail: { command, waitedMs: ms } })
    throw new AppError('device.no-prompt', { detail: { command, said, waitedMs: ms } })
  }

  /** Whether this prompt was among what was heard. */
  showed(prompt: string): boolean {
    return showedPrompt(this.heard, prompt)
  }

  /** All that was said by now, anew with all that comes, until `ms` are over. */
  async *#growing(ms: number, signal: AbortSignal): AsyncGenerator<string> {
    let raw = ''
    const until = this.#clock.monotonic() + ms
    for (let left = ms; left > 0; left = until - this.#clock.monotonic()) {
      const bytes = await this.#within(left, signal)
      if (!bytes) return
      raw = keep(raw, bytes)
      yield raw
    }
  }

  /** The next bytes, or null once `ms` are over. */
  async #within(ms: number, signal: AbortSignal): Promise<Uint8Array | null> {
    try {
      return await within(Math.max(1, ms), 'timeout', signal, (wait) => this.read(wait))
    } catch (error) {
      if (signal.aborted || !isAppError(error, 'timeout')) throw error
      return null
    }
  }
}

function keep(raw: string, bytes: Uint8Array): string {
  return (raw + Buffer.from(bytes).toString('latin1')).slice(-MOST)
}
