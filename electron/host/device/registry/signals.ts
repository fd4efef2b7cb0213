import type { Clock } from '../../../../shared/clock.ts'
import type { SignalRow } from '../../../../shared/contract/devices.ts'
import type { DeviceKey } from '../../../../shared/model/device.ts'
import { durationMs } from '../../../../shared/model/duration.ts'
import type { Profile, SignalSpec } from '../../../../shared/model/profile.ts'
import type { Reading } from '../../../../shared/model/reading.ts'
import { levelOf } from '../readings.ts'

const MAX_RECENT = 120

interface Track {
  reading: Reading
  recent: { readonly value: number; readonly time: number }[]
}

/** Newest readings and short histories, by device and signal. */
export class SignalBook {
  readonly #devices = new Map<DeviceKey, Map<string, Track>>()

  add(key: DeviceKey, readings: readonly Reading[]): void {
    const tracks = this.#devices.get(key) ?? new Map<string, Track>()
    this.#devices.set(key, tracks)
    for (const reading of readings) {
      const track = tracks.get(reading.signal) ?? { reading, recent: [] }
      // Two askers may answer out of order: the newer question wins.
      if (reading.at >= track.reading.at) track.reading = reading
      if (typeof reading.value === 'number') track.recent.push({ value: reading.value, time: reading.time })
      if (track.recent.length > MAX_RECENT) track.recent.shift()
      tracks.set(reading.signal, track)
    }
  }

  newest(key: DeviceKey): ReadonlyMap<string, Reading> {
    const tracks = this.#devices.get(key) ?? new Map<string, Track>()
    return new Map([...tracks].map(([signal, { reading }]) => [signal, reading]))
  }

  /** Signals of the profile that should be read now; all of them for a device that was never read. */
  due(key: DeviceKey, profile: Profile, now: number): readonly string[] {
    const tracks = this.#devices.get(key)
    const isDue = ({ id, every }: SignalSpec) => {
      const at = tracks?.get(id)?.reading.at
      return at === undefined || now - at >= durationMs(every)
    }
    return profile.signals.filter(isDue).map(({ id }) => id)
  }

  /** Rows in the order of the profile; a signal that was never read has none. */
  rows(key: DeviceKey, profile: Profile, clock: Clock): readonly SignalRow[] {
    const tracks = this.#devices.get(key)
    return profile.signals.flatMap((spec): SignalRow[] => {
      const track = tracks?.get(spec.id)
      if (!track) return []
      return [
        {
          ...track.reading,
          title: spec.title,
          type: spec.type,
          level: levelOf(spec, track.reading.value),
          limits: { warn: spec.warn ?? null, alarm: spec.alarm ?? null },
          ageMs: Math.max(0, clock.monotonic() - track.reading.at),
          recent: track.recent.map(({ value }) => value),
          recentAt: track.recent.map(({ time }) => time),
        },
      ]
    })
  }
}
