import { AppError, isAppError, toErrorData } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { TextSocket } from '../../../link/link.ts'
import { abortError, sleep } from '../../../link/waiting.ts'
import type { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import { type DeviceMessage, parseMessage } from '../../../protocol/swupdate/messages.ts'
import {
  failure,
  isReady,
  NOT_BEGUN,
  namedCause,
  nextState,
  saysIdle,
  type UpdateState,
  verdictOf,
} from '../../../protocol/swupdate/verdict.ts'
import type { Device, Image, WriteOptions } from '../../driver.ts'
import { risingProgress } from '../rising-progress.ts'
import { isHint, refusalOf } from './reply.ts'
import type { SwupdateTiming } from './timing.ts'

const SMALLEST_BLOCK = 16 * 1024
const LARGEST_BLOCK = 256 * 1024
/** Share of the progress that is the upload; the rest is the installation, which goes on after the last byte. */
const UPLOAD_SHARE = 0.75

type Upload = { readonly end: 'sending' | 'received' } | { readonly end: 'broken'; readonly error: unknown }

/** One upload and what is heard of it. */
export class Update {
  readonly #device: Device
  readonly #image: Image
  /** Like no other, so that what the device tells of it is told apart from what it tells of others. */
  readonly #name: string
  readonly #options: WriteOptions
  readonly #tell: (done: number) => void
  readonly #timing: SwupdateTiming
  readonly #signal: AbortSignal
  readonly #stop = new AbortController()
  readonly #stopUpload = new AbortController()
  #state: UpdateState = NOT_BEGUN
  #upload: Upload = { end: 'sending' }
  #socketClosed = false
  #idle = false
  #ready = false
  #heardAt: number
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null
  #sent = 0
  #failedAt: number | null = null
  /** Why the upload was stopped from here. */
  #stopped: { readonly error: unknown } | null = null
  /** Something that may decide came while nobody waited for it. */
  #news = false
  #resume = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    device: Device,
    image: Image,
    name: string,
    options: WriteOptions,
    timing: SwupdateTiming,
    signal: AbortSignal,
  ) {
    this.#device = device
    this.#image = image
    this.#name = name
    this.#options = options
    this.#tell = risingProgress(image, options)
    this.#timing = timing
    this.#signal = AbortSignal.any([signal, this.#stop.signal])
    this.#signal.addEventListener('abort', () => this.#wake(), { once: true })
    this.#heardAt = device.clock.monotonic()
  }

  /** Ends the upload if it still goes on, and listens no more. */
  stop(): void {
    this.#stop.abort(new AppError('cancelled'))
  }

  async listen(socket: TextSocket): Promise<void> {
    try {
      for (;;) {
        const frame = await socket.receive(this.#signal)
        if (frame === null) break
        const message = parseMessage(frame)
        if (message) this.#take(message)
        this.#heardAt = this.#device.clock.monotonic()
      }
    } catch {
      // Whoever waits for the verdict sees that nothing more is heard.
    }
    this.#socketClosed = true
    this.#heard()
  }

  /** The device has said, since it was found busy, that nothing is being installed. */
  get isIdle(): boolean {
    return this.#idle
  }

  async send(client: SwupdateClient): Promise<void> {
    const { length } = this.#image
    // What was heard before this is of somebody else's installation.
    this.#state = NOT_BEGUN
    this.#ready = false
    try {
      const signal = AbortSignal.any([this.#signal, this.#stopUpload.signal])
      const { status } = await client.upload(this.#name, length, () => this.#body(), signal)
      const refused = refusalOf(status)
      this.#upload = refused ? { end: 'broken', error: refused } : { end: 'received' }
    } catch (error) {
      this.#upload = { end: 'broken', error }
    }
    this.#heard()
  }

  /**
   * Resolves with the device's success. Throws its failure, `device.busy` when it installs something else, why no
   * verdict will be heard, or what `between` threw. A package may be with the device before it can be stopped: then
   * its verdict counts, and the restart has a proof of its own.
   */
  async verdict(): Promise<void> {
    const { clock, profile } = this.#device
    const stall = durationMs(profile.timing.stallAfter)
    for (;;) {
      const upload = this.#upload
      const verdict = verdictOf(this.#state, upload.end)
      if (verdict === 'success') return
      if (verdict === 'failure' && this.#hasWords() && this.#isTidy()) throw this.#failed()
      if (this.#signal.aborted) throw verdict === 'failure' ? this.#failed() : this.#interrupted(upload)
      if (upload.end === 'broken' && verdict === null && !this.#stopped && !isHint(upload.error)) throw upload.error
      const quiet = clock.monotonic() - this.#heardAt
      const patience = upload.end === 'broken' || this.#socketClosed ? this.#timing.afterBreak : stall
      if (verdict === null && quiet >= patience) throw this.#missed(upload)
      if (clock.monotonic() - this.#lookedAt >= this.#timing.between) await this.#look().catch(() => {})
      await this.#pause()
    }
  }

  #take(message: DeviceMessage): void {
    this.#state = nextState(this.#state, message, this.#name)
    this.#ready ||= isReady(message)
    this.#idle = this.#upload.end === 'broken' && saysIdle(message)
    this.#report()
    // A device may say a thousand things that decide nothing.
    if (this.#state.phase === 'success' || this.#state.phase === 'failure') this.#wake()
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    const { length } = this.#image
    // Progress in at least some dozens of steps, and no more of them than the largest package needs.
    const most = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, Math.ceil(length / 64)))
    // A busy device says so when it has read the head, and resets the connection of whoever sends on: its answer
    // would be lost.
    await sleep(this.#timing.knock, this.#signal)
    // One block ahead: the disk works while the device takes the one before, each in memory of its own.
    let [filling, sending] = [new Uint8Array(most), new Uint8Array(most)]
    const read = (at: number) => this.#read(at, Math.min(most, length - at), filling)
    let ahead = read(0)
    for (let at = 0; at < length; ) {
      const block = await ahead
      ;[filling, sending] = [sending, filling]
      const next = at + block.length
      // The last moment at which stopping leaves the device as it is.
      if (next >= length) await this.#look()
      else {
        ahead = read(next)
        ahead.catch(() => {})
      }
      yield block
      at = next
      // A login that had to be renewed sends it all again.
      this.#sent = Math.max(this.#sent, at)
      this.#report()
      this.#heardAt = this.#device.clock.monotonic()
    }
  }

  async #read(at: number, size: number, into: Uint8Array): Promise<Uint8Array> {
    const block = await this.#image.read(at, size, into)
    if (block.length !== size) throw new AppError('artifact.corrupt', { detail: { off: at, got: block.length } })
    return block
  }

  /** One look at a time at the watched conditions, whoever wants it: the upload or the wait for the verdict. */
  async #look(): Promise<void> {
    if (this.#stopped) return
    this.#looking ??= this.#options.between().finally(() => {
      this.#looking = null
      this.#lookedAt = this.#device.clock.monotonic()
    })
    try {
      await this.#looking
    } catch (error) {
      this.#stopped = { error }
      this.#stopUpload.abort(new AppError('cancelled'))
      throw error
    }
  }

  /** Whether a failure has said why. The log runs beside the states, and can come a moment later. */
  #hasWords(): boolean {
    const now = this.#device.clock.monotonic()
    this.#failedAt ??= now
    return namedCause(this.#state.errors) !== null || now - this.#failedAt >= this.#timing.words
  }

  /** Whether the next attempt would find the device ready: one that comes too early is told that it is busy. */
  #isTidy(): boolean {
    return this.#ready || this.#device.clock.monotonic() - (this.#failedAt ?? 0) >= this.#timing.tidy
  }

  #failed(): unknown {
    // Half a package is what the device then complains of: the cause is ours.
    if (this.#stopped && this.#upload.end !== 'received') return this.#stopped.error
    const { kind, signature } = this.#image.facts
    return failure(this.#state.errors, kind === 'swu' ? signature !== 'none' : null)
  }

  #report(): void {
    const { length } = this.#image
    const installed = this.#state.phase === 'failure' ? 0 : this.#state.installed
    this.#tell(this.#sent * UPLOAD_SHARE + length * installed * (1 - UPLOAD_SHARE))
  }

  #missed(upload: Upload): unknown {
    if (this.#stopped) return this.#stopped.error
    const { phase, whose, began } = this.#state
    const others = whose === 'other' || (phase !== 'idle' && whose === 'unknown' && !began)
    if (upload.end === 'broken' && others) return new AppError('device.busy', { detail: { reason: 'installing' } })
    if (this.#hasItAll()) return this.#verdictMissed(upload)
    // Half a package is never installed: what broke is all that there is to say.
    if (upload.end === 'broken' && isAppError(upload.error)) return upload.error
    return new AppError('device.write-failed', { detail: { reason: 'stalled', at: this.#sent } })
  }

  /** Cut short from outside. Once the device has it all, nobody knows what becomes of it. */
  #interrupted(upload: Upload): unknown {
    return this.#hasItAll() && !this.#stopped ? this.#verdictMissed(upload) : abortError(this.#signal)
  }

  /** The device has, or may have, the whole package. */
  #hasItAll(): boolean {
    return this.#upload.end === 'received' || this.#sent >= this.#image.length
  }

  #verdictMissed(upload: Upload): AppError {
    const after = upload.end === 'broken' ? toErrorData(upload.error).code : upload.end
    const waitedMs = Math.round(this.#device.clock.monotonic() - this.#heardAt)
    return new AppError('device.verdict-missed', { detail: { after, waitedMs, socketClosed: this.#socketClosed } })
  }

  #heard(): void {
    this.#heardAt = this.#device.clock.monotonic()
    this.#wake()
  }

  #wake(): void {
    this.#news = true
    clearTimeout(this.#timer)
    this.#resume()
  }

  /** Until something decides, or it is time for another look. */
  async #pause(): Promise<void> {
    if (!this.#news) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve
        this.#timer = setTimeout(resolve, this.#timing.between)
      })
    }
    this.#news = false
  }
}
