import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { BatchDevice, BatchView } from '../../../shared/model/batch.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import type { Asker, Second } from './authority.ts'
import { isOver, nextStep, planBatch } from './batch.ts'
import type { RunPorts } from './ports.ts'
import type { StartInput } from './start.ts'

/** What a batch needs of runs. */
export interface BatchRuns {
  start(input: StartInput, by: Asker): Promise<{ run: string }>
  summary(run: string): RunSummary | null
  onCommit(listener: () => void): () => void
}

interface Batch {
  readonly plan: Plan
  readonly by: Asker
  readonly second: string | null
  view: BatchView
  /** Starts on their way: a device is started once. */
  readonly starting: Set<string>
}

/**
 * Batches of this life of the host. A batch starts runs and watches them; it holds no device and knows
 * nothing that its runs do not. When the host stops its runs are recovered one by one, and nobody starts
 * the rest without a person.
 */
export class Batches {
  readonly #ports: RunPorts
  readonly #runs: BatchRuns
  readonly #batches = new Map<string, Batch>()
  readonly #stopListening: () => void
  readonly #listeners = new Set<() => void>()

  constructor(ports: RunPorts, runs: BatchRuns) {
    this.#ports = ports
    this.#runs = runs
    this.#stopListening = runs.onCommit(() => this.#follow())
  }

  /** Throws `trust.none`, `plan.unknown`, `device.unknown`, `people.*`. */
  async start(
    input: { plan: string; devices: readonly string[]; second?: Second | undefined },
    by: Asker,
  ): Promise<{ batch: string }> {
    const { library, people, devices, newRunId, now } = this.#ports
    const plan = library.current()?.plans.get(input.plan)?.document
    if (!plan) throw new AppError('plan.unknown', { detail: { plan: input.plan } })
    const chosen = [...new Set(input.devices)].map((key) => {
      const device = devices.get(key)
      if (!device) throw new AppError('device.unknown', { detail: { device: key } })
      return { key, name: device.name, type: device.identity.type }
    })
    // One passphrase for the whole batch: each run checks again what the second person may do.
    if (plan.authority.twoPerson && !input.second) throw new AppError('people.second-person-needed')
    const second = input.second ? await people.verifySecond(input.second) : null
    const id = newRunId()
    const view: BatchView = {
      id,
      plan: plan.id,
      planTitle: plan.title,
      actor: by.operator,
      startedAt: now(),
      endedAt: null,
      stopped: null,
      devices: planBatch(plan, chosen),
    }
    this.#batches.set(id, { plan, by, second, view, starting: new Set() })
    this.#follow()
    return { batch: id }
  }

  /** Starts no more devices; what runs goes on. Throws `run.unknown`. */
  stop(id: string): void {
    const batch = this.#require(id)
    batch.view = { ...batch.view, stopped: batch.view.stopped ?? new AppError('cancelled').toData() }
    this.#follow()
  }

  /** Throws `run.unknown`. */
  view(id: string): BatchView {
    return this.#require(id).view
  }

  /** A batch changes when its runs do, and also when a person stops it or a start is refused. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#stopListening()
    this.#listeners.clear()
  }

  #require(id: string): Batch {
    const batch = this.#batches.get(id)
    if (!batch) throw new AppError('run.unknown', { detail: { run: id } })
    return batch
  }

  #follow(): void {
    for (const batch of this.#batches.values()) {
      if (batch.view.endedAt !== null) continue
      batch.view = { ...batch.view, devices: batch.view.devices.map((device) => this.#refreshed(device)) }
      this.#advance(batch)
    }
    for (const listener of this.#listeners) listener()
  }

  #refreshed(device: BatchDevice): BatchDevice {
    const summary = device.run === null ? null : this.#runs.summary(device.run)
    return summary ? { ...device, ...stateOf(summary) } : device
  }

  #advance(batch: Batch): void {
    const { plan, view } = batch
    const next = view.stopped ? { start: [], stopped: view.stopped } : nextStep(plan, view.devices)
    const over = batch.starting.size === 0 && isOver(view.devices, next.stopped !== null)
    batch.view = {
      ...view,
      stopped: next.stopped,
      endedAt: over ? this.#ports.now() : null,
      devices: over ? view.devices.map(skipWaiting) : view.devices,
    }
    for (const key of next.start) if (!batch.starting.has(key)) this.#startOne(batch, key)
  }

  #startOne(batch: Batch, key: string): void {
    batch.starting.add(key)
    this.#change(batch, key, { state: 'running' })
    const input = { plan: batch.plan.id, device: key, batch: batch.view.id, verifiedSecond: batch.second ?? undefined }
    this.#runs
      .start(input, batch.by)
      .then(({ run }) => this.#change(batch, key, { run }))
      .catch((error: unknown) => this.#change(batch, key, refused(toErrorData(error))))
      .finally(() => {
        batch.starting.delete(key)
        this.#follow()
      })
      .catch((error: unknown) => this.#ports.log(error, `batch ${batch.view.id}`))
  }

  #change(batch: Batch, key: string, change: Partial<BatchDevice>): void {
    const devices = batch.view.devices.map((device) => (device.key === key ? { ...device, ...change } : device))
    batch.view = { ...batch.view, devices }
  }
}

function stateOf({ phase, needsPerson, reason }: RunSummary): Pick<BatchDevice, 'state' | 'reason'> {
  if (phase === 'succeeded') return { state: 'succeeded', reason: null }
  if (phase === 'failed' || phase === 'rolled-back' || phase === 'unknown' || phase === 'cancelled') {
    return { state: 'failed', reason }
  }
  return { state: needsPerson ? 'needs-person' : 'running', reason }
}

/** A device that already runs the new version is where the batch wants it. */
function refused(reason: ErrorData): Partial<BatchDevice> {
  return { state: reason.code === 'plan.not-needed' ? 'not-needed' : 'failed', reason }
}

function skipWaiting(device: BatchDevice): BatchDevice {
  return device.state === 'waiting' ? { ...device, state: 'skipped' } : device
}
