import type { SignalValue } from '../../shared/model/reading.ts'
import type { Formats } from '../text/format.ts'

/** A value as the language writes it, with its unit: `82 %`, `yes`, `pass`. Null when there is none. */
export function readingText(value: SignalValue | null, unit: string, formats: Formats): string | null {
  if (value === null) return null
  if (typeof value === 'boolean') return formats.bool(value)
  if (typeof value === 'number') return unit === '' ? formats.number(value) : `${formats.number(value)}\u00a0${unit}`
  return value
}
