import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { BatchDevice, BatchDeviceState } from '../../../shared/model/batch.ts'
import type { Plan } from '../../../shared/model/plan.ts'

type Wave = Plan['order'][number]

/** A plan without an order is one wave, one device at a time. */
const PLAIN: Omit<Wave, 'types'> = { canary: 0, parallel: 1, stopAfterFailures: 1 }

/** Puts devices into the plan's waves, the first of each wave as its canaries. Keeps the given order otherwise. */
export function planBatch(
  plan: Plan,
  devices: readonly { readonly key: string; readonly name: string; readonly type: string }[],
): BatchDevice[] {
  const placed = devices.map(({ key, name, type }) => ({ key, name, wave: waveOf(plan, type) }))
  return placed
    .toSorted((a, b) => a.wave - b.wave)
    .map((device, at, all) => ({
      ...device,
      canary: all.slice(0, at).filter(({ wave }) => wave === device.wave).length < ruleOf(plan, device.wave).canary,
      state: 'waiting',
      run: null,
      reason: null,
    }))
}

function waveOf(plan: Plan, type: string): number {
  const wave = plan.order.findIndex(({ types }) => types.includes(type))
  // A type that the order leaves out comes after all that it names.
  return wave === -1 ? plan.order.length : wave
}

function ruleOf(plan: Plan, wave: number): Omit<Wave, 'types'> {
  return plan.order[wave] ?? PLAIN
}

const OVER: ReadonlySet<BatchDeviceState> = new Set(['succeeded', 'not-needed', 'failed', 'skipped'])

export interface NextStep {
  /** Devices whose turn it is now. */
  readonly start: readonly string[]
  /** Why no further device may start; null while more may. */
  readonly stopped: ErrorData | null
}

/**
 * Whose turn is it? Waves one after the other; in a wave its canaries first, and the rest only when all of
 * them succeeded; never more at a time than the plan says; nobody any more once too many failed. A failure
 * stops no device that runs already. Pure.
 */
export function nextStep(plan: Plan, devices: readonly BatchDevice[]): NextStep {
  const wave = devices.find(({ state }) => !OVER.has(state))?.wave
  const waves = [...new Set(devices.map((device) => device.wave))].filter((one) => wave === undefined || one <= wave)
  for (const one of waves) {
    const failures = devices.filter((device) => device.wave === one && device.state === 'failed').length
    const limit = ruleOf(plan, one).stopAfterFailures
    const canaryFailed = devices.some((device) => device.wave === one && device.canary && device.state === 'failed')
    if (failures >= limit || canaryFailed) {
      return {
        start: [],
        stopped: new AppError('plan.batch-stopped', { detail: { wave: one, failures, limit } }).toData(),
      }
    }
  }
  if (wave === undefined) return { start: [], stopped: null }
  const mine = devices.filter((device) => device.wave === wave)
  const running = mine.filter(({ state }) => state === 'running' || state === 'needs-person').length
  const canariesLeft = mine.some(({ canary, state }) => canary && !OVER.has(state))
  const turn = mine.filter(({ state, canary }) => state === 'waiting' && (canary || !canariesLeft))
  return {
    start: turn.slice(0, Math.max(0, ruleOf(plan, wave).parallel - running)).map(({ key }) => key),
    stopped: null,
  }
}

/** Nobody waits or runs any more, or nobody runs and nobody may start. */
export function isOver(devices: readonly BatchDevice[], stopped: boolean): boolean {
  return devices.every(({ state }) => OVER.has(state) || (stopped && state === 'waiting'))
}
