import type { DryRun } from '../../../shared/contract/plans.ts'
import type { RunReport } from '../../../shared/contract/runs.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { type AnswerChoice, isFinal, type RunSummary, type RunView } from '../../../shared/model/run.ts'
import { type RunQueries, type RunRow, runQueries } from '../store/runs.ts'
import { RunActor } from './actor.ts'
import { type Asker, requireRole, requireSecond, type Second } from './authority.ts'
import { Batches } from './batches.ts'
import { Claims } from './claims.ts'
import { dryRun } from './dry-run.ts'
import { Frozen, readStored } from './frozen.ts'
import { initialState, RunState } from './machine/state.ts'
import type { Now } from './machine/verdict.ts'
import type { RunPorts } from './ports.ts'
import { reportOf } from './report.ts'
import { freeze, insertRun, recordRefusal, type StartInput } from './start.ts'
import { type Shown, summaryOf, viewOf } from './views.ts'

/** Runs shown in the list, newest first; older ones stay in the store. */
const LISTED = 200
/** Runs that are over and keep their last readings in memory. */
const KEPT_AFTER_END = 50
/** An act that cannot be stopped gets this long when the host stops, ms. */
const GRACE_MS = 10_000

/** All runs of this console: starts them, carries people's words to them, shows them, finds them again. */
export class RunService {
  readonly #ports: RunPorts
  readonly #queries: RunQueries
  readonly #actors = new Map<string, RunActor>()
  /** Summaries of runs that were over before this host began. */
  readonly #over = new Map<string, RunSummary>()
  readonly #listeners = new Set<() => void>()
  readonly #commitListeners = new Set<() => void>()
  /** One plan on several devices. */
  readonly batches: Batches
  /** Boot loaders that cannot say whose they are. */
  readonly claims: Claims
  #closed = false

  constructor(ports: RunPorts) {
    this.#ports = ports
    this.#queries = runQueries(ports.db)
    this.batches = new Batches(ports, this)
    this.claims = new Claims(ports, this.#queries)
  }

  /** Takes up every run that was not over when the host last stopped. Call once, before anything else. */
  recover(): void {
    for (const row of this.#queries.unfinished()) {
      try {
        this.#actor(row).begin({ type: 'host-restarted' })
      } catch (error) {
        // A row that cannot be read keeps its device locked: what runs there is not known.
        this.#ports.log(error, `recover run ${row.id}`)
      }
    }
  }

  /**
   * Starts a plan on a device. Every proof but the safe state must hold now; a refusal is recorded and
   * thrown as its reason. Also throws `run.device-busy`, `people.second-person-needed`,
   * `people.same-person-twice` and what the second person's passphrase check throws.
   */
  async start(input: StartInput, by: Asker): Promise<{ run: string }> {
    const ports = this.#ports
    this.#queries.requireFree(input.device)
    const id = ports.newRunId()
    try {
      await insertRun(ports, this.#queries, id, await freeze(ports, input, by), initialState(this.#now()))
    } catch (error) {
      if (isAppError(error) && !isAppError(error, 'run.device-busy')) await recordRefusal(ports, id, input, by, error)
      throw error
    }
    this.#actor(this.#row(id)).begin({ type: 'start' })
    return { run: id }
  }

  /** Throws `run.wrong-answer`, `run.not-waiting`, and `people.*` when the plan does not let this person. */
  async answer(
    input: { run: string; question: string; choice: AnswerChoice; note?: string | undefined },
    by: Asker,
  ): Promise<void> {
    const actor = this.#require(input.run)
    requireRole(this.#ports.people, actor.frozen, by.operator, actor.frozen.plan.authority.roles)
    const { question, choice, note = null } = input
    await actor.tell({ type: 'answered', question, choice, note, by: by.operator })
  }

  /**
   * Lets one condition be false from now on, the way the plan allows. Throws `run.override-not-allowed`,
   * `people.role-missing`, `people.second-person-needed`, `people.same-person-twice`.
   */
  async override(
    input: { run: string; condition: string; reason: string; second?: Second | undefined },
    by: Asker,
  ): Promise<void> {
    const actor = this.#require(input.run)
    const condition = actor.frozen.plan.conditions.find(({ id }) => id === input.condition)
    const allowed = condition && 'override' in condition ? condition.override : undefined
    if (!allowed) throw new AppError('run.override-not-allowed', { detail: { condition: input.condition } })
    requireRole(this.#ports.people, actor.frozen, by.operator, allowed.roles)
    const second = await requireSecond(this.#ports.people, actor.frozen, by.operator, input.second, allowed)
    const { condition: id, reason } = input
    await actor.tell({ type: 'overridden', condition: id, reason, second, by: by.operator })
  }

  /** A wish, honoured at the next safe point. Throws `run.not-safe-to-stop` where there is none any more. */
  async cancel(input: { run: string }, by: Asker | null): Promise<void> {
    await this.#require(input.run).tell({ type: 'cancel-wished', by: by?.operator ?? 'console' })
  }

  async pause(input: { run: string; paused: boolean }, by: Asker | null): Promise<void> {
    await this.#require(input.run).tell({ type: 'pause-wished', on: input.paused, by: by?.operator ?? 'console' })
  }

  /** A run that ended `unknown` asks the device once more. Throws `run.not-final`, `run.device-busy`. */
  async checkAgain(input: { run: string }, by: Asker): Promise<void> {
    const row = this.#row(input.run)
    const actor = this.#actors.get(input.run) ?? this.#actor(row)
    requireRole(this.#ports.people, actor.frozen, by.operator, actor.frozen.plan.authority.roles)
    this.#queries.requireFree(row.device, row.id)
    await actor.tell({ type: 'check-again', by: by.operator })
  }

  /** Newest first: all that are not over, and the latest that are. */
  list(): RunSummary[] {
    return this.#queries.listed(LISTED).flatMap((id) => this.summary(id) ?? [])
  }

  /** Throws `run.unknown`. */
  view(id: string): RunView {
    return viewOf(this.#shown(this.#row(id)), this.#now())
  }

  /** Throws `run.unknown`. */
  report(id: string): RunReport {
    return reportOf(this.view(id), this.#queries.journal(id))
  }

  /** Runs of one device, newest first. */
  history(device: string, limit = 50): RunSummary[] {
    return this.#queries.ofDevice(device, limit).flatMap((id) => this.summary(id) ?? [])
  }

  /** The unfinished run of a device. */
  activeOn(device: string): string | null {
    return (
      [...this.#actors.values()].find(({ frozen, state }) => frozen.device.key === device && !isFinal(state.phase))
        ?.id ?? null
    )
  }

  /** How many runs are not over. */
  active(): number {
    return [...this.#actors.values()].filter(({ state }) => !isFinal(state.phase)).length
  }

  /** Runs that are doing something to a device just now: the laptop must not sleep, the window not close. */
  activeWrites(): string[] {
    return [...this.#actors.values()].filter(({ state }) => WRITING.has(state.phase)).map(({ id }) => id)
  }

  /** What would happen, without touching the memory of any device. */
  async dryRun(plan: string, devices: readonly string[], by: Asker, signal: AbortSignal): Promise<DryRun[]> {
    return await dryRun(this.#ports, plan, devices, by, signal)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Only when a run has moved, and not with every byte that it writes. */
  onCommit(listener: () => void): () => void {
    this.#commitListeners.add(listener)
    return () => this.#commitListeners.delete(listener)
  }

  /** Lets every run go at its next safe place; what is unfinished is taken up by the next life of the host. */
  async close(): Promise<void> {
    this.#closed = true
    this.batches.close()
    await Promise.all([...this.#actors.values()].map((actor) => actor.close(GRACE_MS)))
    this.#listeners.clear()
  }

  #actor(row: RunRow): RunActor {
    if (this.#closed) throw new AppError('host.unavailable')
    const actor = new RunActor({
      id: row.id,
      frozen: readStored(Frozen, row.frozen, 'run.frozen_json'),
      state: readStored(RunState, row.state, 'run.state_json'),
      lines: this.#queries.lastLine(row.id),
      ports: this.#ports,
      queries: this.#queries,
      onChange: () => this.#tell(this.#listeners),
      onCommit: () => this.#committed(),
    })
    this.#actors.set(row.id, actor)
    return actor
  }

  #row(id: string): RunRow {
    const row = this.#queries.get(id)
    if (!row) throw new AppError('run.unknown', { detail: { run: id } })
    return row
  }

  #require(id: string): RunActor {
    const actor = this.#actors.get(id)
    if (actor) return actor
    this.#row(id)
    throw new AppError('run.not-waiting', { detail: { run: id } })
  }

  #shown(row: RunRow): Shown {
    const actor = this.#actors.get(row.id)
    if (actor) {
      const { id, frozen, state, live } = actor
      return { id, frozen, state, live, startedAt: row.startedAt }
    }
    return {
      id: row.id,
      frozen: readStored(Frozen, row.frozen, 'run.frozen_json'),
      state: readStored(RunState, row.state, 'run.state_json'),
      startedAt: row.startedAt,
      live: null,
    }
  }

  /** Null for a row that cannot be read: one bad row must not hide the others. */
  summary(id: string): RunSummary | null {
    const actor = this.#actors.get(id)
    const known = actor ? null : this.#over.get(id)
    if (known) return known
    try {
      const summary = summaryOf(this.#shown(this.#row(id)))
      // What nobody works on any more does not change: a list of hundreds is read often.
      if (!actor && summary.endedAt !== null) this.#over.set(id, summary)
      return summary
    } catch (error) {
      this.#ports.log(error, `list run ${id}`)
      return null
    }
  }

  #now(): Now {
    const { clock, now, hostId } = this.#ports
    return { host: hostId, mono: clock.monotonic(), wall: now() }
  }

  #committed(): void {
    const over = [...this.#actors.values()].filter(({ state }) => isFinal(state.phase))
    for (const { id } of over.slice(0, -KEPT_AFTER_END)) this.#actors.delete(id)
    this.#tell(this.#commitListeners)
  }

  #tell(listeners: ReadonlySet<() => void>): void {
    for (const listener of listeners) listener()
  }
}

const WRITING: ReadonlySet<string> = new Set(['detaching', 'writing', 'restarting', 'confirming', 'rolling-back'])
