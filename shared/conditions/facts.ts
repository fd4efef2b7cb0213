import type { CelInput } from '@bufbuild/cel'
import type { DeviceStatus, Identity } from '../model/device.ts'
import type { Role } from '../model/policy.ts'
import type { Profile } from '../model/profile.ts'
import type { Reading, ReadingFault, SignalValue } from '../model/reading.ts'
import { celTimestamp } from './expression.ts'
import { componentOf, needsStatus, signalOf } from './names.ts'

/** What the laptop knows of itself. Null: it would not say. */
export interface ConsoleFacts {
  /** Charge in percent, 0 to 100. */
  readonly battery: number | null
  readonly onMains: boolean | null
  /** Days since the server signed the newest metadata. */
  readonly offlineDays: number | null
}

/** Everything that conditions can be about, as it was read. */
export interface FactSources {
  readonly profile: Profile
  readonly identity: Identity
  readonly readings: ReadonlyMap<string, Reading>
  /** The device's last status, and when it was asked, on the monotonic clock. */
  readonly status: { readonly value: DeviceStatus; readonly at: number } | null
  readonly console: ConsoleFacts
  readonly operator: { readonly id: string; readonly roles: readonly Role[] }
  /** The console's best idea of the date, ms since 1970. */
  readonly now: number
}

/** One named value. Null `value`: there is none, and `fault` may say why. */
export interface Fact {
  readonly value: CelInput | null
  /** The value as a person sees it; null where there is none or it is no single value. */
  readonly shown: SignalValue | null
  readonly title: string
  readonly unit: string
  /** When it was read, on the monotonic clock; null for what does not age. */
  readonly at: number | null
  readonly fault: ReadingFault | 'unknown-signal' | null
  readonly raw: string
}

/** Looks up what an expression calls `name`. */
export function factOf(name: string, sources: FactSources): Fact {
  const signal = signalOf(name)
  if (signal !== null) return signalFact(signal, sources)
  const at = needsStatus(name) ? (sources.status?.at ?? null) : null
  const value = otherValue(name, sources)
  const shown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { value, shown, title: name, unit: name === 'console.battery' ? '%' : '', at, fault: null, raw: '' }
}

function signalFact(id: string, { profile, readings }: FactSources): Fact {
  const spec = profile.signals.find((signal) => signal.id === id)
  if (!spec) return { value: null, shown: null, title: id, unit: '', at: null, fault: 'unknown-signal', raw: '' }
  const reading = readings.get(id)
  const value = reading && reading.fault === null ? reading.value : null
  return {
    value,
    shown: value,
    title: spec.title,
    unit: spec.unit,
    at: reading?.at ?? null,
    fault: reading?.fault ?? null,
    raw: reading?.raw ?? '',
  }
}

function otherValue(name: string, { identity, status, console, operator, now }: FactSources): CelInput | null {
  switch (name) {
    case 'device.type':
      return identity.type
    case 'device.serial':
      return identity.serial
    case 'device.hardware':
      return identity.hardware
    case 'device.mode':
      return status && status.value.mode !== 'unknown' ? status.value.mode : null
    case 'device.slots':
      return status ? status.value.slots.map(slotFact) : null
    case 'console.battery':
      return console.battery
    case 'console.onMains':
      return console.onMains
    case 'console.offlineDays':
      return console.offlineDays
    case 'operator.id':
      return operator.id
    case 'operator.roles':
      return [...operator.roles]
    case 'now':
      return celTimestamp(now)
    default: {
      const component = componentOf(name)
      const versions = status?.value.versions ?? {}
      return component !== null && Object.hasOwn(versions, component) ? (versions[component] ?? null) : null
    }
  }
}

/** What the device would not say is left out, so that naming it is an error and never equal to anything. */
function slotFact(slot: DeviceStatus['slots'][number]): Map<string, CelInput> {
  return new Map(Object.entries(slot).filter(([, value]) => value !== null) as [string, CelInput][])
}
