import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { RunQueries } from '../store/runs.ts'
import type { Frozen } from './frozen.ts'
import { writeTransition } from './journal.ts'
import { freshLive, type Live } from './live.ts'
import { ask, awaitReturn, check, runChecks, stage, takeBack, wait } from './look.ts'
import { type Effect, isRefusal, type Refusal, type RunEvent, type Transition } from './machine/event.ts'
import { next } from './machine/machine.ts'
import type { RunState } from './machine/state.ts'
import type { RunPorts } from './ports.ts'
import { proveAndAct } from './prove.ts'
import { ImageShelf } from './shelf.ts'
import { POLL_MS, rulesOf, type Work } from './work.ts'

/** How soon a commit that the disk refused is tried again, ms. */
const STORE_RETRY_MS = 5_000

export interface ActorOptions {
  readonly id: string
  readonly frozen: Frozen
  readonly state: RunState
  /** Number of the journal's last line. */
  readonly lines: number
  readonly ports: RunPorts
  readonly queries: RunQueries
  /** Something that a screen shows has changed. */
  readonly onChange: () => void
  /** A transition is on disk. */
  readonly onCommit: () => void
}

/**
 * One run, alive: takes the machine's effects, carries them out one after the other, and makes each
 * transition durable before the next thing happens. People's words come in beside that and change what
 * is done only through the machine.
 */
export class RunActor {
  readonly id: string
  readonly frozen: Frozen
  readonly live: Live = freshLive()
  readonly #options: ActorOptions
  readonly #work: Work
  readonly #closing = new AbortController()
  #state: RunState
  #lines: number
  #effect: Effect | null = null
  #turn = new AbortController()
  #lastDone: Effect['do'] | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #running: Promise<void> | null = null
  /** The host stops: the act that runs is the last. */
  #leaving = false

  constructor(options: ActorOptions) {
    const { id, frozen, ports } = options
    this.id = id
    this.frozen = frozen
    this.#options = options
    this.#state = options.state
    this.#lines = options.lines
    this.#work = {
      run: id,
      ports,
      frozen,
      rules: rulesOf(frozen.plan),
      images: new ImageShelf(frozen.images, ports.artifacts),
      live: this.live,
      closing: this.#closing.signal,
      state: () => this.#state,
      now: () => this.#now(),
      commit: (event) => this.#commitSurely(event),
      touch: options.onChange,
    }
  }

  get state(): RunState {
    return this.#state
  }

  /**
   * Sets it going with its first event: `start` for a new run, `host-restarted` for one that was found. Does
   * not wait: a disk that takes nothing holds up this run and not the host.
   */
  begin(event: RunEvent): void {
    this.#commitSurely(event)
      .then(() => this.#go())
      .catch((error: unknown) => this.#options.ports.log(error, `run ${this.id} begin`))
  }

  /** What a person says. Throws the refusal's code, and `store.*` or `disk.full` when it cannot be kept. */
  async tell(event: RunEvent): Promise<void> {
    if (this.live.storeNote) throw AppError.fromData(this.live.storeNote)
    const step = await this.#enqueue(async () => {
      const told = await this.#commit(event)
      // What was being done is no longer what should be done. Acts are never cut short by this: the machine
      // answers words during an act with a wish, and not with another effect.
      if (!isRefusal(told) && told.effect) this.#turn.abort()
      return told
    })
    if (isRefusal(step)) throw new AppError(step.refused, { detail: { run: this.id, phase: this.#state.phase } })
    this.#go()
  }

  /**
   * Lets go at the next safe place: at once while waiting and where a write can be stopped; an act that
   * cannot be stopped gets `graceMs`. What is then unfinished is recovered by the next life of the host.
   */
  async close(graceMs: number): Promise<void> {
    if (this.live.acting?.stoppable === false && this.#running) {
      this.#leaving = true
      const over = new AbortController()
      const grace = this.#options.ports.sleep(graceMs, over.signal).catch(() => {})
      await Promise.race([this.#running, grace])
      over.abort()
    }
    this.#closing.abort()
    await this.#running
  }

  #now() {
    const { clock, now, hostId } = this.#options.ports
    return { host: hostId, mono: clock.monotonic(), wall: now() }
  }

  #go(): void {
    if (this.#running || this.#closing.signal.aborted || this.#leaving) return
    this.#running = this.#loop().finally(() => {
      this.#running = null
      // A word may have come in while the loop put its things away.
      if (this.#effect && this.#effect.do !== 'end') this.#go()
    })
  }

  async #loop(): Promise<void> {
    const { ports } = this.#options
    while (this.#effect && this.#effect.do !== 'end' && !this.#closing.signal.aborted && !this.#leaving) {
      const effect = this.#effect
      this.#turn = new AbortController()
      const turn = AbortSignal.any([this.#turn.signal, this.#closing.signal])
      try {
        await this.#perform(effect, turn)
        this.#lastDone = effect.do
      } catch (error) {
        if (turn.aborted) continue
        // Nothing here should throw: the run stays where it is and tries again.
        ports.log(error, `run ${this.id} ${effect.do}`)
        await ports.sleep(POLL_MS, turn).catch(() => {})
      }
    }
    await this.#work.images.close()
  }

  async #perform(effect: Effect, turn: AbortSignal): Promise<void> {
    const work = this.#work
    switch (effect.do) {
      case 'check':
        return await check(work, turn)
      case 'stage':
        return await stage(work, turn)
      case 'prove':
        return await proveAndAct(work, turn)
      case 'await-return':
        return await awaitReturn(work, turn)
      case 'observe':
        return await ask(work, effect.health, this.#lastDone === 'await-return', turn)
      case 'run-checks':
        return await runChecks(work, turn)
      case 'restore':
        return await takeBack(work, turn)
      case 'wait':
        return await wait(work, effect.for === 'device', turn)
      // Acts happen inside the hold on the device in which they were proved, and nowhere else. One that is
      // left over may have begun or not: as after a crash, only the device can say.
      case 'detach':
      case 'write':
      case 'restart':
      case 'confirm':
      case 'roll-back':
        return void (await work.commit({ type: 'host-restarted' }))
      case 'end':
    }
  }

  /** The console's own events: kept trying until they are on disk, because nothing may happen before they are. */
  #commitSurely(event: RunEvent): Promise<Transition | Refusal> {
    return this.#enqueue(async () => {
      for (;;) {
        try {
          return await this.#commit(event)
        } catch (error) {
          if (this.#closing.signal.aborted) throw error
          this.#options.ports.log(error, `run ${this.id} commit`)
          this.#noteStore(toErrorData(error))
          await this.#options.ports.sleep(STORE_RETRY_MS, this.#closing.signal)
        }
      }
    })
  }

  async #commit(event: RunEvent): Promise<Transition | Refusal> {
    const { frozen, ports, queries } = this.#options
    const context = { plan: frozen.plan, profile: frozen.profile, images: frozen.images, now: this.#now() }
    const step = next(this.#state, event, context)
    if (isRefusal(step) || (step.log.length === 0 && step.effect === null)) return step
    const written = queries.lastLine(this.id) - this.#lines
    if (written === 0) {
      await writeTransition(ports, queries, { id: this.id, frozen }, step, this.#lines)
      this.#noteStore(null)
    } else if (written !== step.log.length) {
      throw new AppError('internal', { detail: { run: this.id, written } })
    }
    // Otherwise an attempt before this one did reach the disk, whatever its writer was told.
    this.#lines += step.log.length
    this.#state = step.state
    if (step.effect) this.#effect = step.effect
    this.#options.onCommit()
    this.#options.onChange()
    return step
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => {})
    return result
  }

  #noteStore(note: ErrorData | null): void {
    if (this.live.storeNote?.code === note?.code) return
    this.live.storeNote = note
    this.#options.onChange()
  }
}
