import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { SignalSpec } from '../../../../shared/model/profile.ts'
import type { Reading } from '../../../../shared/model/reading.ts'
import { throwIfAborted } from '../../link/waiting.ts'
import type { Device, Driver } from '../driver.ts'
import { readingOf } from '../readings.ts'

/** What came of reading some signals, and how long one answer took. */
export interface Sensed {
  readonly readings: Reading[]
  /** ms; null: no single one was answered. */
  readonly roundTripMs: number | null
}

/**
 * Reads signals one after the other. What cannot be read becomes a reading with a fault. Once nobody answers, the
 * rest is not asked any more: it would only wait. Throws when the signal fires.
 */
export async function senseSignals(
  driver: Driver,
  device: Device,
  specs: readonly SignalSpec[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Sensed> {
  const readings: Reading[] = []
  let dead: AppError | null = null
  let fastest: number | null = null
  for (const spec of specs) {
    throwIfAborted(signal)
    const asked = { at: clock.monotonic(), time: clock.now() }
    if (dead) {
      readings.push(readingOf(spec, dead, asked))
      continue
    }
    try {
      readings.push(readingOf(spec, await driver.read(device, spec.source, signal), asked))
      fastest = Math.min(fastest ?? Number.POSITIVE_INFINITY, clock.monotonic() - asked.at)
    } catch (error) {
      if (signal.aborted || !isAppError(error)) throw error
      const reading = readingOf(spec, error, asked)
      readings.push(reading)
      if (reading.fault === 'no-answer') dead = error
    }
  }
  return { readings, roundTripMs: fastest }
}

/** Readings for a device that could not be asked at all. */
export function unread(specs: readonly SignalSpec[], error: AppError, clock: Clock): Reading[] {
  const asked = { at: clock.monotonic(), time: clock.now() }
  return specs.map((spec) => readingOf(spec, new AppError('device.no-answer', { cause: error }), asked))
}
