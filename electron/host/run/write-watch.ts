import { AppError, type ErrorData, isAppError } from '../../../shared/errors.ts'
import { durationMs } from '../../../shared/model/duration.ts'
import type { DeviceSession } from '../device/device-access.ts'
import type { Image, WriteOptions } from '../device/driver.ts'
import { sense, show } from './sense.ts'
import { noticeTime, type Work } from './work.ts'

/** Watched conditions are read this often during a write: each reading takes time from it. ms */
const WATCH_MS = 1_000

/**
 * What happens beside a write: progress, the watched conditions over the same link, wishes to stop, and
 * the alarm when nothing moves any more.
 */
export class WriteWatch {
  readonly options: WriteOptions
  readonly signal: AbortSignal
  /** Why it was stopped, when we stopped it. */
  stoppedBy: ErrorData | null = null
  /** It stood still for longer than the profile allows. */
  stalled: AppError | null = null
  readonly #work: Work
  readonly #session: DeviceSession
  readonly #image: Image
  readonly #abort = new AbortController()
  readonly #over = new AbortController()
  #looked: number
  #moved: number
  #first: number | null = null
  #done = 0

  constructor(work: Work, session: DeviceSession, image: Image) {
    this.#work = work
    this.#session = session
    this.#image = image
    const now = work.ports.clock.monotonic()
    this.#looked = now
    this.#moved = now
    this.signal = AbortSignal.any([work.closing, this.#abort.signal])
    this.options = { progress: (done, total) => this.#progress(done, total), between: () => this.#between() }
    this.#guardAgainstStall().catch((error: unknown) => work.ports.log(error, 'write watch'))
  }

  /** Bytes moved since this write began. */
  get progressed(): boolean {
    return this.#first !== null && this.#done > this.#first
  }

  end(): void {
    this.#over.abort()
  }

  #progress(done: number, total: number): void {
    const { clock } = this.#work.ports
    this.#first ??= done
    if (done > this.#done) this.#moved = clock.monotonic()
    this.#done = Math.max(this.#done, done)
    const { meter } = this.#work.live
    this.#work.live.progress = meter.report('write', this.#image.component, done, total, true, clock.monotonic())
    this.#work.touch()
  }

  /** Awaited by the driver between requests. Throws to stop the write, where stopping is harmless. */
  async #between(): Promise<void> {
    const { clock } = this.#work.ports
    if (clock.monotonic() - this.#looked < WATCH_MS) return
    this.#looked = clock.monotonic()
    await noticeTime(this.#work)
    const reason = this.#wish() ?? (await this.#unsafe())
    if (!reason || !this.#session.driver.traits.stoppable) return
    this.stoppedBy = reason
    throw AppError.fromData(reason)
  }

  #wish(): ErrorData | null {
    const state = this.#work.state()
    if (state.cancelWished) return new AppError('cancelled').toData()
    if (state.timeUp && !state.timeWaived) return new AppError('run.took-too-long').toData()
    return null
  }

  async #unsafe(): Promise<ErrorData | null> {
    const { overrides } = this.#work.state()
    const watched = this.#work.rules.watched.filter(({ id }) => !overrides.some(({ condition }) => condition === id))
    if (watched.length === 0) return null
    const ids = watched.map(({ id }) => id)
    const sensed = await sense(this.#work, this.#session, watched, ids, this.signal)
    show(this.#work, sensed)
    for (const { id, title } of watched) {
      const judgement = sensed.judgements.get(id)
      if (judgement?.holds) continue
      const why = judgement?.reason
      const detail = { ...why?.detail, condition: id, title, why: why?.code ?? null }
      return new AppError('condition.changed-while-writing', { detail }).toData()
    }
    return null
  }

  async #guardAgainstStall(): Promise<void> {
    const { clock, sleep } = this.#work.ports
    const limit = durationMs(this.#work.frozen.profile.timing.stallAfter)
    try {
      for (;;) {
        const left = this.#moved + limit - clock.monotonic()
        if (left <= 0) break
        await sleep(left, AbortSignal.any([this.#over.signal, this.signal]))
      }
    } catch (error) {
      if (this.#over.signal.aborted || this.signal.aborted || isAppError(error, 'cancelled')) return
      throw error
    }
    this.stalled = new AppError('device.write-failed', { detail: { at: this.#done, stalledMs: limit } })
    this.#abort.abort()
  }
}
