import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { YmodemBinding } from '../../../../../shared/model/ymodem-binding.ts'
import type { Link } from '../../../link/link.ts'
import { Console } from '../../../protocol/console/console.ts'
import { promptAtEnd } from '../../../protocol/console/text.ts'
import { CANCEL } from '../../../protocol/ymodem/blocks.ts'
import type { Device } from '../../driver.ts'
import type { YmodemTiming } from './timing.ts'

/** A receiver that waits for a block asks for it every few seconds, and says nothing else. */
const WAITS_FOR_BLOCKS = /^$|(?:^|\n)C+$/

/** What U-Boot waits for when a transfer at another speed is over. */
export const ESCAPE = '\u001b'

export type ConsoleMode = 'application' | 'bootloader'

/**
 * The conversation over one opened link: at whose prompt it stands, and what is known of the device's memory. Ends
 * with the link.
 */
export class ConsoleSession {
  readonly console: Console
  readonly binding: YmodemBinding
  readonly timing: YmodemTiming
  readonly clock: Device['clock']
  /** A transfer has the line: there is nobody to ask. */
  loading = false
  /**
   * What lies where the application is started from. `untouched`: we brought the device into its boot loader and have
   * not stored anything. `unknown`: it was there already, and somebody may have.
   */
  stored: 'untouched' | 'unknown' | 'begun' = 'unknown'
  /** Whose prompt is on the last line; null: not known. */
  #at: ConsoleMode | null = null
  /** It was told to start: nothing is typed before it shows a prompt, for a key may stop it half-way. */
  #starting: { quietSince: number } | null = null

  constructor(link: Link, binding: YmodemBinding, timing: YmodemTiming, clock: Device['clock']) {
    if (link.kind !== 'serial' && link.kind !== 'memory') {
      throw new AppError('link.unsupported', { detail: { driver: 'ymodem', link: link.kind } })
    }
    this.console = new Console(link, clock)
    this.binding = binding
    this.timing = timing
    this.clock = clock
  }

  /**
   * Finds out whose prompt this is, typing as little as possible. Throws `device.no-answer` for silence and for a
   * device that is still starting, `device.no-prompt` for text without a prompt, `device.busy` during a transfer.
   */
  async attention(signal: AbortSignal): Promise<ConsoleMode> {
    if (this.loading) throw new AppError('device.busy', { detail: { reason: 'loading' } })
    if (this.#starting) return this.#started(this.#starting, signal)
    const before = this.#at
    let heard = await this.console.drain(signal)
    // Whoever speaks unasked may have started anew: what was true before is not any more.
    if (heard !== '') this.#at = this.modeIn(heard)
    if (this.#at) return this.#at
    const { quiet, chatter, listen } = this.timing
    if (before === 'application' && this.#knowsStart()) {
      heard += await this.console.listen(chatter, 4 * chatter, (text) => this.#isStart(text), signal)
      if (!this.#isStart(heard)) return this.#wake(heard, signal)
    }
    heard += await this.console.listen(quiet, listen, () => false, signal)
    this.#at = this.modeIn(heard)
    return this.#at ?? (await this.#wake(heard, signal))
  }

  #knowsStart(): boolean {
    return this.binding.enter.catch.on !== undefined
  }

  #isStart(text: string): boolean {
    const { on } = this.binding.enter.catch
    return on !== undefined && text.includes(on)
  }

  /** Types a command at the prompt that the session stands at, and returns the answer. */
  async command(command: string, ms: number, signal: AbortSignal): Promise<string> {
    const before = await this.attention(signal)
    this.#at = null
    const { prompt, text } = await this.console.ask(command, this.#prompts(), ms, signal)
    this.#at = this.#modeOf(prompt)
    if (this.#at === before) return text
    // The device restarted under our hands.
    throw new AppError('device.unexpected-answer', { detail: { command, said: `${prompt} (${this.#at})` } })
  }

  /** Waits for the boot loader's prompt behind a command that was typed. */
  async bootPrompt(command: string, ms: number, signal: AbortSignal): Promise<string> {
    this.#at = null
    const { text } = await this.console.prompt(command, [this.binding.prompts.bootloader], ms, signal)
    this.#at = 'bootloader'
    return text
  }

  /** Something was typed whose effect is not known yet. */
  unsettle(): void {
    this.#at = null
  }

  /** The device was told to start, or is about to restart: what it says from now on is new. */
  starts(): void {
    this.#at = null
    this.#starting = { quietSince: this.clock.monotonic() }
  }

  /** It came where it was wanted. */
  arrived(mode: ConsoleMode): void {
    this.#starting = null
    this.#at = mode
  }

  async #started(starting: { quietSince: number }, signal: AbortSignal): Promise<ConsoleMode> {
    const { look, hush } = this.timing
    const { application } = this.binding.prompts
    const text = await this.console.listen(look, look, (said) => this.modeIn(said) !== null, signal)
    const now = this.clock.monotonic()
    if (text !== '') starting.quietSince = now
    const mode = this.modeIn(text)
    if (mode) {
      this.arrived(mode)
      return mode
    }
    if (this.console.showed(application) || now - starting.quietSince >= hush) {
      this.#starting = null
      return this.#wake(text, signal)
    }
    throw new AppError('device.no-answer', { detail: { reason: 'starting' } })
  }

  /**
   * An empty line harms nobody and makes every console show its prompt. Whoever says nothing to it, or only asks for
   * blocks, may wait for the rest of a transfer that somebody left, perhaps an earlier life of this console.
   */
  async #wake(heard: string, signal: AbortSignal): Promise<ConsoleMode> {
    const { wake, wakes } = this.timing
    let said = heard
    for (let left = wakes; ; left -= 1) {
      try {
        return this.#stands(await this.console.ask('', this.#prompts(), wake, signal))
      } catch (error) {
        if (signal.aborted || !isAppError(error) || error.code.startsWith('link.') || left <= 1) throw error
        said += typeof error.detail.said === 'string' ? error.detail.said : ''
      }
      if (WAITS_FOR_BLOCKS.test(said)) await this.console.write(CANCEL, signal)
      // Or for the key that says that the line has its own speed again.
      if (this.binding.load.speed) await this.console.type(ESCAPE, signal)
    }
  }

  #stands({ prompt }: { readonly prompt: string }): ConsoleMode {
    this.#at = this.#modeOf(prompt)
    return this.#at
  }

  #prompts(): readonly string[] {
    const { application, bootloader } = this.binding.prompts
    return [application, bootloader]
  }

  /** Whose prompt stands at the end; null: nobody's. */
  modeIn(text: string): ConsoleMode | null {
    const prompt = promptAtEnd(text, this.#prompts())
    return prompt === null ? null : this.#modeOf(prompt)
  }

  #modeOf(prompt: string): ConsoleMode {
    return prompt === this.binding.prompts.bootloader ? 'bootloader' : 'application'
  }
}

/** Finds or begins the session of a link: one link, one conversation, however often a driver is called. */
export function consoleSessions(timing: YmodemTiming): (device: Device) => ConsoleSession {
  const sessions = new WeakMap<Link, Map<string, ConsoleSession>>()
  return ({ link, binding, clock }) => {
    if (binding.driver !== 'ymodem') {
      throw new AppError('link.unsupported', { detail: { driver: 'ymodem', binding: binding.driver } })
    }
    const known = sessions.get(link) ?? new Map<string, ConsoleSession>()
    sessions.set(link, known)
    // Profiles of other devices see another console on the same line.
    const face = JSON.stringify(binding)
    const session = known.get(face) ?? new ConsoleSession(link, binding, timing, clock)
    known.set(face, session)
    return session
  }
}
