import { errorText } from '../../../renderer/text/error-text.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { ViewOptions } from './types.ts'

/** What happened, in one sentence, or nothing. */
export function reason(error: ErrorData | null, { formats }: ViewOptions): string {
  return error ? errorText(error, 'en', formats).what : ''
}

/** `2.4.1 -> 2.5.0`, by component when there are several. */
export function change(
  changes: Readonly<Record<string, { readonly from: string | null; readonly to: string }>>,
): string {
  const entries = Object.entries(changes)
  return entries
    .map(([component, { from, to }]) => `${entries.length > 1 ? `${component} ` : ''}${from ?? '?'} -> ${to}`)
    .join(', ')
}

/** `2.4.1`, by component when there are several. */
export function versions(versionsOf: Readonly<Record<string, string | null>>): string {
  const entries = Object.entries(versionsOf)
  return entries
    .map(([component, version]) => `${entries.length > 1 ? `${component} ` : ''}${version ?? '?'}`)
    .join(', ')
}

/** A time, or a dash for never. */
export function when(ms: number | null, { formats }: ViewOptions): string {
  return ms === null ? '-' : formats.datetime(ms)
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

/** Blocks of text with a line between; empty ones leave no gap. */
export function blocks(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n')
}
