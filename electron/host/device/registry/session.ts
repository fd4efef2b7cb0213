import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { Claim } from '../../../../shared/model/claim.ts'
import type { DeviceKey, DeviceStatus, Identity } from '../../../../shared/model/device.ts'
import type { SignalSpec } from '../../../../shared/model/profile.ts'
import type { Reading } from '../../../../shared/model/reading.ts'
import { throwIfAborted } from '../../link/waiting.ts'
import type { DeviceSession } from '../device-access.ts'
import type { Device, Driver } from '../driver.ts'
import { readingOf } from '../readings.ts'

export interface SessionParts {
  readonly key: DeviceKey
  readonly identity: Identity
  readonly driver: Driver
  readonly device: Device
  readonly claim: Claim | null
  expectLoader(withinMs: number): void
  noteStatus(status: DeviceStatus): void
  /** `roundTripMs`: how long one answer took; null: none came. */
  noteReadings(readings: readonly Reading[], roundTripMs: number | null): void
  noteLoss(error: AppError): Promise<void>
}

/** What a turn with a device consists of. Whatever the device says is noted for everybody. */
export function deviceSession(parts: SessionParts): DeviceSession {
  const { key, identity, driver, device, claim } = parts
  const { profile } = device
  return {
    key,
    identity,
    profile,
    driver,
    device,
    claim,
    expectLoader: (withinMs) => parts.expectLoader(withinMs),
    async status(signal) {
      const status = await driver.status(device, signal)
      parts.noteStatus(status)
      return status
    },
    async readSignals(ids, signal) {
      const specs = ids.map((id) => {
        const spec = profile.signals.find((one) => one.id === id)
        if (!spec) throw new AppError('reading.unknown-signal', { detail: { signal: id } })
        return spec
      })
      const { readings, roundTripMs, dead } = await sense(driver, device, specs, signal)
      if (dead?.code === 'link.lost') await parts.noteLoss(dead)
      parts.noteReadings(readings, roundTripMs)
      return readings
    },
  }
}

interface Sensed {
  readonly readings: Reading[]
  readonly roundTripMs: number | null
  /** Why nobody answered any more, if so. */
  readonly dead: AppError | null
}

/**
 * Reads signals one after the other. What cannot be read becomes a reading with a fault. Once nobody answers, the
 * rest is not asked any more: it would only wait. Throws when the signal fires.
 */
async function sense(
  driver: Driver,
  device: Device,
  specs: readonly SignalSpec[],
  signal: AbortSignal,
): Promise<Sensed> {
  const { clock } = device
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
  return { readings, roundTripMs: fastest, dead }
}

/** Readings for a device that could not be asked at all. */
export function unread(specs: readonly SignalSpec[], error: AppError, clock: Clock): Reading[] {
  const asked = { at: clock.monotonic(), time: clock.now() }
  return specs.map((spec) => readingOf(spec, new AppError('device.no-answer', { cause: error }), asked))
}
