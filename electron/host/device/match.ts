import { AppError, type ErrorDetail } from '../../../shared/errors.ts'

/** Longest stretch of a device's answer that goes into an error. */
const SHOWN = 100

/**
 * What a profile's pattern finds in a device's answer: its first group, or all that it matches where it has none.
 * Without a pattern the whole answer. Throws `reading.unreadable`.
 */
export function pick(said: string, match: string | undefined, facts: ErrorDetail = {}): string {
  if (match === undefined) return said.trim()
  const found = patternOf(match).exec(said)
  const value = found?.[1] ?? found?.[0]
  if (value === undefined)
    throw new AppError('reading.unreadable', { detail: { ...facts, said: said.slice(0, SHOWN) } })
  return value
}

/** A profile's regular expression. Throws `reading.unreadable` for text that is none. */
export function patternOf(text: string, flags = ''): RegExp {
  try {
    return new RegExp(text, flags)
  } catch {
    throw new AppError('reading.unreadable', { detail: { pattern: text } })
  }
}
